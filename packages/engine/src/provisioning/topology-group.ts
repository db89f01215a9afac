import type { Taint, Toleration } from '../api/core.ts'
import type { CompiledLabelSelector } from '../labels.ts'
import { Requirement } from '../requirements/requirement.ts'
import type { Requirements } from '../requirements/requirements.ts'
import { HOSTNAME_LABEL } from '../requirements/well-known-labels.ts'
import type { Choices } from './choices.ts'
import type { LabelSet } from './pod-shape.ts'
import { toleratesAll } from './taints.ts'

export type TopologyType = 'topology spread' | 'pod affinity' | 'pod anti-affinity'

/** Which nodes count for a spread (`TopologyNodeFilter`, karpenter `pkg/controllers/provisioning/scheduling/topologynodefilter.go`, v1.14.1). */
export interface NodeFilter {
  /** A node counts that meets one of them; where there is none every node does. */
  readonly alternatives: readonly Requirements[]
  readonly honorAffinity: boolean
  readonly honorTaints: boolean
  readonly tolerations: readonly Toleration[]
}

export interface TopologyGroupParts {
  readonly key: string
  readonly type: TopologyType
  readonly maxSkew: number
  readonly minDomains: number | undefined
  readonly namespaces: ReadonlySet<string>
  readonly selector: CompiledLabelSelector
  /** Undefined for affinity, for which every node counts. */
  readonly nodeFilter: NodeFilter | undefined
  readonly choices: Choices
}

/** Requirements of a node that is asked about, without its host name. */
export interface AskedNode {
  readonly requirements: Requirements
  /** The only host name that it may have. */
  readonly hostname: string
  readonly taints: readonly Taint[]
}

/**
 * Pods that a selector selects, counted by domain, which is a value of the group's label (`TopologyGroup`, karpenter
 * `pkg/controllers/provisioning/scheduling/topologygroup.go`, v1.14.1). Pods of one spread or affinity share it.
 */
export class TopologyGroup {
  readonly key: string
  readonly type: TopologyType
  readonly isHostname: boolean
  /** Selected pods by known domain; a domain that lost none is never removed. */
  readonly domains = new Map<string, number>()
  private readonly parts: TopologyGroupParts
  private readonly anyNode: boolean
  private readonly selected = new Map<LabelSet, boolean>()
  private readonly made = new Map<string, Requirement>()
  /** Domains with a pod. */
  private occupied = 0

  constructor(parts: TopologyGroupParts, domains: Iterable<string>) {
    this.parts = parts
    this.key = parts.key
    this.type = parts.type
    this.isHostname = parts.key === HOSTNAME_LABEL
    this.anyNode = countsEveryNode(parts.nodeFilter)
    for (const domain of domains) this.register(domain)
  }

  get namespaces(): ReadonlySet<string> {
    return this.parts.namespaces
  }

  register(domain: string): void {
    if (!this.domains.has(domain)) this.domains.set(domain, 0)
  }

  record(domain: string): void {
    const count = this.domains.get(domain) ?? 0
    if (count === 0) this.occupied++
    this.domains.set(domain, count + 1)
  }

  selects(pod: LabelSet): boolean {
    let selects = this.selected.get(pod)
    if (selects === undefined) {
      selects = this.parts.namespaces.has(pod.namespace) && this.parts.selector.matches(pod.labels)
      this.selected.set(pod, selects)
    }
    return selects
  }

  /** Whether pods on such a node count. */
  countsNode(taints: readonly Taint[] | undefined, requirements: () => Requirements): boolean {
    const filter = this.parts.nodeFilter
    if (filter === undefined || this.anyNode) return true
    if (filter.honorTaints && !toleratesAll(taints, filter.tolerations)) return false
    if (!filter.honorAffinity || filter.alternatives.length === 0) return true
    const offered = requirements()
    return filter.alternatives.some(one => offered.compatible(one))
  }

  /** Whether the pod may go to a node of this host name; a group of the label `kubernetes.io/hostname` only. */
  allowsHost(pod: LabelSet, hostname: string, podDomains: Requirement | undefined): boolean {
    const count = this.domains.get(hostname) ?? 0
    switch (this.type) {
      case 'topology spread':
        return count + (this.selects(pod) ? 1 : 0) <= this.parts.maxSkew
      case 'pod anti-affinity':
        return count === 0
      case 'pod affinity':
        if (podDomains !== undefined && !podDomains.has(hostname)) return false
        return count > 0 || this.mayBootstrap(pod, podDomains)
    }
  }

  /** Whether a refusal of a host is final, because counts only grow. */
  get refusesForGood(): boolean {
    return this.isHostname && this.type !== 'pod affinity'
  }

  /** The domains that the pod may choose from on a node of `nodeDomains`; undefined where there are none. Absent domains are open. */
  next(
    pod: LabelSet,
    podDomains: Requirement | undefined,
    nodeDomains: Requirement | undefined,
  ): Requirement | undefined {
    switch (this.type) {
      case 'topology spread':
        return this.nextOfSpread(pod, podDomains, nodeDomains)
      case 'pod affinity':
        return this.nextOfAffinity(pod, podDomains, nodeDomains)
      case 'pod anti-affinity':
        return this.nextOfAntiAffinity(podDomains, nodeDomains)
    }
  }

  private nextOfSpread(
    pod: LabelSet,
    podDomains: Requirement | undefined,
    nodeDomains: Requirement | undefined,
  ): Requirement | undefined {
    const most = this.parts.maxSkew + this.leastCount(podDomains)
    const own = this.selects(pod) ? 1 : 0
    let least = Number.POSITIVE_INFINITY
    let candidates: string[] = []
    this.forEachKnown(nodeDomains, (domain, count) => {
      if (count + own > most || count > least) return
      if (count < least) candidates = []
      least = count
      candidates.push(domain)
    })
    const chosen = this.pick('spread-tie', candidates)
    return chosen === undefined ? undefined : this.only(chosen)
  }

