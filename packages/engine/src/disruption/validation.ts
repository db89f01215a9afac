import { type Candidate, nodePoolName, notForConsolidation, notForEmptiness } from './candidate.ts'
import type { DisruptionCommand } from './command.ts'
import { unplacedText } from './consolidation.ts'
import { BudgetsLeft, type DisruptionView } from './view.ts'

/** Why a command is given up after the wait: the cluster changed, a budget, or pods would go elsewhere. */
export interface Invalid {
  readonly reason: 'churn' | 'budget' | 'scheduling'
  readonly text: string
}

/**
 * Which nodes of an emptiness command are still to go at `now`: any that are still empty and within budget (`EmptinessValidator`,
 * sigs.k8s.io/karpenter `pkg/controllers/disruption/validation.go`, v1.14.1).
 */
export function validateEmptiness(
  candidates: readonly Candidate[],
  view: DisruptionView,
  now: number,
): readonly Candidate[] | Invalid {
  const still = remaining(candidates, view.candidates('graceful', notForEmptiness, now))
  if (still.length === 0) return { reason: 'churn', text: `${candidates.length} candidates are no longer valid` }
  const budgets = new BudgetsLeft(view.budgets('Empty', now))
  const valid = still.filter(candidate => !isNominated(candidate, view, now) && budgets.take(nodePoolName(candidate)))
  return valid.length > 0
    ? valid
    : {
        reason: 'budget',
        text: `${candidates.length} candidates failed validation because it they were nominated for a pod or would violate disruption budgets`,
      }
}

/**
 * Why a consolidation is given up at `now`: not all of its nodes are still to go, or the pods would need other NodeClaims than
 * planned (`ConsolidationValidator`, sigs.k8s.io/karpenter `pkg/controllers/disruption/validation.go`, v1.14.1).
 */
export function validateConsolidation(
  command: DisruptionCommand,
  view: DisruptionView,
  now: number,
): Invalid | undefined {
  const still = remaining(command.candidates, view.candidates('graceful', notForConsolidation, now))
  const gone = command.candidates.length - still.length
  if (gone > 0) return { reason: 'churn', text: `${gone} candidates are no longer valid` }
  const budgets = new BudgetsLeft(view.budgets('Underutilized', now))
  for (const candidate of still) {
    if (isNominated(candidate, view, now))
      return { reason: 'budget', text: 'a candidate was nominated during validation' }
    if (!budgets.take(nodePoolName(candidate)))
      return { reason: 'budget', text: 'a candidate can no longer be disrupted without violating budgets' }
  }
  return validateScheduling(command, view, still, now)
}

function validateScheduling(
  { replacements }: DisruptionCommand,
  { simulate }: DisruptionView,
  candidates: readonly Candidate[],
  now: number,
): Invalid | undefined {
  const simulation = simulate(candidates, { now, consolidation: true })
  if (simulation === undefined) return { reason: 'scheduling', text: 'candidate is deleting' }
  const text = unplacedText(simulation)
  if (text !== undefined) return { reason: 'scheduling', text }
  const [planned] = replacements
  const [claim] = simulation.claims
  const offered = new Set(claim?.instanceTypes.map(({ name }) => name))
  const same =
    simulation.claims.length === replacements.length &&
    (planned === undefined || planned.instanceTypes.every(({ name }) => offered.has(name)))
  return same ? undefined : { reason: 'scheduling', text: 'scheduling simulation produced new results' }
}

function remaining(candidates: readonly Candidate[], current: readonly Candidate[]): readonly Candidate[] {
  const names = new Set(candidates.map(({ node }) => node.name))
  return current.filter(({ node }) => names.has(node.name))
}

function isNominated({ node }: Candidate, view: DisruptionView, now: number): boolean {
  return (view.nominatedUntil(node.name) ?? now) > now
}
