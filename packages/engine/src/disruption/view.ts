import { goSort } from '../go-sort.ts'
import type { NodePoolTotals } from './balanced.ts'
import type { Candidate, PassedOver } from './candidate.ts'
import type { ConsolidationSettings } from './consolidation.ts'
import type { DisruptionClass, DisruptionReason } from './reasons.ts'
import type { Simulate } from './simulation.ts'

/** What a method may ask of the cluster. All times are ms since 1970. */
export interface DisruptionView {
  /** Nodes that nothing forbids to disrupt and that a method does not pass over, in the state's order. */
  candidates(
    disruptionClass: DisruptionClass,
    passOver: (candidate: Candidate) => PassedOver | undefined,
    now: number,
  ): readonly Candidate[]
  /** How many nodes each NodePool may lose now for a reason, at least 0. */
  budgets(reason: DisruptionReason, now: number): ReadonlyMap<string, number>
  /** When a promise of a node to a pending pod ends, by the node's name. */
  nominatedUntil(node: string): number | undefined
  /** Of all nodes, by NodePool. */
  readonly totals: ReadonlyMap<string, NodePoolTotals>
  readonly simulate: Simulate
  readonly settings: ConsolidationSettings
  /** Orders what upstream keeps in a Go map: any order is possible, the given one the likeliest (choice point R8). */
  shuffle(list: unknown[]): void
}

/** Karpenter carries out only what is still right after this time. */
export const VALIDATION_DELAY_MS = 15_000

/** Budgets as a method uses them up. */
export class BudgetsLeft {
  private readonly left: Map<string, number>

  constructor(budgets: ReadonlyMap<string, number>) {
    this.left = new Map(budgets)
  }

  allows(nodePool: string): boolean {
    return (this.left.get(nodePool) ?? 0) !== 0
  }

  /** Takes one; false if there is none. */
  take(nodePool: string): boolean {
    const left = this.left.get(nodePool) ?? 0
    if (left === 0) return false
    this.left.set(nodePool, left - 1)
    return true
  }
}

/** Candidates by rank, the greatest first; equal ones in any order (`sortCandidates`). */
export function ranked(candidates: readonly Candidate[], view: DisruptionView): readonly Candidate[] {
  const sorted = [...candidates]
  view.shuffle(sorted)
  goSort(sorted, (a, b) => a.rank > b.rank)
  return sorted
}
