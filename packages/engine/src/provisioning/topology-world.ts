import type { Node, Pod, PodAffinityTerm } from '../api/core.ts'
import type { LabelSelector, StringMap } from '../api/meta.ts'
import { compileLabelSelector } from '../labels.ts'
import { Requirements } from '../requirements/requirements.ts'
import { HOSTNAME_LABEL } from '../requirements/well-known-labels.ts'
import type { DomainGroups } from './domain-groups.ts'
import type { LabelSet, PodShapes } from './pod-shape.ts'
import { type PlacementTerms, placementTerms } from './relax.ts'
import { isTerminal, type StateNode } from './state-node.ts'
import type { TopologyGroup } from './topology-group.ts'
import type { KarpenterCluster } from './types.ts'

/** A bound pod that by a required anti-affinity keeps others away. */
export interface RepellingPod {
  readonly uid: string
  readonly labelSet: LabelSet
  readonly terms: PlacementTerms
  readonly nodeLabels: StringMap
}

interface BoundPod {
  readonly uid: string
  readonly nodeName: string
}

const NO_LABELS: StringMap = {}

export interface TopologyWorldParts {
  readonly cluster: KarpenterCluster
  readonly nodes: readonly StateNode[]
  readonly domains: DomainGroups
  readonly shapes: PodShapes
  readonly preferencePolicy: 'Respect' | 'Ignore'
  readonly aliases: ReadonlyMap<string, string>
}

/** What the counts of every round start from: the pods that are bound, and the domains that there may be. */
export class TopologyWorld {
  readonly preferencePolicy: 'Respect' | 'Ignore'
  readonly domains: DomainGroups
  readonly repellingPods: readonly RepellingPod[]
  private readonly cluster: KarpenterCluster
  private readonly aliases: ReadonlyMap<string, string>
  private readonly nodes: ReadonlyMap<string, Node>
  private readonly nodeRequirements = new Map<Node, Requirements>()
  /** By namespace and labels. */
  private readonly boundPods: ReadonlyMap<string, ReadonlyMap<LabelSet, readonly BoundPod[]>>

  constructor({ cluster, nodes, domains, shapes, preferencePolicy, aliases }: TopologyWorldParts) {
    this.cluster = cluster
    this.domains = domains
    this.preferencePolicy = preferencePolicy
    this.aliases = aliases
    this.nodes = new Map((cluster.nodes ?? []).map(node => [node.metadata.name ?? '', node]))
    this.boundPods = groupBoundPods(cluster.pods ?? [], shapes)
    this.repellingPods = nodes.flatMap(({ node, pods }) =>
      node === undefined
        ? []
        : pods.filter(repels).map(pod => ({
            uid: pod.metadata.uid ?? '',
            labelSet: shapes.labelSet(pod),
            terms: placementTerms(pod),
            nodeLabels: node.metadata.labels ?? NO_LABELS,
          })),
    )
  }

  /** The namespaces in which a term looks for pods: its own where it names none. */
  namespacesOf(own: string, { namespaces = [], namespaceSelector }: PodAffinityTerm): ReadonlySet<string> {
    if (namespaceSelector === undefined || namespaceSelector === null) {
      return new Set(namespaces.length === 0 ? [own] : namespaces)
    }
    const selector = compileLabelSelector(namespaceSelector)
    const selected = (this.cluster.namespaces ?? []).filter(
      ({ metadata }) => selector.kind === 'selector' && selector.matches(metadata.labels),
    )
    return new Set([...selected.map(({ metadata }) => metadata.name ?? ''), ...namespaces])
  }

  /** What a node has to meet for a spread to count it: the node selector with each of the required terms. */
  nodeAlternatives({ nodeSelector, required }: PlacementTerms): readonly Requirements[] {
    const selector = Requirements.ofLabels(nodeSelector, this.aliases)
    if (required.length === 0) return [selector]
    return required.map(term => selector.add(Requirements.read(term.matchExpressions, this.aliases)))
  }

  /** Makes the domains of existing nodes known to a new group and counts the pods that are bound (`countDomains`). */
  count(
    group: TopologyGroup,
    selector: LabelSelector | undefined,
    nodes: readonly StateNode[],
    excluded: ReadonlySet<string>,
  ): void {
    for (const { node, labels } of nodes) {
      if (node === undefined || !this.countsNode(group, node)) continue
      const domain = labels[group.key]
      if (domain !== undefined) group.register(domain)
    }
    // An absent selector lists every pod, though it selects none.
    const listsAll = selector === undefined || selector === null
    const domainOf = new Map<string, string | undefined>()
    for (const namespace of group.namespaces) {
      for (const [labelSet, pods] of this.boundPods.get(namespace) ?? []) {
        if (!listsAll && !group.selects(labelSet)) continue
        for (const { uid, nodeName } of pods) {
          if (excluded.has(uid)) continue
          if (!domainOf.has(nodeName)) domainOf.set(nodeName, this.countedDomain(group, nodeName))
          const domain = domainOf.get(nodeName)
          if (domain !== undefined) group.record(domain)
        }
      }
    }
  }

  private countedDomain(group: TopologyGroup, nodeName: string): string | undefined {
    const node = this.nodes.get(nodeName)
    if (node === undefined) return undefined
    const domain = node.metadata.labels?.[group.key] ?? (group.key === HOSTNAME_LABEL ? nodeName : undefined)
    return domain !== undefined && this.countsNode(group, node) ? domain : undefined
  }

  private countsNode(group: TopologyGroup, node: Node): boolean {
    return group.countsNode(node.spec?.taints, () => {
      let requirements = this.nodeRequirements.get(node)
      if (requirements === undefined) {
        requirements = Requirements.ofLabels(node.metadata.labels, this.aliases)
        this.nodeRequirements.set(node, requirements)
      }
      return requirements
    })
  }
}

function repels({ spec }: Pod): boolean {
  return (spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).length > 0
}

function groupBoundPods(
  pods: readonly Pod[],
  shapes: PodShapes,
): ReadonlyMap<string, ReadonlyMap<LabelSet, readonly BoundPod[]>> {
  const byNamespace = new Map<string, Map<LabelSet, BoundPod[]>>()
  for (const pod of pods) {
    const { nodeName } = pod.spec
    if (!nodeName || isTerminal(pod) || pod.metadata.deletionTimestamp) continue
    const labelSet = shapes.labelSet(pod)
    let bySet = byNamespace.get(labelSet.namespace)
    if (bySet === undefined) {
      bySet = new Map()
      byNamespace.set(labelSet.namespace, bySet)
    }
    const bound = { uid: pod.metadata.uid ?? '', nodeName }
    const known = bySet.get(labelSet)
    if (known === undefined) bySet.set(labelSet, [bound])
    else known.push(bound)
  }
  return byNamespace
}
