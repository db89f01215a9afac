import { goQuote } from '../../go-text.ts'
import { byText, isJsonObject, type Json, type JsonObject } from '../json.ts'
import type { ApiType, ListType } from '../schema/api-schema.ts'
import { objectJson } from './cel-json.ts'
import { type CelObject, type CelValue, goQuantity, typeName } from './cel-values.ts'

/** What an apply configuration makes of an object. */
type Applied =
  | { readonly kind: 'applied'; readonly object: JsonObject }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'unsupported'; readonly what: string }

type Problem =
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'unsupported'; readonly what: string }

const GO_TYPES: Readonly<Record<string, string>> = { uint: 'uint64', null: 'structpb.NullValue' }

/** Values of keys that a list's elements may leave out, by field name. */
const KEY_DEFAULTS: Readonly<Record<string, Json>> = { name: '', protocol: 'TCP', uid: '' }

/**
 * Merges an apply configuration into an object as the server does: fields one by one, lists with keys element by element; what is
 * replaced as a whole may not be touched (`ApplyStructuredMergeDiff`, apiserver `policy/mutating/patch/smd.go`, v0.36.2).
 */
export function applyConfiguration(object: JsonObject, configuration: CelObject, type: ApiType): Applied {
  const problem = typedProblem(configuration, type, '')
  if (problem?.kind === 'unsupported') return problem
  if (problem !== undefined) {
    return {
      kind: 'error',
      text: `error applying patch: failed to convert patch object to typed object: ${problem.text}`,
    }
  }
  const atomics = atomicPaths(configuration, type, '')
  if (atomics.length > 0) {
    const list = atomics.toSorted(byText).join(', ')
    const rule = 'invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs'
    return { kind: 'error', text: `error applying patch: ${rule}: ${list}` }
  }
  const json = objectJson(configuration)
  if (json.kind !== 'json') return { kind: 'unsupported', what: 'a value of the apply configuration' }
  const merged = merge(object, json.json, type)
  return { kind: 'applied', object: isJsonObject(merged) ? merged : {} }
}

/** The first thing that does not fit the type, in the words of structured-merge-diff v6.3.2 (`typed/validate.go`). */
function typedProblem(value: CelValue, type: ApiType, path: string): Problem | undefined {
  switch (type.kind) {
    case 'any':
      return undefined
    case 'string':
    case 'time':
    case 'bytes':
      return value.kind === 'string'
        ? undefined
        : scalarProblem(value, path, `expected string, got &value.valueUnstructured{Value:${unstructured(value)}}`)
    case 'bool':
      return value.kind === 'bool'
        ? undefined
        : scalarProblem(value, path, `expected boolean, got &{${printed(value)}}`)
    case 'int32':
    case 'int64': {
      if (value.kind === 'int' || value.kind === 'double') return undefined
      return scalarProblem(value, path, `expected numeric (int or float), got ${GO_TYPES[value.kind] ?? value.kind}`)
    }
    case 'quantity':
    case 'intOrString':
      if (isScalar(value)) return undefined
      if (value.kind === 'quantity') return problem(path, `expected any scalar, got ${goQuantity(value.value)}`)
      return scalarProblem(value, path, `expected any scalar, got &{${printed(value)}}`)
    case 'list':
      return listProblem(value, type, path)
    case 'map':
    case 'struct':
      return mapProblem(value, type, path)
  }
}

function listProblem(value: CelValue, type: ListType, path: string): Problem | undefined {
  if (value.kind !== 'list') return scalarProblem(value, path, `expected list, got &{${printed(value)}}`)
  const seen = new Set<string>()
  for (const [index, item] of value.items.entries()) {
    let at = `${path}[${index}]`
    if (type.relationship === 'keys') {
      const fields = fieldsOf(item)
      if (fields === undefined || (item.kind === 'map' && !item.native)) {
        return problem(path, `element ${index}: associative list with keys may not have non-map elements`)
      }
      const key = keyOf(type, name => fields.get(name))
      if (key === undefined) return { kind: 'unsupported', what: 'the key of an element' }
      if (seen.has(key)) return problem(path, `duplicate entries for key ${key}`)
      seen.add(key)
      at = path + key
    }
    const found = typedProblem(item, type.element, at)
    if (found !== undefined) return found
  }
  return undefined
}

function mapProblem(
  value: CelValue,
  type: Extract<ApiType, { kind: 'map' | 'struct' }>,
  path: string,
): Problem | undefined {
  const fields = fieldsOf(value)
  if (fields === undefined) return scalarProblem(value, path, `expected map, got &{${printed(value)}}`)
  const problems: Problem[] = []
  for (const [name, field] of fields) {
    const at = `${path}.${name}`
    const inner = type.kind === 'map' ? type.value : type.fields.get(name)?.type
    const found = inner === undefined ? problem(at, 'field not declared in schema') : typedProblem(field, inner, at)
    if (found !== undefined) problems.push(found)
  }
  const [first, second] = problems
  // Upstream lists several in random order.
  return second === undefined ? first : { kind: 'unsupported', what: 'several errors in one apply configuration' }
}

