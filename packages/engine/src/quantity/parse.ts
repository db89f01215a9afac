import type { QuantityText } from '../api/meta.ts'
import { divideAwayFromZero, MAX_INT64, powerOfTen } from './int64.ts'
import type { Quantity, QuantityError, QuantityFormat } from './types.ts'

const FORMAT_WRONG: QuantityError = {
  kind: 'error',
  text: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
}
const NUMERIC: QuantityError = { kind: 'error', text: 'unable to parse numeric part of quantity' }
const SUFFIX: QuantityError = { kind: 'error', text: "unable to parse quantity's suffix" }

interface Unit {
  readonly base: 2 | 10
  readonly exponent: number
  readonly format: QuantityFormat
}

const decimal = (exponent: number): Unit => ({ base: 10, exponent, format: 'DecimalSI' })
const binary = (exponent: number): Unit => ({ base: 2, exponent, format: 'BinarySI' })

const UNITS: ReadonlyMap<string, Unit> = new Map([
  ['', decimal(0)],
  ['n', decimal(-9)],
  ['u', decimal(-6)],
  ['m', decimal(-3)],
  ['k', decimal(3)],
  ['M', decimal(6)],
  ['G', decimal(9)],
  ['T', decimal(12)],
  ['P', decimal(15)],
  ['E', decimal(18)],
  ['Ki', binary(10)],
  ['Mi', binary(20)],
  ['Gi', binary(30)],
  ['Ti', binary(40)],
  ['Pi', binary(50)],
  ['Ei', binary(60)],
])

const MAX_DECIMAL_DIGITS = 18
const NANO = -9
const ZERO: Quantity = { kind: 'quantity', format: 'DecimalSI', unscaled: 0n, scale: 0, form: 'int64', text: '0' }

const CODE_0 = 48
const CODE_9 = 57
const CODE_PLUS = 43
const CODE_MINUS = 45
const CODE_DOT = 46
const SUFFIX_CODES: ReadonlySet<number> = new Set([...'eEinumkKMGTP'].map(letter => letter.charCodeAt(0)))

/**
 * Reads a quantity as `resource.ParseQuantity` does, odd spellings and error texts included; a number is read as its
 * shortest decimal text. Blanks are an error here: `readQuantity` takes them as JSON decoding does
 * (apimachinery `pkg/api/resource/quantity.go`, v0.36.2).
 */
export function parseQuantity(input: QuantityText): Quantity | QuantityError {
  const text = typeof input === 'string' ? input : String(input)
  if (text === '') return FORMAT_WRONG
  if (text === '0') return ZERO
  const parts = split(text)
  if (parts === undefined) return FORMAT_WRONG
  const unit = UNITS.get(parts.suffix) ?? exponentUnit(parts.suffix)
  if (unit === undefined) return SUFFIX
  return parseShort(text, parts, unit) ?? parseLong(parts, unit)
}

// Go's unicode.IsSpace, which differs from String.trim in U+0085 and U+FEFF.
const BLANKS =
  /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g

/** Reads a quantity of an API object: as `parseQuantity`, but blanks around it are allowed and null is zero (`Quantity.UnmarshalJSON`, v0.36.2). */
export function readQuantity(input: QuantityText | null): Quantity | QuantityError {
  if (input === null) return ZERO
  if (typeof input !== 'string') return parseQuantity(input)
  const first = input.charCodeAt(0)
  const last = input.charCodeAt(input.length - 1)
  const trimmed = first > 32 && first < 127 && last > 32 && last < 127
  return parseQuantity(trimmed ? input : input.replace(BLANKS, ''))
}

interface Parts {
  readonly negative: boolean
  /** Digits before the point without leading zeros, `0` if that leaves none. */
  readonly whole: string
  /** Digits after the point. */
  readonly fraction: string
  readonly suffix: string
  /** False for texts such as `k` or `.`, which count as zero only on the short path. */
  readonly hasDigits: boolean
}

