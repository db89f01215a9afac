import { parseInt64 } from '../go-text.ts'

/** A 64-bit integer: a bigint only where a double is not exact, so that equal bounds are `===`. */
export type Bound = number | bigint

const MAX_INT64 = 2n ** 63n - 1n
const MIN_INT64 = -(2n ** 63n)

/**
 * The bound that a text means. Text that is no integer counts as 0 and an integer beyond 64 bits as the nearest one, because
 * Karpenter takes what `strconv.Atoi` returns beside its error (karpenter `pkg/scheduling/requirement.go`, v1.14.1).
 */
export function readBound(text: string): Bound {
  const parsed = parseInt64(text)
  if (parsed !== undefined) return narrow(parsed)
  if (!/^[+-]?[0-9]+$/.test(text)) return 0
  return text.startsWith('-') ? MIN_INT64 : MAX_INT64
}

/** One more, or undefined beyond 64 bits. */
export function oneMore(bound: Bound): Bound | undefined {
  return bound === MAX_INT64 ? undefined : narrow(BigInt(bound) + 1n)
}

/** One less; below the smallest 64-bit integer it wraps to the largest, as in Go. */
export function oneLess(bound: Bound): Bound {
  return bound === MIN_INT64 ? MAX_INT64 : narrow(BigInt(bound) - 1n)
}

/** Whether a value lies within both bounds, ends included; with a bound, a value that is no integer does not. */
export function withinBounds(value: string, gte: Bound | undefined, lte: Bound | undefined): boolean {
  if (gte === undefined && lte === undefined) return true
  const parsed = parseInt64(value)
  if (parsed === undefined) return false
  return (gte === undefined || parsed >= gte) && (lte === undefined || parsed <= lte)
}

/** The larger of two, where an absent one does not count. */
export function larger<T extends Bound>(a: T | undefined, b: T | undefined): T | undefined {
  if (a === undefined) return b
  return b === undefined || a > b ? a : b
}

/** The smaller of two, where an absent one does not count. */
export function smaller<T extends Bound>(a: T | undefined, b: T | undefined): T | undefined {
  if (a === undefined) return b
  return b === undefined || a < b ? a : b
}

function narrow(bound: Bound): Bound {
  const value = Number(bound)
  return Number.isSafeInteger(value) ? value + 0 : BigInt(bound)
}
