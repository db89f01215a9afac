import { FITS } from '../framework/filter-plugin.ts'
import { filterWithNominated, rejectionWithNominated } from '../framework/nominated.ts'
import type { PreparedPod } from '../framework/prepared-pod.ts'
import { goSort } from '../go-sort.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import type { NodeIndex, PodIndex } from '../snapshot/indices.ts'
import type { DisruptionBudgets } from './budgets.ts'
import { countVictims } from './count-victims.ts'
import { type DryRun, moreImportant, tied } from './dry-run.ts'

/** Pods of a node whose priority is lower than the preemptor's, in the node's order. */
export function lowerPriorityPods(snapshot: ClusterSnapshot, node: number, priority: number): PodIndex[] {
  const priorities = snapshot.podPriorities.cells
  const lower: PodIndex[] = []
  for (const pod of snapshot.podsOn(node)) if (priorities[pod]! < priority) lower.push(pod)
  return lower
}

/**
 * The pods that have to go so that the pod fits: all of lower priority are taken away, then put back one by one, most important
 * first, those that would break a budget before the others; what does not fit back is a victim
 * (`SelectVictimsOnNode`, kubernetes plugins/defaultpreemption/default_preemption.go, v1.36.2).
 * The snapshot is as before afterwards. Costs a filter for each candidate.
 */
export function selectVictims(
  prepared: PreparedPod,
  snapshot: ClusterSnapshot,
  budgets: DisruptionBudgets,
  node: NodeIndex,
): DryRun {
  const candidates = lowerPriorityPods(snapshot, node, prepared.priority)
  if (candidates.length === 0) return { kind: 'no victims', node }
  return (
    countVictims(prepared, snapshot, budgets, node, candidates) ?? reprieveVictims(prepared, snapshot, budgets, node)
  )
}

/** `selectVictims` as upstream does it: pods are really taken off the snapshot, and every filter is asked each time. */
export function reprieveVictims(
  prepared: PreparedPod,
  snapshot: ClusterSnapshot,
  budgets: DisruptionBudgets,
  node: NodeIndex,
): DryRun {
  const candidates = lowerPriorityPods(snapshot, node, prepared.priority)
  if (candidates.length === 0) return { kind: 'no victims', node }
  const restore = prepared.counts.map(counts => counts.save())
  snapshot.fork()
  try {
    return new Reprieve(prepared, snapshot, node).run(candidates, budgets)
  } finally {
    snapshot.revert()
    for (const put of restore) put()
  }
}

class Reprieve {
  private readonly prepared: PreparedPod
  private readonly snapshot: ClusterSnapshot
  private readonly node: NodeIndex

  constructor(prepared: PreparedPod, snapshot: ClusterSnapshot, node: NodeIndex) {
    this.prepared = prepared
    this.snapshot = snapshot
    this.node = node
  }

  run(candidates: PodIndex[], budgets: DisruptionBudgets): DryRun {
    const { prepared, snapshot, node } = this
    for (const pod of candidates) this.remove(pod)
    const code = filterWithNominated(prepared, snapshot, node)
    if (code !== FITS)
      return { kind: 'does not fit', node, code, texts: rejectionWithNominated(prepared, snapshot, node)?.texts ?? [] }
    const less = moreImportant(snapshot)
    goSort(candidates, less)
    const violating = budgets.empty ? undefined : budgets.violating(candidates, snapshot)
    const first = violating ? candidates.filter(pod => violating.has(pod)) : []
    const rest = violating ? candidates.filter(pod => !violating.has(pod)) : candidates
    const victims = first.filter(pod => !this.putBack(pod))
    const pdbViolations = victims.length
    victims.push(...rest.filter(pod => !this.putBack(pod)))
    if (first.length > 0 && rest.length > 0) goSort(victims, less)
    return { kind: 'victims', node, victims, pdbViolations, ties: tied(victims, candidates, snapshot) }
  }

  private remove(pod: PodIndex): void {
    this.snapshot.removePod(pod)
    for (const counts of this.prepared.counts) counts.podRemoved(this.snapshot.pod(pod), this.node)
  }

  /** Puts a pod back if the preemptor then still fits. */
  private putBack(pod: PodIndex): boolean {
    this.snapshot.readdPod(pod, this.node)
    for (const counts of this.prepared.counts) counts.podAdded(this.snapshot.pod(pod), this.node)
    if (filterWithNominated(this.prepared, this.snapshot, this.node) === FITS) return true
    this.remove(pod)
    return false
  }
}