function split(text: string): Parts | undefined {
  const end = text.length
  let at = 0
  const first = text.charCodeAt(0)
  if (first === CODE_MINUS || first === CODE_PLUS) at = 1
  const numberStart = at
  while (at < end && text.charCodeAt(at) === CODE_0) at++
  const wholeStart = at
  at = skipDigits(text, at)
  const whole = at === wholeStart ? '0' : text.slice(wholeStart, at)
  // Without anything after sign and zeros upstream answers zero before it looks for digits.
  let hasDigits = at > numberStart || at === end
  let fraction = ''
  if (at < end && text.charCodeAt(at) === CODE_DOT) {
    const fractionStart = at + 1
    at = skipDigits(text, fractionStart)
    fraction = text.slice(fractionStart, at)
    hasDigits ||= fraction !== ''
  }
  const suffixStart = at
  while (at < end && SUFFIX_CODES.has(text.charCodeAt(at))) at++
  if (at < end) {
    const sign = text.charCodeAt(at)
    if (sign === CODE_MINUS || sign === CODE_PLUS) at++
    if (skipDigits(text, at) !== end) return undefined
  }
  return { negative: first === CODE_MINUS, whole, fraction, suffix: text.slice(suffixStart), hasDigits }
}

function skipDigits(text: string, from: number): number {
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < CODE_0 || code > CODE_9) break
  }
  return at
}

function exponentUnit(suffix: string): Unit | undefined {
  if (!/^[eE][+-]?[0-9]+$/.test(suffix)) return undefined
  // Upstream reads 64 bits and keeps the low 32. More than 40 digits are read only to be refused or to be zeros.
  const digits = suffix.slice(1).replace(/^([+-]?)0+(?=[0-9])/, '$1')
  if (digits.length > 40) return undefined
  const parsed = BigInt(digits.startsWith('+') ? digits.slice(1) : digits)
  if (parsed !== BigInt.asIntN(64, parsed)) return undefined
  return { base: 10, exponent: Number(BigInt.asIntN(32, parsed)), format: 'DecimalExponent' }
}

/** The path that upstream takes where the amount surely is an int64; it alone remembers the text. */
function parseShort(text: string, parts: Parts, unit: Unit): Quantity | undefined {
  const { whole, fraction } = parts
  const digits = whole.length + fraction.length
  const isBinary = unit.base === 2
  if (isBinary) {
    if (fraction !== '') return undefined
    if (15 - digits - (unit.exponent * 3) / 10 - 1 < 0) return undefined
  } else if (digits > MAX_DECIMAL_DIGITS) return undefined
  const scale = isBinary ? 0 : (unit.exponent - fraction.length) | 0
  if (scale < NANO) return undefined

  const shifted = fraction === '' ? whole : whole + fraction
  const value = digits <= 15 ? BigInt(Number(shifted)) : BigInt(shifted)
  const magnitude = isBinary ? value << BigInt(unit.exponent) : value
  const unscaled = parts.negative ? -magnitude : magnitude
  const kept = isBinary
    ? (value & 7n) !== 0n
    : scale % 3 === 0 && !shifted.endsWith('000') && shifted.charCodeAt(0) !== CODE_0
  const { format } = unit
  if (kept) return { kind: 'quantity', format, unscaled, scale, form: 'int64', text }
  return { kind: 'quantity', format, unscaled, scale, form: 'int64' }
}

function parseLong(parts: Parts, unit: Unit): Quantity | QuantityError {
  if (!parts.hasDigits) return NUMERIC
  const { fraction } = parts
  let magnitude = BigInt(parts.whole + fraction)
  let scale = -fraction.length
  let format = unit.format
  if (unit.base === 10) scale = (unit.exponent - fraction.length) | 0
  else magnitude <<= BigInt(unit.exponent)

  if (magnitude !== 0n) {
    // Anything asked for is at least one nano.
    magnitude = scale < NANO ? divideAwayFromZero(magnitude, NANO - scale) : magnitude * powerOfTen(scale - NANO)
    scale = NANO
    if (format === 'BinarySI') {
      const one = powerOfTen(-NANO)
      if (magnitude > MAX_INT64 * one) {
        magnitude = MAX_INT64
        scale = 0
      } else if (magnitude < one) format = 'DecimalSI'
    }
  }
  return { kind: 'quantity', format, unscaled: parts.negative ? -magnitude : magnitude, scale, form: 'decimal' }
}
