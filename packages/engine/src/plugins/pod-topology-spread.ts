import type { Pod } from '../api/core.ts'
import {
  FITS,
  type FilterCode,
  type FilterPlugin,
  type PodCounts,
  type PreparedFilter,
  SKIP,
  UNRESOLVABLE,
  UNSCHEDULABLE,
} from '../framework/filter-plugin.ts'
import type { Reason } from '../framework/status.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { type SpreadConstraint, SpreadNodes, spreadConstraints } from './spread-constraint.ts'
import { nodesWithKeys, SpreadDomains } from './spread-domains.ts'

const NAME = 'PodTopologySpread'
const SKEW = "node(s) didn't match pod topology spread constraints"
const MISSING = `${SKEW} (missing required label)`
const SKEW_TEXTS = [SKEW]
const MISSING_TEXTS = [MISSING]
const NO_TEXTS: readonly string[] = []

/** Hard spread constraints (kubernetes plugins/podtopologyspread/filtering.go, v1.36.2); the built-in defaults have none. */
export const podTopologySpread: FilterPlugin = {
  name: NAME,
  prepare(pod, snapshot) {
    if (!pod.spec.topologySpreadConstraints?.length) return SKIP
    const read = spreadConstraints(pod, 'DoNotSchedule', snapshot.version)
    if (read.kind === 'error') {
      return { kind: 'error', message: `running PreFilter plugin "${NAME}": get constraints from pod: ${read.text}` }
    }
    if (read.constraints.length === 0) return SKIP
    return { kind: 'filter', filter: new PreparedSpread(pod, snapshot, read.constraints) }
  },
}

class PreparedSpread implements PreparedFilter, PodCounts {
  readonly plugin = NAME
  private readonly pod: Pod
  private readonly snapshot: ClusterSnapshot
  private readonly constraints: readonly SpreadConstraint[]
  private readonly nodes: SpreadNodes
  /** By constraint. */
  private readonly domains: readonly SpreadDomains[]
  /** By constraint: 1 if it counts the pod itself. */
  private readonly own: readonly number[]
  /** By node: 1 if it has every topology key; absent if all have. */
  private readonly keyed: Uint8Array | undefined

  constructor(pod: Pod, snapshot: ClusterSnapshot, constraints: readonly SpreadConstraint[]) {
    this.pod = pod
    this.snapshot = snapshot
    this.constraints = constraints
    this.nodes = new SpreadNodes(pod, snapshot)
    this.own = constraints.map(({ matches }) => (matches(pod.metadata.labels ?? {}) ? 1 : 0))
    this.keyed = nodesWithKeys(constraints, snapshot)
    this.domains = constraints.map(constraint => new SpreadDomains(constraint, this.nodes, this.keyed, snapshot))
  }

  get counts(): PodCounts {
    return this
  }

  filter(node: number): FilterCode {
    const index = this.broken(node)
    if (index < 0) return FITS
    return this.domains[index]!.has(node) ? UNSCHEDULABLE : UNRESOLVABLE
  }

  explain(node: number): readonly Reason[] {
    const index = this.broken(node)
    if (index < 0) return []
    const domains = this.domains[index]!
    if (!domains.has(node)) return [{ plugin: NAME, text: MISSING, unresolvable: true }]
    const { topologyKey, maxSkew } = this.constraints[index]!
    const domain = this.snapshot.nodes[node]?.metadata.labels?.[topologyKey] ?? ''
    const count = domains.of(node) + this.own[index]!
    const skew = { topologyKey, domain, count, lowest: domains.lowest, maxSkew }
    return [{ plugin: NAME, text: SKEW, unresolvable: false, skew }]
  }

  texts(node: number): readonly string[] {
    const index = this.broken(node)
    if (index < 0) return NO_TEXTS
    return this.domains[index]!.has(node) ? SKEW_TEXTS : MISSING_TEXTS
  }

  /** The first constraint that the node breaks; -1 if it fits. */
  private broken(node: number): number {
    const { domains, own, constraints } = this
    for (let index = 0; index < domains.length; index++) {
      const one = domains[index]!
      if (!one.has(node)) return index
      if (one.of(node) + own[index]! - one.lowest > constraints[index]!.maxSkew) return index
    }
    return -1
  }

  podAdded(pod: Pod, node: number): void {
    this.update(pod, node, 1)
  }

  podRemoved(pod: Pod, node: number): void {
    this.update(pod, node, -1)
  }

  save(): () => void {
    const restore = this.domains.map(domains => domains.save())
    return () => {
      for (const put of restore) put()
    }
  }

  private update(pod: Pod, node: number, by: number): void {
    if ((pod.metadata.namespace ?? 'default') !== (this.pod.metadata.namespace ?? 'default')) return
    if (this.keyed?.[node] === 0) return
    this.constraints.forEach((constraint, index) => {
      if (!constraint.matches(pod.metadata.labels ?? {}) || !this.nodes.isEligible(constraint, node)) return
      this.domains[index]!.add(node, by)
    })
  }
}
