import type { PreparedPod } from '../framework/prepared-pod.ts'
import { goSort } from '../go-sort.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import type { NodeIndex, PodIndex } from '../snapshot/indices.ts'
import type { DisruptionBudgets } from './budgets.ts'
import { type DryRun, moreImportant, tied } from './dry-run.ts'
import { roomOn } from './room.ts'

/** Up to this length Go's sort is a plain insertion sort. */
const INSERTION_SORT = 12
/** More pods take Go's own steps at once: a plain insertion sort would cost their square. */
const MOST_INSERTED = 64

/**
 * The dry run of `selectVictims` by counting alone, for a pod that only needs cpu, memory, ephemeral storage, host ports and a
 * slot: nothing is taken off the snapshot and put back. Absent where something else decides too: scalars, counts over pods, nominated pods,
 * numbers beyond 2^53. `candidates` are the pods of lower priority, at least one; they are sorted in place.
 */
export function countVictims(
  prepared: PreparedPod,
  snapshot: ClusterSnapshot,
  budgets: DisruptionBudgets,
  node: NodeIndex,
  candidates: PodIndex[],
): DryRun | undefined {
  if (prepared.counts.length > 0 || snapshot.nominated.has(node) || snapshot.resources.wide[node] === 1)
    return undefined
  const room = roomOn(prepared, snapshot, node)
  if (!room) return undefined
  room.empty(candidates)
  if (!room.fits()) return { kind: 'does not fit', node, ...room.shortage() }
  sortByImportance(candidates, snapshot)
  const violating = budgets.empty ? undefined : budgets.violating(candidates, snapshot)
  if (!violating || violating.size === 0) {
    const victims = room.fill(candidates)
    return { kind: 'victims', node, victims, pdbViolations: 0, ties: tied(victims, candidates, snapshot) }
  }
  const victims = room.fill(candidates.filter(pod => violating.has(pod)))
  const pdbViolations = victims.length
  for (const pod of room.fill(candidates.filter(pod => !violating.has(pod)))) victims.push(pod)
  if (violating.size < candidates.length) goSort(victims, moreImportant(snapshot))
  return { kind: 'victims', node, victims, pdbViolations, ties: tied(victims, candidates, snapshot) }
}

/**
 * Sorts as Go does. Few pods are sorted by insertion, as Go sorts up to 12; the order of more is the only one possible where all differ,
 * and takes Go's own steps where two are equal.
 */
function sortByImportance(pods: PodIndex[], snapshot: ClusterSnapshot): void {
  if (pods.length > MOST_INSERTED) {
    goSort(pods, moreImportant(snapshot))
    return
  }
  const unsorted = pods.length > INSERTION_SORT ? pods.slice() : undefined
  const strict = insertionSort(pods, snapshot.podPriorities.cells, snapshot.podStarts.cells)
  if (!unsorted || strict) return
  for (let index = 0; index < pods.length; index++) pods[index] = unsorted[index]!
  goSort(pods, moreImportant(snapshot))
}

/** Sorts by `moreImportant`; true if it puts every pod before the next one, so that no two are equal. */
function insertionSort(pods: PodIndex[], priorities: Int32Array, starts: Float64Array): boolean {
  for (let i = 1; i < pods.length; i++) {
    const pod = pods[i]!
    const priority = priorities[pod]!
    const start = starts[pod]!
    let j = i
    for (; j > 0; j--) {
      const before = pods[j - 1]!
      const other = priorities[before]!
      if (priority === other ? !(start < starts[before]!) : priority < other) break
      pods[j] = before
    }
    pods[j] = pod
  }
  for (let i = 1; i < pods.length; i++) {
    const one = pods[i - 1]!
    const next = pods[i]!
    if (priorities[one] === priorities[next] && !(starts[one]! < starts[next]!)) return false
  }
  return true
}
