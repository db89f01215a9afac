import type { QuantityText } from '../api/meta.ts'
import { readQuantity } from './parse.ts'
import { quantityMilliValue, quantityValue } from './value.ts'

/** A whole number: `number` within ±(2^53 − 1), else `bigint`. */
export type WholeNumber = number | bigint

/** Distinct texts remembered of each kind; a full table is emptied. Plain numbers are read again, which costs less than to find them. */
const MAX_REMEMBERED = 65_536
const MAX_SHORT_DIGITS = 15

const MILLI = 109
const BINARY = 105
const DECIMAL: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9, T: 1e12 }
const POWERS_OF_1024: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 }

/**
 * Reads quantities in bulk, for dumps with a million of them: the int64 of `Value()` and `MilliValue()` by text, remembered.
 * A text that is no quantity counts as 0 and is kept in `errors`. The memory is bounded and changes no answer.
 */
export class QuantityReader {
  /** Texts that are no quantity, with apimachinery's error. */
  readonly errors: ReadonlyMap<QuantityText, string>
  readonly #errors = new Map<QuantityText, string>()
  readonly #values = new Map<QuantityText, WholeNumber>()
  readonly #millis = new Map<QuantityText, WholeNumber>()

  constructor() {
    this.errors = this.#errors
  }

  /** Whole units, rounded up (memory, storage, pods, extended resources). */
  value(text: QuantityText): WholeNumber {
    return short(text, 1) ?? this.#exact(text, 1, this.#values)
  }

  /** Thousandths, rounded up (cpu). */
  milli(text: QuantityText): WholeNumber {
    return short(text, 1000) ?? this.#exact(text, 1000, this.#millis)
  }

  #exact(text: QuantityText, per: 1 | 1000, remembered: Map<QuantityText, WholeNumber>): WholeNumber {
    const known = remembered.get(text)
    if (known !== undefined) return known
    const value = this.#read(text, per)
    if (remembered.size >= MAX_REMEMBERED) remembered.clear()
    remembered.set(text, value)
    return value
  }

  #read(text: QuantityText, per: 1 | 1000): WholeNumber {
    const quantity = readQuantity(text)
    if (quantity.kind === 'error') {
      if (this.#errors.size < MAX_REMEMBERED) this.#errors.set(text, quantity.text)
      return 0
    }
    return wholeNumber(per === 1 ? quantityValue(quantity) : quantityMilliValue(quantity))
  }
}

function short(text: QuantityText, per: 1 | 1000): number | undefined {
  return typeof text === 'string' ? shortText(text, per) : shortNumber(text, per)
}

/**
 * A plain quantity in units or thousandths, not rounded: its digits with a usual suffix, where the amount is whole and not negative
 * and a double holds it. Undefined for every other text.
 */
export function exactNumber(text: QuantityText, per: 1 | 1000): number | undefined {
  if (typeof text !== 'string') return text >= 0 ? shortNumber(text, per) : undefined
  return per === 1 && text.endsWith('m') ? undefined : shortText(text, per)
}

/** The number as a double where that is exact. */
export function wholeNumber(value: bigint): WholeNumber {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value
}

function shortNumber(value: number, per: 1 | 1000): number | undefined {
  const scaled = value * per
  return Number.isSafeInteger(value) && Number.isSafeInteger(scaled) ? scaled + 0 : undefined
}

/** Plain digits with a usual suffix, computed in doubles; undefined where that is not surely exact. */
function shortText(text: string, per: 1 | 1000): number | undefined {
  let number = 0
  let at = 0
  for (; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) break
    number = number * 10 + digit
  }
  if (at === 0 || at > MAX_SHORT_DIGITS) return undefined
  const rest = text.length - at
  if (rest === 1 && text.charCodeAt(at) === MILLI) return per === 1000 ? number : Math.ceil(number / 1000)
  const scaled = number * factor(text, at, rest) * per
  return scaled <= Number.MAX_SAFE_INTEGER ? scaled : undefined
}

/** What the suffix multiplies by, NaN for one that is not usual. */
function factor(text: string, at: number, length: number): number {
  if (length === 0) return 1
  if (length === 1) return DECIMAL[text.charAt(at)] ?? Number.NaN
  return length === 2 && text.charCodeAt(at + 1) === BINARY
    ? (POWERS_OF_1024[text.charAt(at)] ?? Number.NaN)
    : Number.NaN
}
