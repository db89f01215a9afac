import type { QuantityText } from '@everynode/engine'

const NANO = 10n ** 9n
const SUFFIXES: Readonly<Record<string, readonly [numerator: bigint, denominator: bigint]>> = {
  n: [1n, 10n ** 9n],
  u: [1n, 10n ** 6n],
  m: [1n, 10n ** 3n],
  '': [1n, 1n],
  k: [10n ** 3n, 1n],
  M: [10n ** 6n, 1n],
  G: [10n ** 9n, 1n],
  T: [10n ** 12n, 1n],
  P: [10n ** 15n, 1n],
  E: [10n ** 18n, 1n],
  Ki: [2n ** 10n, 1n],
  Mi: [2n ** 20n, 1n],
  Gi: [2n ** 30n, 1n],
  Ti: [2n ** 40n, 1n],
  Pi: [2n ** 50n, 1n],
  Ei: [2n ** 60n, 1n],
}

/** An amount in billionths, at most 2^63 − 1 units where it has a binary suffix; undefined where this slow reader gives up. */
export function nanos(text: QuantityText): bigint | undefined {
  const amount = printedNanos(text)
  if (amount === undefined || !String(text).endsWith('i')) return amount
  const most = (2n ** 63n - 1n) * NANO
  return amount > most ? most : amount < -most ? -most : amount
}

/** A printed amount in billionths: sums may be greater than what may be written. */
export function printedNanos(text: QuantityText): bigint | undefined {
  const match = /^([+-]?)(\d*)\.?(\d*)([a-zA-Z]*|[eE][+-]?\d+)$/.exec(String(text))
  if (!match) return undefined
  const [, sign, whole = '', fraction = '', suffix = ''] = match
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix)
  const unit = exponent ? power(Number(exponent[1])) : SUFFIXES[suffix]
  if (!unit || whole + fraction === '') return undefined
  const numerator = BigInt(whole + fraction) * unit[0] * NANO
  const denominator = 10n ** BigInt(fraction.length) * unit[1]
  const magnitude = ceil(numerator, denominator)
  return sign === '-' ? -magnitude : magnitude
}

function power(exponent: number): readonly [bigint, bigint] {
  return exponent < 0 ? [1n, 10n ** BigInt(-exponent)] : [10n ** BigInt(exponent), 1n]
}

/** Billionths as whole parts of `per` billionths, rounded up, in 64 bits as they wrap. */
export function inParts(amount: bigint, per: bigint): bigint {
  return BigInt.asIntN(64, amount < 0n ? -ceil(-amount, per) : ceil(amount, per))
}

function ceil(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator
}
