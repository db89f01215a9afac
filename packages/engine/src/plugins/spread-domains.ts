import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { ABSENT } from '../snapshot/label-columns.ts'
import type { SpreadConstraint, SpreadNodes } from './spread-constraint.ts'

const MAX_INT32 = 2147483647

/** The two lowest counts, as upstream keeps them; which second one is kept depends on the order of updates. */
class CriticalPaths {
  first = { value: -1, count: MAX_INT32 }
  second = { value: -1, count: MAX_INT32 }

  update(value: number, count: number): void {
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

  copy(): CriticalPaths {
    const { first, second } = this
    return Object.assign(new CriticalPaths(), { first: { ...first }, second: { ...second } })
  }
}

/**
 * Matching pods by domain of one constraint, over the nodes that count for it (`preFilterState`, kubernetes
 * plugins/podtopologyspread/filtering.go, v1.36.2). They change only when a pod is added here.
 */
export class SpreadDomains {
  /** What a domain is held against: the lowest count, 0 while there are fewer domains than asked for. */
  lowest: number
  private readonly values: Int32Array
  private counts: Int32Array
  /** Values that are domains, in the order in which the scheduler sees their nodes; made when a count first changes. */
  private order: readonly number[] | undefined
  private paths: CriticalPaths | undefined
  private readonly enough: boolean
  private readonly counted: (node: number) => boolean
  private readonly nodes: readonly number[]

  constructor(
    constraint: SpreadConstraint,
    nodes: SpreadNodes,
    keyed: Uint8Array | undefined,
    { labels, order }: ClusterSnapshot,
  ) {
    const { topologyKey, minDomains } = constraint
    const { values, interner } = labels.column(topologyKey)
    const pods = nodes.matching(constraint)
    this.values = values
    this.nodes = order
    this.counted = node => keyed?.[node] !== 0 && nodes.isEligible(constraint, node)
    let domains = interner.size
    let lowest = MAX_INT32
    if (!keyed && nodes.isUnrestricted(constraint)) {
      this.counts = pods.domainsOf(topologyKey).counts.slice()
      for (const count of this.counts) if (count < lowest) lowest = count
    } else {
      this.counts = new Int32Array(interner.size)
      const present = new Uint8Array(interner.size)
      domains = 0
      for (let node = 0; node < values.length; node++) {
        if (!this.counted(node)) continue
        const value = values[node]!
        if (present[value] === 0) domains++
        present[value] = 1
        this.counts[value]! += pods.byNode[node]!
      }
      for (let value = 0; value < present.length; value++)
        if (present[value] === 1 && this.counts[value]! < lowest) lowest = this.counts[value]!
    }
    this.enough = domains >= minDomains
    this.lowest = this.enough ? lowest : 0
  }

  has(node: number): boolean {
    return this.values[node] !== ABSENT
  }

  /** Pods in the node's domain. */
  of(node: number): number {
    return this.counts[this.values[node]!] ?? 0
  }

  /** Adds to the domain of a node that counts. */
  add(node: number, by: number): void {
    const paths = this.criticalPaths()
    const value = this.values[node]!
    const count = this.counts[value]! + by
    this.counts[value] = count
    paths.update(value, count)
    if (this.enough) this.lowest = paths.first.count
  }

  save(): () => void {
    const counts = this.counts.slice()
    const paths = this.paths?.copy()
    const { lowest } = this
    return () => {
      this.counts = counts
      this.paths = paths
      this.lowest = lowest
    }
  }

  private criticalPaths(): CriticalPaths {
    if (this.paths) return this.paths
    this.order ??= this.seen()
    const paths = new CriticalPaths()
    for (const value of this.order) paths.update(value, this.counts[value]!)
    this.paths = paths
    return paths
  }

  private seen(): readonly number[] {
    const values = new Set<number>()
    for (const node of this.nodes) if (this.counted(node)) values.add(this.values[node]!)
    return [...values]
  }
}

/** By node: 1 if it has every topology key; absent if all have. */
export function nodesWithKeys(
  constraints: readonly SpreadConstraint[],
  { labels, nodeCount }: ClusterSnapshot,
): Uint8Array | undefined {
  let all: Uint8Array | undefined
  for (const { topologyKey } of constraints) {
    const { values } = labels.column(topologyKey)
    for (let node = 0; node < nodeCount; node++) {
      if (values[node] !== ABSENT) continue
      all ??= new Uint8Array(nodeCount).fill(1)
      all[node] = 0
    }
  }
  return all
}
