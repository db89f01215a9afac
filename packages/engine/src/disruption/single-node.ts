import { canPassThreshold, scoreBalancedMove } from './balanced.ts'
import { type Candidate, nodePoolName } from './candidate.ts'
import { consolidate } from './consolidation.ts'
import type { FailedAttempt, MethodOutcome } from './methods.ts'
import { validateConsolidation } from './validation.ts'
import { BudgetsLeft, type DisruptionView, ranked, VALIDATION_DELAY_MS } from './view.ts'

/**
 * Removes the first node, by savings and in turns between NodePools, that can go with at most one replacement
 * (`SingleNodeConsolidation.ComputeCommands`, sigs.k8s.io/karpenter `pkg/controllers/disruption/singlenodeconsolidation.go`,
 * v1.14.1). The three minutes that upstream allows itself (R7) are not modelled.
 */
export function computeSingleNode(candidates: readonly Candidate[], view: DisruptionView, now: number): MethodOutcome {
  const { simulate, settings, totals } = view
  const budgets = new BudgetsLeft(view.budgets('Underutilized', now))
  const attempts: FailedAttempt[] = []
  for (const candidate of inTurns(candidates, view)) {
    if (candidate.empty || !budgets.allows(nodePoolName(candidate)) || !canPassThreshold(candidate, totals)) continue
    const one = [candidate]
    const attempt = consolidate(one, simulate, settings, now)
    if (attempt.kind === 'none') {
      attempts.push({ candidates: one, text: attempt.text })
      continue
    }
    const { approved, scores } = scoreBalancedMove(one, attempt.command.savings, totals)
    if (!approved) {
      attempts.push({ candidates: one, text: 'the policy Balanced does not approve' })
      continue
    }
    const command = scores.length === 0 ? attempt.command : { ...attempt.command, scores }
    const invalid = validateConsolidation(command, view, now + VALIDATION_DELAY_MS)
    if (invalid !== undefined) return { commands: [], attempts, rejected: { ...invalid, candidates: one } }
    return { commands: [command], attempts }
  }
  return { commands: [], attempts }
}

/** The best of each NodePool, then the second of each, and so on (`shuffleCandidates`). */
function inTurns(candidates: readonly Candidate[], view: DisruptionView): readonly Candidate[] {
  const byPool = new Map<string, Candidate[]>()
  for (const candidate of ranked(candidates, view)) {
    const name = nodePoolName(candidate)
    const list = byPool.get(name)
    if (list) list.push(candidate)
    else byPool.set(name, [candidate])
  }
  const lists = [...byPool.values()]
  view.shuffle(lists)
  const turns = Math.max(0, ...lists.map(list => list.length))
  const mixed: Candidate[] = []
  for (let turn = 0; turn < turns; turn++) {
    for (const list of lists) {
      const candidate = list[turn]
      if (candidate !== undefined) mixed.push(candidate)
    }
  }
  return mixed
}
