import { compareQuantity } from './arithmetic.ts'
import { divideAwayFromZero, fitsInt64, MIN_INT64, powerOfTen } from './int64.ts'
import type { Quantity } from './types.ts'

const BINARY_SUFFIXES: readonly string[] = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const DECIMAL_SUFFIXES: ReadonlyMap<number, string> = new Map([
  [-9, 'n'],
  [-6, 'u'],
  [-3, 'm'],
  [0, ''],
  [3, 'k'],
  [6, 'M'],
  [9, 'G'],
  [12, 'T'],
  [15, 'P'],
  [18, 'E'],
])

const KIBI: Quantity = { kind: 'quantity', format: 'BinarySI', unscaled: 1024n, scale: 0, form: 'int64' }
const MINUS_KIBI: Quantity = { ...KIBI, unscaled: -1024n }

/** What Go's `String()` prints: the original text where upstream keeps it, else the canonical form (apimachinery `pkg/api/resource`, v0.36.2). */
export function formatQuantity(quantity: Quantity): string {
  return quantity.text ?? canonical(quantity)
}

function canonical(quantity: Quantity): string {
  if (quantity.unscaled === 0n) return '0'
  if (quantity.format === 'BinarySI') {
    const whole = wholeUnits(quantity)
    if (whole !== undefined) return binaryText(whole)
  }
  return decimalText(quantity)
}

/** The amount as an integer where it is printed in powers of 1024, that is from 1024 on and without a fraction. */
function wholeUnits(quantity: Quantity): { readonly value: bigint; readonly form: Quantity['form'] } | undefined {
  if (compareQuantity(quantity, MINUS_KIBI) > 0 && compareQuantity(quantity, KIBI) < 0) return undefined
  const { unscaled, scale, form } = quantity
  if (scale >= 0) {
    const value = unscaled * powerOfTen(scale)
    return { value, form: fitsInt64(value) ? form : 'decimal' }
  }
  const value = divideAwayFromZero(unscaled, -scale)
  return value * powerOfTen(-scale) === unscaled ? { value, form } : undefined
}

function binaryText(whole: { readonly value: bigint; readonly form: Quantity['form'] }): string {
  let { value } = whole
  let times = 0
  // Upstream takes the magnitude of an int64, and the smallest has none.
  if (whole.form === 'decimal' || value !== MIN_INT64) {
    while ((value & 1023n) === 0n) {
      value >>= 10n
      times++
    }
  }
  return `${value}${BINARY_SUFFIXES[times] ?? ''}`
}

function decimalText(quantity: Quantity): string {
  const digits = quantity.unscaled.toString()
  let end = digits.length
  while (digits.charCodeAt(end - 1) === 48) end--
  let exponent = quantity.scale + digits.length - end
  const beyond = ((exponent % 3) + 3) % 3
  exponent -= beyond
  const number = digits.slice(0, end) + '0'.repeat(beyond)
  if (quantity.format === 'DecimalExponent') return exponent === 0 ? number : `${number}e${exponent}`
  return number + (DECIMAL_SUFFIXES.get(exponent) ?? '')
}
