import { MAX_JSON_DEPTH } from './go-json.ts'
import { formatGoFloat, isUint64 } from './go-number.ts'
import { compareGoStrings, joined, printGoValue } from './go-print.ts'
import { type Fold, foldGoValue, type GoEntry, GoFloat, GoMap, type GoScalar, type GoValue } from './go-value.ts'
import { setOwn } from './own-property.ts'
import type { YamlErrorCode } from './problem.ts'
import type { JsonValue } from './types.ts'

/** What sigs.k8s.io/yaml makes of a decoded document; `random` if Go walks a map whose order decides about it. */
export type Converted = { readonly random: boolean } & (
  | { readonly kind: 'value'; readonly value: JsonValue }
  /** It is `certain` if Go fails in any order, be it with another error. */
  | { readonly kind: 'error'; readonly error: string; readonly code: YamlErrorCode; readonly certain: boolean }
)

const CONVERTING = 'error converting YAML to JSON: '

/**
 * Makes JSON as sigs.k8s.io/yaml v1.6.0 does (yaml.go, `convertToJSONableObject`, then encoding/json). Keys become strings, so
 * two keys may meet in one; Go then takes either, and this takes the one whose document is first by its text.
 */
export function toJson(value: GoValue): Converted {
  const { unsupported } = foldGoValue(value, UNSUPPORTED)
  if (unsupported.length > 0) return errorOf('yaml-unsupported-key', unsupported.map(unsupportedKey), true)
  const json = foldGoValue(value, MARSHAL)
  if (json.errors.length > 0) return errorOf('yaml-unsupported-value', json.errors, !json.clean)
  if (json.depth > MAX_JSON_DEPTH) {
    const bracket = firstTooDeep(json.value)
    const error = `error unmarshaling JSON: while decoding JSON: invalid character '${bracket}' exceeded max depth`
    return { kind: 'error', error, code: 'yaml-too-deep', certain: true, random: json.random }
  }
  return { kind: 'value', value: json.value, random: json.random }
}

function errorOf(code: YamlErrorCode, errors: readonly string[], certain: boolean): Converted {
  const sorted = errors.toSorted(compareGoStrings)
  const random = !certain || sorted[0] !== sorted.at(-1)
  return { kind: 'error', error: CONVERTING + (sorted[0] ?? ''), code, certain, random }
}

/** The string that a key becomes; undefined if JSON has none for it. */
export function jsonKey(key: GoScalar): string | undefined {
  if (typeof key === 'string') return key
  if (key === null) return undefined
  if (key instanceof GoFloat) return floatKey(key.value)
  return typeof key !== 'boolean' && isUint64(key) ? undefined : String(key)
}

/** go-yaml prints it as a float32, whatever the precision it was read with. */
function floatKey(value: number): string {
  const text = formatGoFloat(value, 32)
  if (text === 'NaN') return '.nan'
  if (text === '+Inf') return '.inf'
  return text === '-Inf' ? '-.inf' : text
}

/** A value, and the entries below it with keys that JSON cannot have, of which Go meets any first. */
interface Unsupported {
  readonly value: GoValue
  readonly unsupported: readonly GoEntry[]
}

const UNSUPPORTED: Fold<Unsupported> = {
  scalar: value => ({ value, unsupported: [] }),
  list: items => ({
    value: items.map(item => item.value),
    unsupported: items.find(item => item.unsupported.length > 0)?.unsupported ?? [],
  }),
  map: entries => {
    const value = new GoMap()
    for (const { key, result } of entries) value.set(key, result.value)
    const unsupported = entries.flatMap(({ key, result }) =>
      jsonKey(key) === undefined ? [{ key, value: result.value }] : result.unsupported,
    )
    return { value, unsupported }
  },
}

function unsupportedKey({ key, value }: GoEntry): string {
  const type = key === null ? '%!s(<nil>)' : 'uint64'
  return `unsupported map key of type: ${type}, key: ${printGoValue(key)}, value: ${printGoValue(value)}`
}

