import type { FilterCode } from '../framework/filter-plugin.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import type { NodeIndex, PodIndex } from '../snapshot/indices.ts'

/** What preemption finds on one node. */
export type DryRun =
  | {
      readonly kind: 'victims'
      readonly node: NodeIndex
      /** Most important first: the order in which they are deleted. */
      readonly victims: readonly PodIndex[]
      readonly pdbViolations: number
      /** A victim and another candidate have equal priority and start time: upstream's sort may swap them. */
      readonly ties: boolean
    }
  /** No pod of lower priority is there. */
  | { readonly kind: 'no victims'; readonly node: NodeIndex }
  /** Even without all pods of lower priority it does not fit. */
  | {
      readonly kind: 'does not fit'
      readonly node: NodeIndex
      readonly code: FilterCode
      readonly texts: readonly string[]
    }

/** More important: higher priority, then earlier start (`MoreImportantPod`, kubernetes pkg/scheduler/util/utils.go, v1.36.2). */
export function moreImportant(snapshot: ClusterSnapshot): (a: PodIndex, b: PodIndex) => boolean {
  const priorities = snapshot.podPriorities.cells
  const starts = snapshot.podStarts.cells
  return (a, b) => (priorities[a] === priorities[b] ? starts[a]! < starts[b]! : priorities[a]! > priorities[b]!)
}

/** Is there a victim that upstream's sort may swap with another candidate? */
export function tied(
  victims: readonly PodIndex[],
  candidates: readonly PodIndex[],
  snapshot: ClusterSnapshot,
): boolean {
  const priorities = snapshot.podPriorities.cells
  const starts = snapshot.podStarts.cells
  for (const victim of victims) {
    const priority = priorities[victim]
    const start = starts[victim]
    for (const pod of candidates)
      if (starts[pod] === start && pod !== victim && priorities[pod] === priority) return true
  }
  return false
}
