import type { PodAffinityTerm, Toleration, TopologySpreadConstraint } from '../api/core.ts'
import type { LabelSelector } from '../api/meta.ts'
import { type CompiledLabelSelector, compileLabelSelector } from '../labels.ts'
import type { Requirement } from '../requirements/requirement.ts'
import { Requirements } from '../requirements/requirements.ts'
import type { Choices } from './choices.ts'
import { groupKey } from './group-key.ts'
import type { LabelSet, PodShape } from './pod-shape.ts'
import type { StateNode } from './state-node.ts'
import { type AskedNode, type NodeFilter, TopologyGroup, type TopologyType } from './topology-group.ts'
import type { TopologyWorld } from './topology-world.ts'

/** The groups that place pods of a shape. */
export interface OwnedGroups {
  readonly groups: readonly TopologyGroup[]
  /** Those in which the shape's own required anti-affinity keeps others away. */
  readonly inverse: readonly TopologyGroup[]
}

export const NOTHING_OWNED: OwnedGroups = { groups: [], inverse: [] }
const NO_DOMAINS: readonly Requirement[] = []
const ANY_SKEW = 2 ** 31 - 1

/**
 * The counts of one round, by which spread, affinity and anti-affinity are decided (`Topology`, karpenter
 * `pkg/controllers/provisioning/scheduling/topology.go`, v1.14.1). Groups come into being when a pod is first looked at that needs
 * them, with the pods that are there then.
 */
export class Topology {
  private readonly world: TopologyWorld
  private readonly nodes: readonly StateNode[]
  private readonly excluded: ReadonlySet<string>
  private readonly choices: Choices
  private readonly groups = new Map<string, TopologyGroup>()
  private readonly inverse = new Map<string, TopologyGroup>()
  private readonly hostGroups: TopologyGroup[] = []
  private readonly counting = new GroupsBySelection()
  private readonly keepingAway = new GroupsBySelection()
  private readonly owned = new Map<PodShape, OwnedGroups>()
  /** The group that refused last. */
  refusedBy: TopologyGroup | undefined

  /** Pods with an excluded UID are to be placed, and don't count where they are. */
  constructor(world: TopologyWorld, nodes: readonly StateNode[], excluded: ReadonlySet<string>, choices: Choices) {
    this.world = world
    this.nodes = nodes
    this.excluded = excluded
    this.choices = choices
    for (const { uid, labelSet, terms, nodeLabels } of world.repellingPods) {
      if (excluded.has(uid)) continue
      for (const group of this.inverseGroups(labelSet, terms.podAntiAffinity, terms.tolerations)) {
        const domain = nodeLabels[group.key]
        if (domain !== undefined) group.record(domain)
      }
    }
  }

  /** The groups that a shape needs, made where they are not there yet. */
  update(shape: PodShape): OwnedGroups {
    let owned = this.owned.get(shape)
    if (owned === undefined) {
      owned = this.resolve(shape)
      this.owned.set(shape, owned)
    }
    return owned
  }

  private resolve({ labelSet, terms }: PodShape): OwnedGroups {
    const { spread, podAffinity, podAntiAffinity, preferredPodAffinity, preferredPodAntiAffinity } = terms
    const respect = this.world.preferencePolicy === 'Respect'
    const towards = respect ? [...podAffinity, ...preferredPodAffinity.map(one => one.podAffinityTerm)] : podAffinity
    const away = respect
      ? [...podAntiAffinity, ...preferredPodAntiAffinity.map(one => one.podAffinityTerm)]
      : podAntiAffinity
    if (spread.length + towards.length + away.length === 0) return NOTHING_OWNED
    const inverse = this.inverseGroups(labelSet, podAntiAffinity, terms.tolerations)
    const groups = [
      ...spread
        .filter(({ whenUnsatisfiable }) => respect || whenUnsatisfiable === 'DoNotSchedule')
        .map(one => this.spreadGroup(labelSet, one, terms)),
      ...towards.map(one => this.affinityGroup('pod affinity', labelSet, one, terms.tolerations)),
      ...away.map(one => this.affinityGroup('pod anti-affinity', labelSet, one, terms.tolerations)),
    ]
    return { groups: [...new Set(groups)], inverse }
  }

