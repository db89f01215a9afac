import { formatGoFloat, isUint64 } from './go-number.ts'
import { type Fold, foldGoValue, GoFloat, type GoScalar, type GoValue } from './go-value.ts'

const PRINTABLE = /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u

const NAMED_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\\', '\\\\'],
])

/** The text as strconv.Quote of Go writes it, without the quotes; `quote` is the kind that is escaped. */
export function escapeGoText(text: string, quote: string): string {
  if (/^[ !#-&(-[\]-~]*$/.test(text)) return text
  let out = ''
  for (const character of text) out += character === quote ? `\\${quote}` : escapeCharacter(character)
  return out
}

function escapeCharacter(character: string): string {
  const named = NAMED_ESCAPES.get(character)
  if (named !== undefined) return named
  const code = character.codePointAt(0) ?? 0
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`
  if (PRINTABLE.test(character)) return character
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`
}

function hex(value: number | bigint, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

function printScalar(value: GoScalar): string {
  if (value === null) return 'interface {}(nil)'
  if (typeof value === 'string') return `"${escapeGoText(value, '"')}"`
  if (value instanceof GoFloat) return formatGoFloat(value.value, 64)
  if (typeof value === 'bigint' && isUint64(value)) return `0x${hex(value, 1)}`
  return String(value)
}

/** The order in which fmt prints keys of several types: that of the types in the oracle's binary, Go having no rule. */
function typeRank(key: GoScalar): number {
  if (key === null) return 0
  if (typeof key === 'string') return 1
  if (key instanceof GoFloat) return 4
  if (typeof key === 'boolean') return 5
  return isUint64(key) ? 2 : 3
}

function compareKeys(a: GoScalar, b: GoScalar): number {
  const rank = typeRank(a) - typeRank(b)
  if (rank !== 0) return rank
  if (typeof a === 'string' && typeof b === 'string') return compareGoStrings(a, b)
  if (a instanceof GoFloat && b instanceof GoFloat) return compareFloats(a.value, b.value)
  if (typeof a === 'boolean' || typeof b === 'boolean') return Number(a) - Number(b)
  return compareWhole(a as number | bigint, b as number | bigint)
}

function compareWhole(a: number | bigint, b: number | bigint): number {
  return Number(a > b) - Number(a < b)
}

/** NaN comes first, as in Go's cmp.Compare. */
function compareFloats(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a))
  return Number(a > b) - Number(a < b)
}

/** Compares by bytes of UTF-8, which is by code points; a lone byte stands for itself. */
export function compareGoStrings(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  for (let at = 0; at < shorter; at++) {
    const left = a.charCodeAt(at)
    const right = b.charCodeAt(at)
    if (left !== right) return byteRank(left) - byteRank(right)
  }
  return a.length - b.length
}

/** Orders UTF-16 units as the bytes of their characters: surrogate pairs above all others. */
function byteRank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit <= 0xdfff ? unit + 0x10000 : unit
}

const PRINTER: Fold<string> = {
  scalar: printScalar,
  list: items => `[]interface {}{${joined(items, ', ')}}`,
  map: entries => {
    const sorted = entries.toSorted((a, b) => compareKeys(a.key, b.key))
    const parts = sorted.map(({ key, result }) => `${printScalar(key)}:${result}`)
    return `map[interface {}]interface {}{${joined(parts, ', ')}}`
  },
}

/** Joins without copying the parts, which would cost the square of the depth of a nested value. */
export function joined(parts: readonly string[], separator: string): string {
  return parts.reduce((text, part, at) => (at === 0 ? part : `${text}${separator}${part}`), '')
}

/** Prints a value as fmt's `%#v` does. */
export function printGoValue(value: GoValue): string {
  return value === null ? '<nil>' : foldGoValue(value, PRINTER)
}