  /** Pods in the emptiest domain that the pod may use; hosts can always be added, which leaves 0. */
  private leastCount(podDomains: Requirement | undefined): number {
    if (this.isHostname) return 0
    let least = 2 ** 31 - 1
    let supported = 0
    for (const [domain, count] of this.domains) {
      if (podDomains !== undefined && !podDomains.has(domain)) continue
      supported++
      if (count < least) least = count
    }
    const { minDomains } = this.parts
    return minDomains !== undefined && supported < minDomains ? 0 : least
  }

  private nextOfAffinity(
    pod: LabelSet,
    podDomains: Requirement | undefined,
    nodeDomains: Requirement | undefined,
  ): Requirement | undefined {
    const options: string[] = []
    this.forEachKnown(nodeDomains, (domain, count) => {
      if (count > 0 && (podDomains === undefined || podDomains.has(domain))) options.push(domain)
    })
    if (options.length > 0) return this.listed(options)
    if (!this.mayBootstrap(pod, podDomains)) return undefined
    // Upstream takes one that both allow and, whatever the node allows, one that the pod allows.
    const ofPod = this.domainsOf(domain => podDomains === undefined || podDomains.has(domain))
    const both = intersection(podDomains, nodeDomains)
    const ofBoth = this.domainsOf(domain => both === undefined || both.has(domain))
    const chosen = [this.pick('affinity-bootstrap', ofBoth), this.pick('affinity-bootstrap', ofPod)]
    const distinct = new Set(chosen.filter(domain => domain !== undefined))
    return distinct.size === 0 ? undefined : this.listed([...distinct])
  }

  private nextOfAntiAffinity(
    podDomains: Requirement | undefined,
    nodeDomains: Requirement | undefined,
  ): Requirement | undefined {
    const options: string[] = []
    this.forEachKnown(nodeDomains, (domain, count) => {
      if (count === 0 && (podDomains === undefined || podDomains.has(domain))) options.push(domain)
    })
    return options.length === 0 ? undefined : this.listed(options)
  }

  /** Whether a pod that selects itself may be the first: no pod is anywhere, or nowhere that the pod may go. */
  private mayBootstrap(pod: LabelSet, podDomains: Requirement | undefined): boolean {
    if (!this.selects(pod)) return false
    if (this.occupied === 0) return true
    if (podDomains === undefined) return false
    for (const [domain, count] of this.domains) if (count > 0 && podDomains.has(domain)) return false
    return true
  }

  private forEachKnown(nodeDomains: Requirement | undefined, visit: (domain: string, count: number) => void): void {
    if (nodeDomains?.operator === 'In') {
      for (const domain of nodeDomains.values) {
        const count = this.domains.get(domain)
        if (count !== undefined) visit(domain, count)
      }
      return
    }
    for (const [domain, count] of this.domains) {
      if (nodeDomains === undefined || nodeDomains.has(domain)) visit(domain, count)
    }
  }

  private domainsOf(allowed: (domain: string) => boolean): readonly string[] {
    return [...this.domains.keys()].filter(allowed)
  }

  private pick(point: 'spread-tie' | 'affinity-bootstrap', candidates: readonly string[]): string | undefined {
    if (candidates.length < 2) return candidates[0]
    const sorted = candidates.toSorted((a, b) => (a < b ? -1 : 1))
    return sorted[this.parts.choices.pick(point, sorted.length, sorted)]
  }

  /** Always the same object for one domain, so that what follows from it is found again. */
  private only(domain: string): Requirement {
    let requirement = this.made.get(domain)
    if (requirement === undefined) {
      requirement = Requirement.in(this.key, [domain])
      this.made.set(domain, requirement)
    }
    return requirement
  }

  private listed(domains: readonly string[]): Requirement {
    const [first] = domains
    if (domains.length === 1 && first !== undefined) return this.only(first)
    const sorted = domains.toSorted((a, b) => (a < b ? -1 : 1))
    const name = sorted.join('\n')
    let requirement = this.made.get(name)
    if (requirement === undefined) {
      requirement = Requirement.in(this.key, sorted)
      this.made.set(name, requirement)
    }
    return requirement
  }

  /** Upstream's message; the counts are those of the moment in which it is asked for. */
  refusal(podDomains: Requirement | undefined, nodeDomains: Requirement | undefined): string {
    const open = Requirement.exists(this.key)
    return (
      `unsatisfiable topology constraint for ${this.type}, key=${this.key} (counts = ${this.counts()}, ` +
      `podDomains = ${podDomains ?? open}, nodeDomains = ${nodeDomains ?? open}`
    )
  }

  private counts(): string {
    const sorted = [...this.domains].sort(([a], [b]) => (a < b ? -1 : 1))
    const shown = sorted.slice(0, SHOWN_DOMAINS).map(([domain, count]) => `${domain}: ${count}`)
    const rest = sorted.length - shown.length
    return shown.join(', ') + (rest > 0 ? ` and ${rest} other(s)` : '')
  }
}

const SHOWN_DOMAINS = 25

function intersection(a: Requirement | undefined, b: Requirement | undefined): Requirement | undefined {
  if (a === undefined) return b
  return b === undefined ? a : a.intersection(b)
}

function countsEveryNode(filter: NodeFilter | undefined): boolean {
  if (filter === undefined) return true
  if (filter.honorTaints) return false
  if (!filter.honorAffinity || filter.alternatives.length === 0) return true
  return filter.alternatives.some(one => one.size === 0)
}