  private inverseGroups(
    { namespace }: LabelSet,
    terms: readonly PodAffinityTerm[],
    tolerations: readonly Toleration[],
  ): readonly TopologyGroup[] {
    const groups = terms.map(term => {
      const namespaces = this.world.namespacesOf(namespace, term)
      const { topologyKey, labelSelector } = term
      const name = groupKey('pod anti-affinity', topologyKey, namespaces, ANY_SKEW, labelSelector, undefined)
      let group = this.inverse.get(name)
      if (group === undefined) {
        group = this.affinityTypeGroup('pod anti-affinity', topologyKey, namespaces, labelSelector, tolerations)
        this.inverse.set(name, group)
        this.keepingAway.add(group)
        this.add(group)
      }
      return group
    })
    return [...new Set(groups)]
  }

  private affinityGroup(
    type: TopologyType,
    { namespace }: LabelSet,
    term: PodAffinityTerm,
    tolerations: readonly Toleration[],
  ): TopologyGroup {
    const namespaces = this.world.namespacesOf(namespace, term)
    const { topologyKey, labelSelector } = term
    const name = groupKey(type, topologyKey, namespaces, ANY_SKEW, labelSelector, undefined)
    return this.counted(name, labelSelector, () =>
      this.affinityTypeGroup(type, topologyKey, namespaces, labelSelector, tolerations),
    )
  }

  private affinityTypeGroup(
    type: TopologyType,
    key: string,
    namespaces: ReadonlySet<string>,
    selector: LabelSelector | undefined,
    tolerations: readonly Toleration[],
  ): TopologyGroup {
    return new TopologyGroup(
      {
        key,
        type,
        maxSkew: ANY_SKEW,
        minDomains: undefined,
        namespaces,
        selector: compiled(selector),
        nodeFilter: undefined,
        choices: this.choices,
      },
      this.world.domains.of(key, tolerations),
    )
  }

  private spreadGroup(
    { namespace, labels }: LabelSet,
    constraint: TopologySpreadConstraint,
    terms: PodShape['terms'],
  ): TopologyGroup {
    const { topologyKey: key, maxSkew, minDomains, nodeTaintsPolicy, nodeAffinityPolicy } = constraint
    const selector = withMatchLabelKeys(constraint, labels)
    const nodeFilter: NodeFilter = {
      alternatives: this.world.nodeAlternatives(terms),
      honorTaints: nodeTaintsPolicy === 'Honor',
      honorAffinity: (nodeAffinityPolicy ?? 'Honor') === 'Honor',
      tolerations: terms.tolerations,
    }
    const namespaces = new Set([namespace])
    const name = groupKey('topology spread', key, namespaces, maxSkew, selector, nodeFilter)
    // A policy that is neither Honor nor Ignore is taken for Honor where domains are gathered.
    const ignoresTaints = (nodeTaintsPolicy ?? 'Ignore') === 'Ignore'
    return this.counted(name, selector, () => {
      return new TopologyGroup(
        {
          key,
          type: 'topology spread',
          maxSkew,
          minDomains,
          namespaces,
          selector: compiled(selector),
          nodeFilter,
          choices: this.choices,
        },
        this.world.domains.of(key, ignoresTaints ? undefined : terms.tolerations),
      )
    })
  }

  private counted(name: string, selector: LabelSelector | undefined, make: () => TopologyGroup): TopologyGroup {
    let group = this.groups.get(name)
    if (group === undefined) {
      group = make()
      this.world.count(group, selector, this.nodes, this.excluded)
      this.groups.set(name, group)
      this.counting.add(group)
      this.add(group)
    }
    return group
  }

  private add(group: TopologyGroup): void {
    if (group.isHostname) this.hostGroups.push(group)
  }

  /** How many groups of the host name there are; they are only added to. */
  get hostGroupCount(): number {
    return this.hostGroups.length
  }

  /** Makes a host known to the groups of the host name, from the `from`-th on. */
  registerHost(hostname: string, from = 0): void {
    for (let at = from; at < this.hostGroups.length; at++) this.hostGroups[at]!.register(hostname)
  }

