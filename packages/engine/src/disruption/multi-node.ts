import { Requirements } from '../requirements/requirements.ts'
import { scoreBalancedMove, sumPrices } from './balanced.ts'
import { type Candidate, nodePoolName } from './candidate.ts'
import type { DisruptionCommand } from './command.ts'
import { type ConsolidationSettings, consolidate, removeByPrice, savingsOf } from './consolidation.ts'
import type { FailedAttempt, MethodOutcome } from './methods.ts'
import { cheapestOffer } from './prices.ts'
import { validateConsolidation } from './validation.ts'
import { BudgetsLeft, type DisruptionView, ranked, VALIDATION_DELAY_MS } from './view.ts'

/** How far the search goes: the nodes before this index and the one at it. */
const MAX_PARALLEL = 100

/**
 * Removes the longest run of candidates, from the best on, that can go together with at most one replacement, found by bisection
 * (`MultiNodeConsolidation.ComputeCommands`, sigs.k8s.io/karpenter `pkg/controllers/disruption/multinodeconsolidation.go`, v1.14.1).
 * The minute that upstream allows itself (R7) is not modelled.
 */
export function computeMultiNode(candidates: readonly Candidate[], view: DisruptionView, now: number): MethodOutcome {
  const budgets = new BudgetsLeft(view.budgets('Underutilized', now))
  const disruptable = ranked(candidates, view).filter(
    candidate => !candidate.empty && budgets.take(nodePoolName(candidate)),
  )
  const { command, attempts } = longestRun(disruptable, view, now)
  if (command === undefined) return { commands: [], attempts }
  const invalid = validateConsolidation(command, view, now + VALIDATION_DELAY_MS)
  if (invalid === undefined) return { commands: [command], attempts }
  return { commands: [], attempts, rejected: { ...invalid, candidates: command.candidates } }
}

function longestRun(
  candidates: readonly Candidate[],
  view: DisruptionView,
  now: number,
): { readonly command: DisruptionCommand | undefined; readonly attempts: readonly FailedAttempt[] } {
  let command: DisruptionCommand | undefined
  const attempts: FailedAttempt[] = []
  let low = 1
  let high = Math.min(MAX_PARALLEL, candidates.length - 1)
  while (low <= high) {
    const middle = Math.trunc((low + high) / 2)
    const together = candidates.slice(0, middle + 1)
    const attempt = tryTogether(together, view, now)
    if (typeof attempt === 'object') {
      command = attempt
      low = middle + 1
    } else {
      attempts.push({ candidates: together, text: attempt })
      high = middle - 1
    }
  }
  return { command, attempts }
}

/** The command, or why there is none. */
function tryTogether(
  candidates: readonly Candidate[],
  view: DisruptionView,
  now: number,
): DisruptionCommand | string | undefined {
  const { simulate, settings, totals } = view
  const attempt = consolidate(candidates, simulate, settings, now)
  if (attempt.kind === 'none') return attempt.text
  const command = withoutSameType(attempt.command, settings)
  if (typeof command === 'string') return command
  const { approved, scores } = scoreBalancedMove(candidates, command.savings, totals)
  if (!approved) return 'the policy Balanced does not approve'
  return scores.length === 0 ? command : { ...command, scores }
}

/**
 * Where a replacement may be of a type that is removed, only types cheaper than the cheapest such node remain: else that node
 * could stay and the others go (`filterOutSameInstanceType`).
 */
function withoutSameType(
  command: DisruptionCommand,
  { wellKnownLabels }: ConsolidationSettings,
): DisruptionCommand | string {
  const [replacement] = command.replacements
  if (replacement === undefined) return command
  const removed = new Set<string>()
  const prices = new Map<string, number>()
  for (const { instanceType, node } of command.candidates) {
    if (instanceType === undefined) continue
    const price = cheapestOffer(instanceType, Requirements.ofLabels(node.labels), wellKnownLabels, 'all')
    removed.add(instanceType.name)
    if (price !== undefined) prices.set(instanceType.name, Math.min(prices.get(instanceType.name) ?? price, price))
  }
  let maxPrice = Number.MAX_VALUE
  // A type none of whose nodes has a price counts as free.
  for (const { name } of replacement.instanceTypes)
    if (removed.has(name)) maxPrice = Math.min(maxPrice, prices.get(name) ?? 0)
  const filtered = removeByPrice(replacement, maxPrice, wellKnownLabels)
  if (typeof filtered === 'string') return filtered
  if (filtered.instanceTypes.length === 0) return "Can't replace with a cheaper node"
  const { simulation, candidates } = command
  return {
    ...command,
    replacements: [filtered],
    ...(simulation && { simulation: { ...simulation, claims: [filtered] } }),
    savings: savingsOf(sumPrices(candidates), [filtered], wellKnownLabels),
  }
}
