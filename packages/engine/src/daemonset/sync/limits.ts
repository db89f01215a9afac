import type { DaemonSet, IntOrString } from '../../api/apps.ts'
import { goQuote, parseInt64 } from '../../go-text.ts'

/** How many pods a rollout may do without, and how many it may add; an error is in upstream's words. */
export type RolloutLimits =
  | { readonly kind: 'limits'; readonly maxSurge: number; readonly maxUnavailable: number }
  | { readonly kind: 'error'; readonly text: string }

/**
 * The limits of a rolling update for so many wanted nodes; percentages round up, and both zero means one unavailable
 * (`updatedDesiredNodeCounts`, kubernetes `pkg/controller/daemon/update.go`, v1.36.2).
 */
export function rolloutLimits({ spec }: DaemonSet, desired: number): RolloutLimits {
  const rolling = spec.updateStrategy?.rollingUpdate
  const unavailable: Count = rolling ? scaled(rolling.maxUnavailable, desired) : ZERO
  if (unavailable.kind === 'error') {
    return { kind: 'error', text: `invalid value for MaxUnavailable: ${unavailable.text}` }
  }
  const surge = surgeCount(rolling?.maxSurge, desired)
  if (surge.kind === 'error') return { kind: 'error', text: `invalid value for MaxSurge: ${surge.text}` }
  const isImpossible = desired > 0 && unavailable.count === 0 && surge.count === 0
  return { kind: 'limits', maxSurge: surge.count, maxUnavailable: isImpossible ? 1 : unavailable.count }
}

/** Whether a node may have an old and a new pod (`AllowsSurge`, kubernetes `pkg/controller/daemon/util/daemonset_util.go`, v1.36.2). */
export function allowsSurge({ spec }: DaemonSet): boolean {
  const { type, rollingUpdate } = spec.updateStrategy ?? {}
  if (type !== 'RollingUpdate') return false
  const surge = surgeCount(rollingUpdate?.maxSurge, 1)
  return surge.kind === 'count' && surge.count > 0
}

type Count = { readonly kind: 'count'; readonly count: number } | { readonly kind: 'error'; readonly text: string }

const ZERO: Count = { kind: 'count', count: 0 }

function surgeCount(maxSurge: IntOrString | null | undefined, desired: number): Count {
  return maxSurge === undefined || maxSurge === null ? ZERO : scaled(maxSurge, desired)
}

/** `GetScaledValueFromIntOrPercent`, rounding up (apimachinery `pkg/util/intstr/intstr.go`, v0.36.2). */
function scaled(value: IntOrString | null | undefined, total: number): Count {
  if (value === undefined || value === null) return { kind: 'error', text: 'nil value for IntOrString' }
  if (typeof value === 'number') return { kind: 'count', count: value }
  const error = (text: string): Count => ({ kind: 'error', text: `invalid value for IntOrString: ${text}` })
  if (!value.endsWith('%')) return error('invalid type: string is not a percentage')
  const digits = value.slice(0, -1)
  const percent = parseInt64(digits)
  if (percent !== undefined) return { kind: 'count', count: Math.ceil((Number(percent) * total) / 100) }
  const why = /^[+-]?[0-9]+$/.test(digits) ? 'value out of range' : 'invalid syntax'
  return error(`invalid value ${goQuote(value)}: strconv.Atoi: parsing ${goQuote(digits)}: ${why}`)
}
