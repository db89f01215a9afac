import type { Pod } from '../api/core.ts'
import type { ClusterSnapshot } from './cluster-snapshot.ts'
import type { NodeIndex, PodIndex } from './indices.ts'
import { ABSENT } from './label-columns.ts'

/** Pods by value of a node label: `values` has the interned value of each node or ABSENT, `counts` the pods of each value. */
export interface DomainCounts {
  readonly values: Int32Array
  readonly counts: Int32Array
  /** Every node has the label. */
  readonly complete: boolean
}

/** How many pods match one condition: by node, and by value of the topology keys that somebody asked for. Kept as pods come and go. */
export class MatchColumn {
  readonly byNode: Int32Array
  total = 0
  private readonly snapshot: ClusterSnapshot
  private readonly byKey = new Map<string, DomainCounts>()
  private readonly domains: DomainCounts[] = []

  constructor(snapshot: ClusterSnapshot) {
    this.snapshot = snapshot
    this.byNode = new Int32Array(snapshot.nodeCount)
  }

  /** Costs a pass over all nodes at the first call for a key. */
  domainsOf(topologyKey: string): DomainCounts {
    const known = this.byKey.get(topologyKey)
    if (known) return known
    const { values, interner } = this.snapshot.labels.column(topologyKey)
    const counts = new Int32Array(interner.size)
    let complete = true
    for (let node = 0; node < values.length; node++) {
      const value = values[node]!
      if (value === ABSENT) complete = false
      else counts[value]! += this.byNode[node]!
    }
    const domains = { values, counts, complete }
    this.byKey.set(topologyKey, domains)
    this.domains.push(domains)
    return domains
  }

  add(node: number, by: number): void {
    this.total += by
    this.byNode[node]! += by
    for (let index = 0; index < this.domains.length; index++) {
      const { values, counts } = this.domains[index]!
      const value = values[node]!
      if (value !== ABSENT) counts[value]! += by
    }
  }
}

/** Pods with the same affinity to pods in the same namespace, so that their terms are the same; `column` counts them. */
export interface AffinityGroup {
  /** One of them. */
  readonly pod: Pod
  readonly column: MatchColumn
}

/** Pods that no condition tells apart: of the same namespace, labels, affinity to pods, and all terminating or none. */
interface PodKind {
  /** One of them. */
  readonly pod: Pod
  readonly columns: MatchColumn[]
}

/**
 * Counts of pods that match conditions on namespace, labels, termination and affinity to pods. A condition is asked once of each kind
 * of pod; after that a count costs nothing, and a pod that comes or goes the number of conditions that it meets.
 */
export class MatchingPods {
  /** Grows as kinds of pods with affinity or anti-affinity to pods are seen; a group may have no pod left. */
  readonly affinityGroups: AffinityGroup[] = []
  private readonly snapshot: ClusterSnapshot
  private readonly kinds: PodKind[] = []
  private readonly kindIds = new Map<string, PodKind>()
  private readonly groupIds = new Map<string, MatchColumn>()
  private readonly conditions: { readonly column: MatchColumn; readonly matches: (pod: Pod) => boolean }[] = []
  private readonly columns = new Map<string, MatchColumn>()
  /** By pod: what `kinds` says of it. A position is used again after a revert, so that the pod is noted too. */
  private readonly known: ({ readonly pod: Pod; readonly kind: PodKind } | undefined)[] = []

  constructor(snapshot: ClusterSnapshot) {
    this.snapshot = snapshot
    for (let node = 0; node < snapshot.nodeCount; node++)
      for (const pod of snapshot.podsOn(node)) this.moved(pod, node as NodeIndex, 1)
  }

  /** The pods that match; equal keys must mean equal conditions. Costs a pass over all pods at the first call for a key. */
  column(key: string, matches: (pod: Pod) => boolean): MatchColumn {
    const known = this.columns.get(key)
    if (known) return known
    const column = new MatchColumn(this.snapshot)
    this.conditions.push({ column, matches })
    const met = new Set<PodKind>()
    for (const kind of this.kinds) {
      if (!matches(kind.pod)) continue
      kind.columns.push(column)
      met.add(kind)
    }
    if (met.size > 0) this.countAll(column, met)
    this.columns.set(key, column)
    return column
  }

  /** Told by the snapshot of every pod that comes to a node or leaves it. */
  moved(index: PodIndex, node: NodeIndex, by: 1 | -1): void {
    const { columns } = this.kindOf(index)
    for (let at = 0; at < columns.length; at++) columns[at]!.add(node, by)
  }

  private countAll(column: MatchColumn, met: ReadonlySet<PodKind>): void {
    for (let node = 0; node < this.snapshot.nodeCount; node++)
      for (const index of this.snapshot.podsOn(node)) if (met.has(this.kindOf(index))) column.add(node, 1)
  }

  private kindOf(index: PodIndex): PodKind {
    const pod = this.snapshot.pod(index)
    const known = this.known[index]
    if (known?.pod === pod) return known.kind
    const kind = this.read(pod)
    this.known[index] = { pod, kind }
    return kind
  }

  private read(pod: Pod): PodKind {
    const { namespace = 'default', labels, deletionTimestamp } = pod.metadata
    const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {}
    const affinity = podAffinity || podAntiAffinity ? JSON.stringify([namespace, podAffinity, podAntiAffinity]) : ''
    const state = deletionTimestamp === undefined ? '' : 'terminating'
    const id = `${namespace}\0${state}\0${affinity}\0${JSON.stringify(labels ?? {})}`
    const known = this.kindIds.get(id)
    if (known) return known
    const columns = this.conditions.filter(({ matches }) => matches(pod)).map(({ column }) => column)
    if (affinity !== '') columns.push(this.groupOf(affinity, pod))
    const kind = { pod, columns }
    this.kindIds.set(id, kind)
    this.kinds.push(kind)
    return kind
  }

  private groupOf(affinity: string, pod: Pod): MatchColumn {
    const known = this.groupIds.get(affinity)
    if (known) return known
    const column = new MatchColumn(this.snapshot)
    this.groupIds.set(affinity, column)
    this.affinityGroups.push({ pod, column })
    return column
  }
}
