import { decodeBase64, decodeUtf8 } from './base64.ts'
import { isUint64, parseDotFloat, parseNumber } from './go-number.ts'
import { GoFloat, type GoScalar } from './go-value.ts'
import type { YamlNode } from './nodes.ts'
import { isTimestamp } from './timestamp.ts'

const PREFIX = 'tag:yaml.org,2002:'
const STRING = `${PREFIX}str`
export const BINARY = `${PREFIX}binary`
const TIMESTAMP = `${PREFIX}timestamp`
const INT = `${PREFIX}int`
const FLOAT = `${PREFIX}float`

/** Tags by which go-yaml reads a scalar; any other leaves it a string. */
const RESOLVABLE: ReadonlySet<string> = new Set([STRING, TIMESTAMP, INT, FLOAT, `${PREFIX}bool`, `${PREFIX}null`])

/** YAML 1.1's words that are not strings, in the spellings that go-yaml knows. */
const WORDS: ReadonlyMap<string, GoScalar> = new Map<string, GoScalar>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(word => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(word => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map(word => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map(word => [word, new GoFloat(Number.NaN)] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    word => [word, new GoFloat(Number.POSITIVE_INFINITY)] as const,
  ),
  ...['-.inf', '-.Inf', '-.INF'].map(word => [word, new GoFloat(Number.NEGATIVE_INFINITY)] as const),
])
const LONGEST_WORD = 5

const TEXT = 0
/** The first character of a word. */
const WORD = 1
const DOT = 2
/** A digit or a sign. */
const NUMBER = 3
const HINTS = new Uint8Array(128)
for (const letter of 'yYnNtTfFoO~') HINTS[letter.charCodeAt(0)] = WORD
for (const letter of '+-0123456789') HINTS[letter.charCodeAt(0)] = NUMBER
HINTS[0x2e] = DOT

/** What a plain scalar without a tag stands for. */
function resolvePlain(text: string): GoScalar {
  if (text === '') return null
  const hint = HINTS[text.charCodeAt(0)] ?? TEXT
  if (hint === TEXT) return text
  if (text.length <= LONGEST_WORD) {
    const word = WORDS.get(text)
    if (word !== undefined) return word
  }
  if (hint === NUMBER) return parseNumber(text) ?? text
  return (hint === DOT ? parseDotFloat(text) : undefined) ?? text
}

/** What a scalar stands for, by go.yaml.in/yaml/v2 v2.4.3 (decode.go, `scalar`; resolve.go, `resolve`). */
export function resolveScalar(node: YamlNode): GoScalar {
  const { tag, value } = node
  if (tag === '') return node.implicit ? resolvePlain(value) : value
  if (tag === BINARY) return resolveBinary(node)
  if (tag === STRING || !RESOLVABLE.has(tag)) return value
  // What looks like a time is tried before numbers, and stays a string.
  const isTime = tag === TIMESTAMP && isTimestamp(value)
  const resolved = isTime ? value : resolvePlain(value)
  const found = isTime ? TIMESTAMP : tagOf(resolved)
  if (found === tag) return resolved
  if (tag === FLOAT && found === INT && !isUint64(resolved as number | bigint)) return new GoFloat(Number(resolved))
  throw node.problem('yaml-tag', `cannot decode ${shortTag(found)} \`${value}\` as a ${shortTag(tag)}`)
}

function resolveBinary(node: YamlNode): string {
  const bytes = decodeBase64(node.value)
  if (bytes !== undefined) return decodeUtf8(bytes)
  throw node.problem('yaml-tag', '!!binary value contains invalid base64 data')
}

function tagOf(value: GoScalar): string {
  if (value === null) return `${PREFIX}null`
  if (value instanceof GoFloat) return FLOAT
  if (typeof value === 'boolean') return `${PREFIX}bool`
  return typeof value === 'string' ? STRING : INT
}

function shortTag(tag: string): string {
  return `!!${tag.slice(PREFIX.length)}`
}
