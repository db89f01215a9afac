import { divideAwayFromZero, MIN_INT64, powerOfTen, wrapInt64 } from './int64.ts'
import type { Quantity } from './types.ts'

/** The amount in whole units as Go's `Value()` returns it: rounded up, an int64 that wraps (apimachinery `pkg/api/resource`, v0.36.2). */
export function quantityValue(quantity: Quantity): bigint {
  return scaledValue(quantity, 0)
}

/** The amount in thousandths as Go's `MilliValue()` returns it: rounded up, an int64 that wraps (apimachinery `pkg/api/resource`, v0.36.2). */
export function quantityMilliValue(quantity: Quantity): bigint {
  return scaledValue(quantity, -3)
}

function scaledValue(quantity: Quantity, scale: number): bigint {
  const { unscaled } = quantity
  if (unscaled === 0n) return 0n
  const up = quantity.scale - scale
  if (quantity.form === 'int64') return up < 0 ? divideAwayFromZero(unscaled, -up) : scaleUp(unscaled, up)
  return scaledDecimal(unscaled, up)
}

/** int64 product with 10^up. On overflow upstream's constant factors wrap, its loop for the other exponents gives zero. */
function scaleUp(value: bigint, up: number): bigint {
  if (up === 0) return value
  const wraps = up === 1 || up === 2 || up === 3 || up === 6 || up === 9
  if (up > 18 || (wraps && value === MIN_INT64)) return 0n
  const product = value * powerOfTen(up)
  const wrapped = wrapInt64(product)
  return wraps || wrapped === product ? wrapped : 0n
}

function scaledDecimal(unscaled: bigint, up: number): bigint {
  if (up === 0) return wrapInt64(unscaled)
  if (up > 0) {
    // From 10^19 on upstream converts a float64 that is no int64, which gives the smallest one.
    const factor = up < 19 ? powerOfTen(up) : MIN_INT64
    return wrapInt64(wrapInt64(unscaled) * factor)
  }
  const down = -up
  if (unscaled < 2n ** 63n - 1n && down < 19) {
    const low = wrapInt64(unscaled)
    const divisor = powerOfTen(down)
    const quotient = low / divisor
    return quotient * divisor === low ? quotient : quotient + 1n
  }
  const divisor = powerOfTen(down)
  const quotient = unscaled / divisor
  const remainder = unscaled % divisor
  const floor = remainder < 0n ? quotient - 1n : quotient
  return remainder === 0n ? wrapInt64(floor) : wrapInt64(wrapInt64(floor) + 1n)
}
