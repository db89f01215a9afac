import type { Pod } from '../api/core.ts'
import type { StringMap } from '../api/meta.ts'
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
import { hasAllKeys, type SpreadConstraint, SpreadNodes, spreadConstraints } from './spread-constraint.ts'

const NAME = 'PodTopologySpread'
const SKEW = "node(s) didn't match pod topology spread constraints"
const MISSING = `${SKEW} (missing required label)`

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

/** The two lowest counts, as upstream keeps them; which second one is kept depends on the order of updates. */
class CriticalPaths {
  first = { value: '', count: 2147483647 }
  second = { value: '', count: 2147483647 }

  update(value: string, count: number): void {
    if (value === this.first.value) this.first.count = count
    else if (value === this.second.value) this.second.count = count
    else if (count < this.first.count) {
      this.second = this.first
      this.first = { value, count }
      return
    } else {
      if (count < this.second.count) this.second = { value, count }
      return
    }
    if (this.first.count > this.second.count) [this.first, this.second] = [this.second, this.first]
  }
}

class PreparedSpread implements PreparedFilter, PodCounts {
  readonly plugin = NAME
  private counted: Map<string, number>[]
  private paths: CriticalPaths[]
  /** By constraint: 1 if it counts the pod itself. */
  private readonly own: readonly number[]

  private readonly pod: Pod
  private readonly snapshot: ClusterSnapshot
  private readonly constraints: readonly SpreadConstraint[]
  private readonly nodes: SpreadNodes

  constructor(pod: Pod, snapshot: ClusterSnapshot, constraints: readonly SpreadConstraint[]) {
    this.pod = pod
    this.snapshot = snapshot
    this.constraints = constraints
    this.nodes = new SpreadNodes(pod, snapshot)
    this.own = constraints.map(({ matches }) => (matches(pod.metadata.labels ?? {}) ? 1 : 0))
    this.counted = constraints.map(() => new Map())
    for (const node of snapshot.order) this.countNode(node)
    this.paths = this.counted.map(counts => {
      const paths = new CriticalPaths()
      for (const [value, count] of counts) paths.update(value, count)
      return paths
    })
  }

  get counts(): PodCounts {
    return this
  }

  filter(node: number): FilterCode {
    const index = this.broken(node)
    if (index < 0) return FITS
    return Object.hasOwn(this.labels(node), this.constraints[index]!.topologyKey) ? UNSCHEDULABLE : UNRESOLVABLE
  }

  explain(node: number): readonly Reason[] {
    const index = this.broken(node)
    if (index < 0) return []
    const { topologyKey, maxSkew } = this.constraints[index]!
    const domain = this.labels(node)[topologyKey]
    if (domain === undefined) return [{ plugin: NAME, text: MISSING, unresolvable: true }]
    const count = this.countWithPod(index, domain)
    const skew = { topologyKey, domain, count, lowest: this.lowest(index), maxSkew }
    return [{ plugin: NAME, text: SKEW, unresolvable: false, skew }]
  }

  texts(node: number): readonly string[] {
    return this.explain(node).map(({ text }) => text)
  }

  /** The first constraint that the node breaks; -1 if it fits. */
  private broken(node: number): number {
    const labels = this.labels(node)
    for (let index = 0; index < this.constraints.length; index++) {
      const { topologyKey, maxSkew } = this.constraints[index]!
      if (!Object.hasOwn(labels, topologyKey)) return index
      if (this.countWithPod(index, labels[topologyKey] ?? '') - this.lowest(index) > maxSkew) return index
    }
    return -1
  }

  private countWithPod(index: number, domain: string): number {
    return (this.counted[index]!.get(domain) ?? 0) + this.own[index]!
  }

  private lowest(index: number): number {
    return this.counted[index]!.size < this.constraints[index]!.minDomains ? 0 : this.paths[index]!.first.count
  }

  podAdded(pod: Pod, node: number): void {
    this.update(pod, node, 1)
  }

  podRemoved(pod: Pod, node: number): void {
    this.update(pod, node, -1)
  }

  save(): () => void {
    const counted = this.counted.map(counts => new Map(counts))
    const paths = this.paths.map(({ first, second }) =>
      Object.assign(new CriticalPaths(), { first: { ...first }, second: { ...second } }),
    )
    return () => {
      this.counted = counted
      this.paths = paths
    }
  }

  private labels(node: number): StringMap {
    return this.snapshot.nodes[node]?.metadata.labels ?? {}
  }

  private countNode(node: number): void {
    const labels = this.labels(node)
    if (!hasAllKeys(this.constraints, labels)) return
    this.constraints.forEach((constraint, index) => {
      if (!this.nodes.isEligible(constraint, node)) return
      const counts = this.counted[index]!
      const value = labels[constraint.topologyKey] ?? ''
      counts.set(value, (counts.get(value) ?? 0) + this.nodes.matching(constraint, node))
    })
  }

  private update(pod: Pod, node: number, by: number): void {
    if ((pod.metadata.namespace ?? 'default') !== (this.pod.metadata.namespace ?? 'default')) return
    const labels = this.labels(node)
    if (!hasAllKeys(this.constraints, labels)) return
    this.constraints.forEach((constraint, index) => {
      if (!constraint.matches(pod.metadata.labels ?? {}) || !this.nodes.isEligible(constraint, node)) return
      const value = labels[constraint.topologyKey] ?? ''
      const counts = this.counted[index]!
      const count = (counts.get(value) ?? 0) + by
      counts.set(value, count)
      this.paths[index]!.update(value, count)
    })
  }
}
