import { divideAwayFromZero, fitsInt64, powerOfTen, wrapInt64 } from './int64.ts'
import type { Quantity, QuantityFormat } from './types.ts'

/** `value` units in the given format; the value is taken as an int64 (`resource.NewQuantity`, apimachinery v0.36.2). */
export function quantityOf(value: bigint, format: QuantityFormat): Quantity {
  return { kind: 'quantity', format, unscaled: wrapInt64(value), scale: 0, form: 'int64' }
}

/** `value` thousandths in the given format; the value is taken as an int64 (`resource.NewMilliQuantity`, apimachinery v0.36.2). */
export function milliQuantityOf(value: bigint, format: QuantityFormat): Quantity {
  return { kind: 'quantity', format, unscaled: wrapInt64(value), scale: -3, form: 'int64' }
}

/** The same amount without the text it was read from, so that it prints in canonical form. */
export function recomputeQuantity(quantity: Quantity): Quantity {
  if (quantity.text === undefined) return quantity
  const { text: _, ...amount } = quantity
  return amount
}

/** −1, 0 or 1. */
export function quantitySign(quantity: Quantity): -1 | 0 | 1 {
  return quantity.unscaled === 0n ? 0 : quantity.unscaled < 0n ? -1 : 1
}

/** −1, 0 or 1 as `a` is less than, equal to or greater than `b`; exact whatever the spelling (`Quantity.Cmp`, apimachinery v0.36.2). */
export function compareQuantity(a: Quantity, b: Quantity): -1 | 0 | 1 {
  if (a.scale === b.scale) return order(a.unscaled, b.unscaled)
  const sign = quantitySign(a)
  const other = quantitySign(b)
  if (sign !== other || sign === 0) return order(BigInt(sign), BigInt(other))
  if (Math.abs(a.scale - b.scale) > 64) {
    // Far apart: the number of digits decides, unless the numbers themselves are that long.
    const length = magnitudeDigits(a)
    const otherLength = magnitudeDigits(b)
    if (length !== otherLength) return length < otherLength === sign > 0 ? -1 : 1
  }
  // Not powerOfTen, which is bounded: the difference is, by the length of the longer number.
  const factor = 10n ** BigInt(Math.abs(a.scale - b.scale))
  return a.scale > b.scale ? order(a.unscaled * factor, b.unscaled) : order(a.unscaled, b.unscaled * factor)
}

function order(a: bigint, b: bigint): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0
}

function magnitudeDigits(quantity: Quantity): number {
  const digits = quantity.unscaled.toString().length - (quantity.unscaled < 0n ? 1 : 0)
  return digits + quantity.scale
}

/**
 * The greater of the two, `a` if they are equal. If `b` wins against an arbitrary-precision `a` it becomes one itself,
 * as comparing in place does upstream (`maxResourceList`, component-helpers `resource/helpers.go`, v0.36.2).
 */
export function maxQuantity(a: Quantity, b: Quantity): Quantity {
  if (compareQuantity(b, a) <= 0) return a
  return a.form === 'decimal' && b.form !== 'decimal' ? { ...b, form: 'decimal' } : b
}

/** Exact sum in the format of `a`, or of `b` if `a` is zero; an int64 as long as it fits (`Quantity.Add`, apimachinery v0.36.2). */
export function addQuantity(a: Quantity, b: Quantity): Quantity {
  return sum(a, b, b.unscaled)
}

/** Exact difference in the format of `a`, or of `b` if `a` is zero (`Quantity.Sub`, apimachinery v0.36.2). */
export function subQuantity(a: Quantity, b: Quantity): Quantity {
  const bothSmall = a.form === 'int64' && b.form === 'int64'
  // Upstream negates in place, and the smallest int64 is its own negative.
  return sum(a, b, bothSmall ? wrapInt64(-b.unscaled) : -b.unscaled)
}

function sum(a: Quantity, b: Quantity, unscaled: bigint): Quantity {
  const format = a.unscaled === 0n ? b.format : a.format
  if (a.form === 'int64' && b.form === 'int64') {
    if (unscaled === 0n) return { kind: 'quantity', format, unscaled: a.unscaled, scale: a.scale, form: 'int64' }
    if (a.unscaled === 0n) return { kind: 'quantity', format, unscaled, scale: b.scale, form: 'int64' }
  }
  const scale = Math.min(a.scale, b.scale)
  const left = upscale(a.unscaled, a.scale - scale)
  const right = upscale(unscaled, b.scale - scale)
  const total = left + right
  const small = a.form === 'int64' && b.form === 'int64' && fitsInt64(left) && fitsInt64(right) && fitsInt64(total)
  return { kind: 'quantity', format, unscaled: total, scale, form: small ? 'int64' : 'decimal' }
}

function upscale(unscaled: bigint, by: number): bigint {
  return by === 0 || unscaled === 0n ? unscaled : unscaled * powerOfTen(by)
}

/** Rounds away from zero to a multiple of 10^`scale`; an amount that is coarser already keeps its text (`Quantity.RoundUp`, apimachinery v0.36.2). */
export function roundUpQuantity(quantity: Quantity, scale: number): Quantity {
  const { format, form } = quantity
  if (form === 'int64' && quantity.scale >= scale) return quantity
  const unscaled =
    quantity.scale >= scale
      ? upscale(quantity.unscaled, quantity.scale - scale)
      : divideAwayFromZero(quantity.unscaled, scale - quantity.scale)
  return { kind: 'quantity', format, unscaled, scale, form }
}
