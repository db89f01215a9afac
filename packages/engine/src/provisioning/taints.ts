import type { Taint, Toleration } from '../api/core.ts'
import { parseInt64 } from '../go-text.ts'
import { tolerates } from '../taints.ts'

const PREFER_NO_SCHEDULE = 'PreferNoSchedule'
const TOLERATE_PREFERENCES: Toleration = { operator: 'Exists', effect: PREFER_NO_SCHEDULE }

/** An integer as the API server would take it in a toleration: no sign but a minus, no zero in front. */
const DECIMAL_INTEGER = /^(?:0|-?[1-9][0-9]*)$/

/** Taints that a node under way is expected to lose (`KnownEphemeralTaints`, karpenter `pkg/scheduling/taints.go`, v1.14.1). */
const EPHEMERAL_TAINTS: readonly Taint[] = [
  { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' },
  { key: 'node.cloudprovider.kubernetes.io/uninitialized', effect: 'NoSchedule' },
  { key: 'karpenter.sh/unregistered', effect: 'NoExecute' },
]
const EPHEMERAL_PREFIX = 'readiness.k8s.io/'

/**
 * The taints that no toleration tolerates, of every effect: to Karpenter a PreferNoSchedule taint keeps a pod away too, and the
 * numeric operators Lt and Gt count (`Taints.Tolerates`, karpenter `pkg/scheduling/taints.go`, v1.14.1).
 */
export function untoleratedTaints(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
): readonly Taint[] {
  return (taints ?? []).filter(
    taint => !(tolerations ?? []).some(toleration => toleratesWithNumbers(toleration, taint)),
  )
}

/** Whether every taint is tolerated. */
export function toleratesAll(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
): boolean {
  return untoleratedTaints(taints, tolerations).length === 0
}

function toleratesWithNumbers(toleration: Toleration, taint: Taint): boolean {
  const { operator } = toleration
  if (operator !== 'Lt' && operator !== 'Gt') return tolerates(toleration, taint)
  if (toleration.effect && toleration.effect !== taint.effect) return false
  if (toleration.key && toleration.key !== taint.key) return false
  const bound = decimalInteger(toleration.value)
  const value = decimalInteger(taint.value)
  if (bound === undefined || value === undefined) return false
  return operator === 'Lt' ? value < bound : value > bound
}

function decimalInteger(text: string | undefined): number | bigint | undefined {
  return text !== undefined && DECIMAL_INTEGER.test(text) ? parseInt64(text) : undefined
}

/** Tolerations with one of all PreferNoSchedule taints, unless it is among them (`toleratePreferNoScheduleTaints`). */
export function toleratingPreferences(tolerations: readonly Toleration[] | undefined): readonly Toleration[] {
  const has = tolerations?.some(
    ({ key, operator, value, effect }) =>
      !key && operator === 'Exists' && !value && effect === TOLERATE_PREFERENCES.effect,
  )
  return has ? (tolerations ?? []) : [...(tolerations ?? []), TOLERATE_PREFERENCES]
}

/** Whether a taint is one that a node loses while it starts; value and time do not matter (`IsKnownEphemeralTaint`). */
export function isEphemeralTaint(taint: Taint): boolean {
  return taint.key.startsWith(EPHEMERAL_PREFIX) || EPHEMERAL_TAINTS.some(known => sameTaint(known, taint))
}

/** Whether two taints have the same key and effect, which is what makes them one (`MatchTaint`). */
export function sameTaint(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.effect === b.effect
}
