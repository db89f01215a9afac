const QUANTITY = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$/
// Go's unicode.IsSpace, which Quantity.UnmarshalJSON trims.
const BLANKS =
  /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g

/** No quantity that means anything is spelled longer. */
const MAX_QUANTITY_LENGTH = 100
/** The API server's own numbers end near 10^18 and 10^-9. */
const MAX_EXPONENT = 60

export type QuantityFault = 'invalid' | 'negative' | 'absurd'

/**
 * What is wrong with the text of a quantity that the engine is to read: a spelling that the API server refuses
 * (apimachinery `pkg/api/resource/quantity.go`, v0.36.2), an amount below zero, an exponent or length beyond all sense.
 */
export function quantityFault(input: string): QuantityFault | undefined {
  if (input.length > MAX_QUANTITY_LENGTH) return 'absurd'
  const text = input.replace(BLANKS, '')
  const match = QUANTITY.exec(text)
  if (match === null) return 'invalid'
  const [, sign, whole = '', fraction = '', suffix = ''] = match
  if (whole === '' && fraction === '') return 'invalid'
  if (/^[eE][+-]?[0-9]/.test(suffix) && Math.abs(Number(suffix.slice(1))) > MAX_EXPONENT) return 'absurd'
  if (sign === '-' && /[1-9]/.test(whole + fraction)) return 'negative'
  return undefined
}

const SUFFIXES = 'n, u, m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei'

/** What would be right in place of a bad quantity. */
export function quantityNote(input: string): string {
  const ends = `A quantity is a number that ends in one of ${SUFFIXES}, in an exponent, or in nothing.`
  const corrected = /^([0-9]+(?:\.[0-9]+)?)\s*([kKmMgGtTpPeE])i?[bB]$/.exec(input.trim())
  if (corrected === null) return ends
  const unit = corrected[2]!.toUpperCase()
  return `${ends} Did you mean "${corrected[1]}${unit}i"?`
}

const TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:[.,]\d{1,9})?(Z|[+-]\d\d:\d\d)$/

/** A digit for each `d`, everything else as it stands. */
const PLAIN_TIME = 'dddd-dd-ddTdd:dd:ddZ'
const DIGIT = 0x64

/** Whether the text looks as the API server writes times; fields may be out of range. */
function looksPlain(input: string): boolean {
  if (input.length !== PLAIN_TIME.length) return false
  for (let i = 0; i < PLAIN_TIME.length; i++) {
    const expected = PLAIN_TIME.charCodeAt(i)
    const code = input.charCodeAt(i)
    if (expected === DIGIT ? code < 0x30 || code > 0x39 : code !== expected) return false
  }
  return true
}

function pairAt(input: string, at: number): number {
  return (input.charCodeAt(at) - 0x30) * 10 + input.charCodeAt(at + 1) - 0x30
}

/** An RFC 3339 time as the API server writes it, in UTC; `undefined` if the text is none. */
export function readTime(input: string): string | undefined {
  if (looksPlain(input)) {
    const month = pairAt(input, 5)
    const day = pairAt(input, 8)
    const inRange =
      month >= 1 && month <= 12 && day >= 1 && day <= 31 && pairAt(input, 11) < 24 && pairAt(input, 14) < 60
    return inRange && pairAt(input, 17) < 60 ? input : undefined
  }
  const match = TIME.exec(input)
  if (match === null) return undefined
  if (match[1] === 'Z') return input
  const time = new Date(input.replace(',', '.'))
  if (Number.isNaN(time.getTime())) return undefined
  return time.toISOString().replace(/\.000Z$/, 'Z')
}

/** Whether the first of two UTC times is later; times of the same second with and without a fraction too. */
export function isLater(a: string, b: string): boolean {
  if (a.length === b.length) return a > b
  const second = 19
  const left = a.slice(0, second)
  const right = b.slice(0, second)
  if (left !== right) return left > right
  return a.slice(second, -1) > b.slice(second, -1)
}

const NUMBER = /^-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/

export type NumberKind = 'integer' | 'decimal' | 'none'

/** What a scalar's text is by JSON's grammar. */
export function numberKind(input: string): NumberKind {
  const match = NUMBER.exec(input)
  if (match === null) return 'none'
  return match[1] === undefined && match[2] === undefined ? 'integer' : 'decimal'
}
