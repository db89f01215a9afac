import { goSort } from '../go-sort.ts'
import { sumPrices } from './balanced.ts'
import { type Candidate, nodePoolName } from './candidate.ts'
import { trueCondition } from './consolidate-after.ts'
import { savingsOf, sentence, unplacedText } from './consolidation.ts'
import type { FailedAttempt, MethodOutcome } from './methods.ts'
import { timeOf } from './pods.ts'
import { BudgetsLeft, type DisruptionView } from './view.ts'

/**
 * Replaces the node that drifted first, those without pods before the others: whatever the replacements cost, as long as all of
 * its pods have a place (`Drift.ComputeCommands`, sigs.k8s.io/karpenter `pkg/controllers/disruption/drift.go`, v1.14.1).
 */
export function computeDrift(candidates: readonly Candidate[], view: DisruptionView, now: number): MethodOutcome {
  const sorted = [...candidates]
  view.shuffle(sorted)
  goSort(sorted, (a, b) => driftedAt(a) < driftedAt(b))
  const empty = sorted.filter(({ reschedulable }) => reschedulable.length === 0)
  const others = sorted.filter(({ reschedulable }) => reschedulable.length > 0)
  const budgets = new BudgetsLeft(view.budgets('Drifted', now))
  const attempts: FailedAttempt[] = []
  for (const candidate of [...empty, ...others]) {
    if (!budgets.allows(nodePoolName(candidate))) continue
    const one = [candidate]
    const simulation = view.simulate(one, { now, consolidation: false })
    if (simulation === undefined) continue
    const text = unplacedText(simulation)
    if (text !== undefined) {
      attempts.push({ candidates: one, text: sentence(text) })
      continue
    }
    const { claims } = simulation
    const savings = savingsOf(sumPrices(one), claims, view.settings.wellKnownLabels)
    const decision = claims.length > 0 ? 'replace' : 'delete'
    return { commands: [{ decision, candidates: one, replacements: claims, simulation, savings }], attempts }
  }
  return { commands: [], attempts }
}

/** ms since 1970. */
function driftedAt({ node }: Candidate): number {
  const condition = node.nodeClaim === undefined ? undefined : trueCondition(node.nodeClaim, 'Drifted')
  return timeOf(condition?.lastTransitionTime) ?? Number.NEGATIVE_INFINITY
}
