import { GoFloat } from './go-value.ts'

const MAX_INT64 = 2n ** 63n - 1n
const MIN_INT64 = -(2n ** 63n)
const MAX_UINT64 = 2n ** 64n - 1n
/** More digits than the 64 of a binary number are out of range; it also keeps a number of a million digits cheap. */
const MOST_DIGITS = 64

const SMALL = /^-?[1-9][0-9]{0,14}$/
const WHOLE = /^([-+]?)(?:0b([01]+)|0o([0-7]+)|0x([0-9a-f]+)|0([0-7]*)|([1-9][0-9]*))$/i
const SIGNED_BINARY = /^0b([-+])([01]+)$/
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
/** What strconv.ParseFloat takes after a dot; underscores stand between digits. */
const DOT_FLOAT = /^\.[0-9](?:_?[0-9])*(?:[eE][-+]?[0-9](?:_?[0-9])*)?$/

/**
 * Reads a scalar that starts with a digit or a sign as go.yaml.in/yaml/v2 v2.4.3 does (resolve.go, `resolve`): int64, else
 * uint64, else float64; undefined if it is none. Underscores do not count, a leading 0 means octal.
 */
export function parseNumber(text: string): number | bigint | GoFloat | undefined {
  if (SMALL.test(text)) return Number(text)
  const plain = text.includes('_') ? text.replaceAll('_', '') : text
  const whole = WHOLE.exec(plain)
  if (whole !== null) {
    const [, sign = '', binary, octal, hex, oldOctal, decimal] = whole
    const value =
      wholeOf(sign, binary, 2) ??
      wholeOf(sign, octal ?? oldOctal, 8) ??
      wholeOf(sign, hex, 16) ??
      wholeOf(sign, decimal, 10)
    if (value !== undefined) return value
  }
  if (FLOAT.test(plain)) return finite(plain)
  const signed = SIGNED_BINARY.exec(plain)
  return signed === null ? undefined : wholeOf(signed[1] ?? '', signed[2], 2)
}

/** Reads a scalar that starts with a dot, as strconv.ParseFloat does. */
export function parseDotFloat(text: string): GoFloat | undefined {
  return DOT_FLOAT.test(text) ? finite(text.replaceAll('_', '')) : undefined
}

/** A number out of range is no number for go-yaml; one that is too small is 0. */
function finite(text: string): GoFloat | undefined {
  const value = Number(text)
  return Number.isFinite(value) ? new GoFloat(value) : undefined
}

const PREFIXES: ReadonlyMap<number, string> = new Map([
  [2, '0b'],
  [8, '0o'],
  [10, ''],
  [16, '0x'],
])

/** The value within int64, or within uint64 if it has no sign. */
function wholeOf(sign: string, digits: string | undefined, base: number): number | bigint | undefined {
  if (digits === undefined) return undefined
  const short = digits.replace(/^0+/, '')
  if (short.length > MOST_DIGITS) return undefined
  const magnitude = short === '' ? 0n : BigInt(`${PREFIXES.get(base) ?? ''}${short}`)
  const value = sign === '-' ? -magnitude : magnitude
  if (value < MIN_INT64 || value > (sign === '' ? MAX_UINT64 : MAX_INT64)) return undefined
  return value >= -MAX_SAFE && value <= MAX_SAFE ? Number(value) : value
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER)

/** Whether the whole number is beyond int64, and so a uint64 for go-yaml. */
export function isUint64(value: number | bigint): boolean {
  return typeof value === 'bigint' && value > MAX_INT64
}

/** Prints a float as strconv.FormatFloat(value, 'g', -1, bits) does: the shortest digits that read back as the same float. */
export function formatGoFloat(value: number, bits: 32 | 64): string {
  const rounded = bits === 32 ? Math.fround(value) : value
  if (Number.isNaN(rounded)) return 'NaN'
  if (!Number.isFinite(rounded)) return rounded > 0 ? '+Inf' : '-Inf'
  const sign = rounded < 0 || Object.is(rounded, -0) ? '-' : ''
  const [mantissa = '0', power = '0'] = shortest(Math.abs(rounded), bits).split('e')
  const digits = mantissa.replace('.', '')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= LARGE_EXPONENT) return `${sign}${mantissa}e${exponentText(exponent)}`
  return sign + positional(digits, exponent)
}

/** From this power of ten on FormatFloat writes an exponent. */
const LARGE_EXPONENT = 6

function exponentText(exponent: number): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function positional(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  const rest = digits.slice(exponent + 1)
  return rest === '' ? whole : `${whole}.${rest}`
}

/** The shortest digits in exponential form. */
function shortest(value: number, bits: 32 | 64): string {
  if (bits === 64 || value === 0) return value.toExponential()
  const exact = value.toExponential(MOST_FRACTION_DIGITS)
  const [mantissa = '', exponent = ''] = exact.split('e')
  const digits = mantissa.replace('.', '')
  for (let count = 1; count < MOST_FLOAT32_DIGITS; count++) {
    for (const rounded of bothRoundings(digits, count)) {
      const shown = `${rounded[0]}.${rounded.slice(1)}`.replace(/\.?0*$/, '')
      // Rounding 9.99 up carries into a digit more.
      const text = `${shown}e${Number(exponent) + rounded.length - count}`
      if (Math.fround(Number(text)) === value) return text
    }
  }
  return value.toExponential(MOST_FLOAT32_DIGITS - 1)
}

/** As many as toExponential gives. */
const MOST_FRACTION_DIGITS = 100
/** So many digits tell any two float32 apart. */
const MOST_FLOAT32_DIGITS = 9

/** The first digits, rounded to the nearer side, half to even, and then to the other. */
function bothRoundings(digits: string, count: number): readonly string[] {
  const down = digits.slice(0, count)
  const up = String(Number(down) + 1)
  const rest = digits.slice(count)
  const half = `5${'0'.repeat(rest.length - 1)}`
  const nearerUp = rest > half || (rest === half && Number(down) % 2 === 1)
  return nearerUp ? [up, down] : [down, up]
}
