import type { NodePool } from '../api/karpenter.ts'
import { nextHit, parseCron } from './cron.ts'
import { NANOSECONDS_PER_MS, parseGoDuration } from './go-duration.ts'
import type { DisruptionReason } from './reasons.ts'

/** One budget of `spec.disruption.budgets`. */
export type NodePoolBudget = NonNullable<NonNullable<NonNullable<NodePool['spec']>['disruption']>['budgets']>[number]

/** What one budget allows at a moment. `inactive` allows any number; `invalid` stops all disruption of its NodePool. */
export type BudgetState =
  | { readonly kind: 'active'; readonly allowed: number }
  | { readonly kind: 'inactive' }
  | { readonly kind: 'invalid'; readonly text: string }

/** Stands for "no limit" in upstream's arithmetic. */
export const UNLIMITED_DISRUPTIONS = 2_147_483_647

/**
 * What a budget allows of `nodes` nodes at `now` (ms since 1970). A percentage rounds up; a schedule that never hits, as for the
 * 31st of February, is always active (`Budget.GetAllowedDisruptions`, sigs.k8s.io/karpenter `pkg/apis/v1/nodepool.go`, v1.14.1).
 */
export function budgetState(budget: NodePoolBudget, nodes: number, now: number): BudgetState {
  const active = isActive(budget, now)
  if (typeof active === 'string') return { kind: 'invalid', text: active }
  if (!active) return { kind: 'inactive' }
  const allowed = scaledNodes(budget.nodes ?? '', nodes)
  return allowed === undefined
    ? { kind: 'invalid', text: `nodes ${JSON.stringify(budget.nodes ?? '')} is neither a count nor a percentage` }
    : { kind: 'active', allowed }
}

/** Whether `now` lies within the duration after a hit, or why that cannot be said. */
function isActive({ schedule, duration }: NodePoolBudget, now: number): boolean | string {
  if (isAbsent(schedule) && isAbsent(duration)) return true
  const parsed = parseCron(schedule ?? '')
  if (parsed.kind === 'error') return `invalid cron, ${parsed.text}`
  const nanoseconds = isAbsent(duration) ? 0n : parseGoDuration(duration ?? '')
  if (nanoseconds === undefined) return `duration ${JSON.stringify(duration)} is not a duration`
  // Hits are whole seconds, so that what is below a millisecond only matters as "a little later than the hit".
  const back = nanoseconds / NANOSECONDS_PER_MS + (nanoseconds % NANOSECONDS_PER_MS > 0n ? 1n : 0n)
  const from = now - Number(back)
  const hit = nextHit(parsed, from)
  return hit === undefined || hit <= now
}

function isAbsent(text: string | undefined): boolean {
  return text === undefined || text === null
}

function scaledNodes(text: string, nodes: number): number | undefined {
  const percent = text.endsWith('%')
  const digits = percent ? text.slice(0, -1) : text
  if (!/^[+-]?[0-9]+$/.test(digits)) return undefined
  const value = BigInt(digits.replace('+', ''))
  if (value !== BigInt.asIntN(64, value)) return undefined
  return percent ? Math.ceil((Number(value) * nodes) / 100) + 0 : Number(BigInt.asIntN(32, value))
}

/**
 * How many of a NodePool's `nodes` nodes may be disrupted at once for a reason: the least of the active budgets without reasons
 * or with this one; 0 as soon as any budget is invalid (`MustGetAllowedDisruptions`, sigs.k8s.io/karpenter
 * `pkg/apis/v1/nodepool.go`, v1.14.1). No budgets means no limit here; the API server's default of 10 % is the input's.
 */
export function allowedDisruptions(pool: NodePool, nodes: number, reason: DisruptionReason, now: number): number {
  let allowed = UNLIMITED_DISRUPTIONS
  for (const budget of pool.spec?.disruption?.budgets ?? []) {
    const state = budgetState(budget, nodes, now)
    if (state.kind === 'invalid') return 0
    const applies = budget.reasons === undefined || budget.reasons === null || budget.reasons.includes(reason)
    if (state.kind === 'active' && applies) allowed = Math.min(allowed, state.allowed)
  }
  return allowed
}