  /**
   * The domains to which a pod's place on a node is narrowed, one requirement a label; the host name is left out, as there is but
   * one. Undefined where some group refuses, which `refusedBy` then is (`AddRequirements`).
   */
  narrow(shape: PodShape, owned: OwnedGroups, node: AskedNode): readonly Requirement[] | undefined {
    let domains: Requirement[] | undefined
    const repelled = this.keepingAway.selecting(shape.labelSet)
    if (owned.groups.length + repelled.length === 0) return NO_DOMAINS
    for (const list of [owned.groups, repelled]) {
      for (const group of list) {
        const podDomains = shape.strict.find(group.key)
        if (group.isHostname) {
          if (group.allowsHost(shape.labelSet, node.hostname, podDomains)) continue
          this.refusedBy = group
          return undefined
        }
        const allowed = group.next(shape.labelSet, podDomains, node.requirements.find(group.key))
        if (allowed === undefined) {
          this.refusedBy = group
          return undefined
        }
        domains ??= []
        domains.push(allowed)
      }
    }
    return domains ?? NO_DOMAINS
  }

  /** Whether a group refuses a host for good, whatever else the node is. */
  refusesHost({ labelSet }: PodShape, { groups }: OwnedGroups, hostname: string): boolean {
    for (const group of groups) {
      if (group.refusesForGood && !group.allowsHost(labelSet, hostname, undefined)) return true
    }
    for (const group of this.keepingAway.selecting(labelSet)) {
      if (group.refusesForGood && !group.allowsHost(labelSet, hostname, undefined)) return true
    }
    return false
  }

  /** Whether any group has a say in where pods of the shape go. */
  concerns(shape: PodShape, owned: OwnedGroups): boolean {
    return owned.groups.length + this.keepingAway.selecting(shape.labelSet).length > 0
  }

  /** Counts a pod that was placed (`Record`). */
  record(shape: PodShape, owned: OwnedGroups, node: AskedNode): void {
    for (const group of this.counting.selecting(shape.labelSet)) {
      if (!group.countsNode(node.taints, () => fullRequirements(node))) continue
      if (group.isHostname) group.record(node.hostname)
      else recordIn(group, node.requirements.find(group.key))
    }
    for (const group of owned.inverse) {
      if (group.isHostname) group.record(node.hostname)
      else for (const domain of node.requirements.find(group.key)?.values ?? []) group.record(domain)
    }
  }
}

function recordIn(group: TopologyGroup, domains: Requirement | undefined): void {
  if (domains === undefined) return
  // What a pod keeps away from is closed wherever it may come to be; otherwise it counts where it surely is.
  if (group.type === 'pod anti-affinity') for (const domain of domains.values) group.record(domain)
  else if (!domains.complement && domains.values.length === 1) group.record(domains.values[0]!)
}

function fullRequirements({ requirements, hostname }: AskedNode): Requirements {
  return requirements.add(Requirements.ofLabels({ 'kubernetes.io/hostname': hostname }))
}

function compiled(selector: LabelSelector | undefined): CompiledLabelSelector {
  const made = compileLabelSelector(selector)
  if (made.kind === 'selector') return made
  const nothing = compileLabelSelector(undefined)
  if (nothing.kind === 'selector') return nothing
  throw new Error(nothing.text)
}

function withMatchLabelKeys(
  { labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint,
  labels: LabelSet['labels'],
): LabelSelector | undefined {
  const added = matchLabelKeys.flatMap(key => {
    const value = labels?.[key]
    return value === undefined ? [] : [{ key, operator: 'In', values: [value] }]
  })
  if (added.length === 0) return labelSelector
  return { ...labelSelector, matchExpressions: [...(labelSelector?.matchExpressions ?? []), ...added] }
}

/** Groups that only grow in number, and which of them select pods of given labels. */
class GroupsBySelection {
  private readonly all: TopologyGroup[] = []
  private readonly selected = new Map<LabelSet, { seen: number; readonly groups: TopologyGroup[] }>()

  add(group: TopologyGroup): void {
    this.all.push(group)
  }

  selecting(pod: LabelSet): readonly TopologyGroup[] {
    let known = this.selected.get(pod)
    if (known === undefined) {
      known = { seen: 0, groups: [] }
      this.selected.set(pod, known)
    }
    for (; known.seen < this.all.length; known.seen++) {
      const group = this.all[known.seen]!
      if (group.selects(pod)) known.groups.push(group)
    }
    return known.groups
  }
}
