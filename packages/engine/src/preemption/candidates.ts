import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import type { DryRun } from './dry-run.ts'

/** A node where victims were found. */
export type Candidate = Extract<DryRun, { kind: 'victims' }>

/** The node that preemption chooses; `tied` names all that are equal on every criterion, among which upstream draws. */
export interface ChosenCandidate {
  readonly candidate: Candidate
  readonly tied: readonly Candidate[]
}

/**
 * Fewest budget violations, lowest highest priority, smallest sum of priorities, fewest victims, latest start of the most important;
 * the first by name where all are equal (`pickOneNodeForPreemption`, kubernetes framework/preemption/preemption.go, v1.36.2).
 */
export function chooseCandidate(
  candidates: readonly Candidate[],
  snapshot: ClusterSnapshot,
): ChosenCandidate | undefined {
  const only = candidates[0]
  if (candidates.length < 2) return only && { candidate: only, tied: NO_TIES }
  const priorities = snapshot.podPriorities.cells
  const starts = snapshot.podStarts.cells
  const criteria: readonly ((candidate: Candidate) => number)[] = [
    ({ pdbViolations }) => pdbViolations,
    ({ victims }) => priorities[victims[0] ?? 0]!,
    ({ victims }) => victims.reduce((sum, victim) => sum + priorities[victim]! + 2 ** 31, 0),
    ({ victims }) => victims.length,
    ({ victims }) => {
      const highest = Math.max(...victims.map(victim => priorities[victim]!))
      return -Math.min(...victims.filter(victim => priorities[victim] === highest).map(victim => starts[victim]!))
    },
  ]
  let best = candidates
  for (const criterion of criteria) {
    if (best.length < 2) break
    const values = best.map(criterion)
    const lowest = Math.min(...values)
    best = best.filter((_, index) => values[index] === lowest)
  }
  const byName = [...best].sort((a, b) => {
    const first = snapshot.nodeName(a.node)
    const second = snapshot.nodeName(b.node)
    return first < second ? -1 : first > second ? 1 : 0
  })
  const candidate = byName[0]
  return candidate && { candidate, tied: byName.length > 1 ? byName : NO_TIES }
}

const NO_TIES: readonly Candidate[] = []