/** Everything in the configuration that can only be replaced as a whole. */
function atomicPaths(value: CelValue, type: ApiType, path: string): readonly string[] {
  const fields = fieldsOf(value)
  if (fields !== undefined && (type.kind === 'map' || type.kind === 'struct')) {
    const own = type.atomic ? [path] : []
    // Upstream looks into declared fields only, not into the values of a map.
    const inner = [...fields].flatMap(([name, field]) => {
      const declared = type.kind === 'struct' ? type.fields.get(name)?.type : undefined
      return declared === undefined ? [] : atomicPaths(field, declared, `${path}.${name}`)
    })
    return [...own, ...inner]
  }
  if (value.kind !== 'list' || type.kind !== 'list') return []
  const own = type.relationship === 'atomic' ? [path] : []
  return [...own, ...value.items.flatMap((item, index) => atomicPaths(item, type.element, `${path}[${index}]`))]
}

/** The right value where both have one, except that objects and lists with keys are merged (structured-merge-diff v6.3.2 `typed/merge.go`). */
function merge(left: Json | undefined, right: Json, type: ApiType): Json {
  if ((type.kind === 'struct' || type.kind === 'map') && isJsonObject(right)) {
    const merged: Record<string, Json> = isJsonObject(left) ? { ...left } : {}
    for (const [name, value] of Object.entries(right)) {
      const inner = type.kind === 'map' ? type.value : type.fields.get(name)?.type
      if (inner !== undefined) merged[name] = merge(merged[name], value, inner)
    }
    return merged
  }
  if (type.kind === 'list' && Array.isArray(right)) return mergeLists(Array.isArray(left) ? left : [], right, type)
  return right
}

/** Elements of both, in an order that keeps both as far as it can. */
function mergeLists(left: readonly Json[], right: readonly Json[], type: ListType): Json {
  const keyOfItem = (item: Json): string =>
    type.relationship === 'set' || !isJsonObject(item)
      ? JSON.stringify(item)
      : (keyOf(type, name => (item[name] === undefined ? undefined : scalar(item[name]))) ?? '')
  const leftKeys = left.map(keyOfItem)
  const rightKeys = right.map(keyOfItem)
  const shared = rightKeys.filter(key => leftKeys.includes(key))
  const merged = new Set<string>()
  const result: Json[] = []
  const takeBoth = (at: number): void => {
    const key = rightKeys[at] ?? ''
    merged.add(key)
    const own = leftKeys.indexOf(key)
    result.push(merge(own < 0 ? undefined : left[own], right[at] ?? null, type.element))
    if (shared[0] === key) shared.shift()
  }
  let l = 0
  let r = 0
  while (l < left.length || r < right.length) {
    const key = leftKeys[l]
    if (key !== undefined && r < right.length) {
      if (key === rightKeys[r]) {
        takeBoth(r)
        l++
        r++
        continue
      }
      if (rightKeys.includes(key) && shared.length > 0 && shared[0] !== key) {
        l++
        continue
      }
    }
    if (key !== undefined) {
      if (!rightKeys.includes(key)) {
        result.push(left[l] ?? null)
        l++
        continue
      }
      if (merged.has(key)) l++
    }
    if (r < right.length) {
      takeBoth(r)
      r++
    }
  }
  return result
}

/** `[name="main"]` or `[containerPort=80,protocol="TCP"]`; undefined if a key is no scalar. */
function keyOf(type: ListType, fieldOf: (name: string) => CelValue | undefined): string | undefined {
  const parts: string[] = []
  for (const name of type.keys.toSorted(byText)) {
    const value = fieldOf(name) ?? scalar(KEY_DEFAULTS[name] ?? '')
    if (value === undefined || !isScalar(value)) return undefined
    parts.push(`${name}=${value.kind === 'string' ? goQuote(value.value) : printed(value)}`)
  }
  return `[${parts.join(',')}]`
}

function scalar(value: Json): CelValue | undefined {
  switch (typeof value) {
    case 'string':
      return { kind: 'string', value }
    case 'number':
      return Number.isInteger(value) ? { kind: 'int', value: BigInt(value) } : { kind: 'double', value }
    case 'boolean':
      return { kind: 'bool', value }
    default:
      return undefined
  }
}

function fieldsOf(value: CelValue): ReadonlyMap<string, CelValue> | undefined {
  if (value.kind === 'object') return value.fields
  if (value.kind !== 'map') return undefined
  const entries = [...value.entries.values()]
  return new Map(entries.map(({ key, value: each }) => [key.kind === 'string' ? key.value : '', each]))
}

function isScalar(value: CelValue): boolean {
  return ['string', 'bool', 'int', 'uint', 'double'].includes(value.kind)
}

function scalarProblem(value: CelValue, path: string, text: string): Problem {
  const isPrinted = isScalar(value) || value.kind === 'null' || isEmpty(value)
  return isPrinted ? problem(path, text) : unknown(value)
}

function isEmpty(value: CelValue): boolean {
  return (value.kind === 'list' && value.items.length === 0) || (value.kind === 'map' && value.entries.size === 0)
}

function unknown(value: CelValue): Problem {
  return { kind: 'unsupported', what: `${typeName(value)} where the type does not fit` }
}

function problem(path: string, text: string): Problem {
  return { kind: 'error', text: `${path}: ${text}` }
}

function printed(value: CelValue): string {
  if (value.kind === 'null') return 'NULL_VALUE'
  if (value.kind === 'list') return '[]'
  if (value.kind === 'map') return 'map[]'
  return 'value' in value ? String(value.value) : ''
}

/** How Go prints the value inside the wrapper of an unstructured one. */
function unstructured(value: CelValue): string {
  if (value.kind === 'null') return '0'
  return value.kind === 'string' ? goQuote(value.value) : printed(value)
}
