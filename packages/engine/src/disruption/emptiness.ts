import { sumPrices } from './balanced.ts'
import { type Candidate, nodePoolName } from './candidate.ts'
import type { MethodOutcome } from './methods.ts'
import { validateEmptiness } from './validation.ts'
import { BudgetsLeft, type DisruptionView, ranked, VALIDATION_DELAY_MS } from './view.ts'

/**
 * Deletes all empty nodes that budgets allow, in one command (`Emptiness.ComputeCommands`, sigs.k8s.io/karpenter
 * `pkg/controllers/disruption/emptiness.go`, v1.14.1).
 */
export function computeEmptiness(candidates: readonly Candidate[], view: DisruptionView, now: number): MethodOutcome {
  const budgets = new BudgetsLeft(view.budgets('Empty', now))
  const empty = ranked(candidates, view).filter(candidate => candidate.empty && budgets.take(nodePoolName(candidate)))
  if (empty.length === 0) return { commands: [], attempts: [] }
  const valid = validateEmptiness(empty, view, now + VALIDATION_DELAY_MS)
  if ('reason' in valid) return { commands: [], attempts: [], rejected: { candidates: empty, ...valid } }
  return {
    commands: [{ decision: 'delete', candidates: valid, replacements: [], savings: sumPrices(valid) }],
    attempts: [],
  }
}