/** JSON, with its text where texts have to be compared. */
interface Marshaled {
  readonly value: JsonValue
  readonly text: string
  /** Errors that Go may meet first. */
  readonly errors: readonly string[]
  /** Whether Go may meet none. */
  readonly clean: boolean
  readonly random: boolean
  readonly depth: number
}

const MARSHAL: Fold<Marshaled> = {
  scalar: value => {
    if (value instanceof GoFloat && !Number.isFinite(value.value)) {
      const error = `json: unsupported value: ${formatGoFloat(value.value, 64)}`
      return { value: null, text: '', errors: [error], clean: false, random: false, depth: 0 }
    }
    const json = scalarOf(value)
    return { value: json, text: textOf(json), errors: [], clean: true, random: false, depth: 0 }
  },
  list: items => ({
    value: items.map(item => item.value),
    text: `[${joined(
      items.map(item => item.text),
      ',',
    )}]`,
    ...combined(items),
  }),
  map: entries => {
    const byKey = new Map<string, Marshaled[]>()
    for (const { key, result } of entries) {
      const text = jsonKey(key) ?? ''
      const same = byKey.get(text)
      if (same === undefined) byKey.set(text, [result])
      else same.push(result)
    }
    const keys = Array.from(byKey.keys()).toSorted(compareGoStrings)
    const value: { [key: string]: JsonValue } = {}
    const parts: string[] = []
    const chosen: Marshaled[] = []
    for (const [at, key] of keys.entries()) {
      const choice = choose(byKey.get(key) ?? [], at === keys.length - 1 ? '}' : ',')
      setOwn(value, wellFormed(key), choice.value)
      parts.push(`${JSON.stringify(wellFormed(key))}:${choice.text}`)
      chosen.push(choice)
    }
    return { value, text: `{${joined(parts, ',')}}`, ...combined(chosen) }
  },
}

/** The values are marshaled in turn, up to the first that fails. */
function combined(parts: readonly Marshaled[]): Omit<Marshaled, 'value' | 'text'> {
  const failing = parts.findIndex(part => !part.clean)
  const reached = failing < 0 ? parts : parts.slice(0, failing + 1)
  return {
    errors: reached.flatMap(part => part.errors),
    clean: failing < 0,
    random: parts.some(part => part.random),
    depth: 1 + parts.reduce((deepest, part) => Math.max(deepest, part.depth), 0),
  }
}

/** Takes one of the values that one key has; `next` is the character that follows in the text. */
function choose(values: readonly Marshaled[], next: string): Marshaled {
  const [first, ...others] = values.toSorted((a, b) => compareGoStrings(a.text + next, b.text + next))
  if (first === undefined) throw new Error('a key without a value')
  if (others.length === 0) return first
  return {
    value: first.value,
    text: first.text,
    errors: values.flatMap(value => value.errors),
    clean: values.some(value => value.clean),
    random: values.some(value => value.random || value.text !== first.text || !value.clean),
    depth: Math.max(...values.map(value => value.depth)),
  }
}

function scalarOf(value: GoScalar): JsonValue {
  if (value instanceof GoFloat) return value.value
  return typeof value === 'string' ? wellFormed(value) : value
}

function textOf(value: JsonValue): string {
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value)
}

/** encoding/json writes U+FFFD for a byte that is no UTF-8. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}

/** The bracket at which encoding/json finds the text nested too deep. */
function firstTooDeep(root: JsonValue): string {
  const stack: Iterator<JsonValue>[] = []
  let value: JsonValue | undefined = root
  for (;;) {
    if (typeof value === 'object' && value !== null) {
      if (stack.length === MAX_JSON_DEPTH) return Array.isArray(value) ? '[' : '{'
      stack.push(Object.values(value).values())
    }
    for (;;) {
      const top = stack.at(-1)
      if (top === undefined) return ''
      const next: IteratorResult<JsonValue> = top.next()
      if (next.done !== true) {
        value = next.value
        break
      }
      stack.pop()
    }
  }
}
