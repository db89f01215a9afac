import type { QuantityText } from '../api/meta.ts'
import { readQuantity } from './parse.ts'
import { quantityMilliValue, quantityValue } from './value.ts'

/** A whole number: `number` within ±(2^53 − 1), else `bigint`. */
export type WholeNumber = number | bigint

/** Distinct texts remembered of each kind; a full table is emptied. */
const MAX_REMEMBERED = 65_536
const MAX_SHORT_DIGITS = 15

/** Factors of the suffixes whose numbers a double holds exactly; `m` is the only one below one. */
const FACTORS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
])

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
    const known = this.#values.get(text)
    if (known !== undefined) return known
    const value = this.#read(text, 1)
    remember(this.#values, text, value)
    return value
  }

  /** Thousandths, rounded up (cpu). */
  milli(text: QuantityText): WholeNumber {
    const known = this.#millis.get(text)
    if (known !== undefined) return known
    const milli = this.#read(text, 1000)
    remember(this.#millis, text, milli)
    return milli
  }

  #read(text: QuantityText, per: 1 | 1000): WholeNumber {
    const short = typeof text === 'number' ? shortNumber(text, per) : shortText(text, per)
    if (short !== undefined) return short
    const quantity = readQuantity(text)
    if (quantity.kind === 'error') {
      if (this.#errors.size < MAX_REMEMBERED) this.#errors.set(text, quantity.text)
      return 0
    }
    return wholeNumber(per === 1 ? quantityValue(quantity) : quantityMilliValue(quantity))
  }
}

function remember(table: Map<QuantityText, WholeNumber>, text: QuantityText, value: WholeNumber): void {
  if (table.size >= MAX_REMEMBERED) table.clear()
  table.set(text, value)
}

/** The number as a double where that is exact. */
export function wholeNumber(value: bigint): WholeNumber {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value
}

function shortNumber(value: number, per: number): number | undefined {
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
  const suffix = text.slice(at)
  if (suffix === 'm') return per === 1000 ? number : Math.ceil(number / 1000)
  const factor = FACTORS.get(suffix)
  if (factor === undefined) return undefined
  const scaled = number * factor * per
  return scaled <= Number.MAX_SAFE_INTEGER ? scaled : undefined
}
