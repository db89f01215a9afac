/** Largest int64. */
export const MAX_INT64 = 2n ** 63n - 1n
/** Smallest int64. */
export const MIN_INT64 = -(2n ** 63n)

/**
 * Powers of ten beyond this are not computed: an exponent such as `1e2000000000` is legal, and its digits would
 * exhaust memory (upstream hangs there). Sums and roundings take the difference of two scales as at most this.
 */
const MAX_POWER = 100_000

const SMALL_POWERS: readonly bigint[] = Array.from({ length: 64 }, (_, exponent) => 10n ** BigInt(exponent))

/** 10^exponent for exponents from 0 to `MAX_POWER`, and 10^MAX_POWER beyond. */
export function powerOfTen(exponent: number): bigint {
  return SMALL_POWERS[exponent] ?? 10n ** BigInt(Math.min(exponent, MAX_POWER))
}

/** The low 64 bits as a signed number: what Go's int64 arithmetic leaves. */
export function wrapInt64(value: bigint): bigint {
  return BigInt.asIntN(64, value)
}

/** True if the number is an int64 as it stands. */
export function fitsInt64(value: bigint): boolean {
  return value >= MIN_INT64 && value <= MAX_INT64
}

/** Quotient by 10^exponent, rounded away from zero. */
export function divideAwayFromZero(value: bigint, exponent: number): bigint {
  if (value === 0n || exponent === 0) return value
  if (exponent > MAX_POWER) return value < 0n ? -1n : 1n
  const divisor = powerOfTen(exponent)
  const quotient = value / divisor
  if (quotient * divisor === value) return quotient
  return value < 0n ? quotient - 1n : quotient + 1n
}
