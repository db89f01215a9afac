import type { Json } from '../json.ts'
import { type CelObject, type CelValue, typeName } from './cel-values.ts'

/** A value as JSON, or why it is none. */
type AsJson =
  | { readonly kind: 'json'; readonly json: Json }
  | { readonly kind: 'error'; readonly text: string }
  /** The server itself fails, so that the client sees its connection closed. */
  | { readonly kind: 'panic' }
  | { readonly kind: 'unsupported'; readonly what: string }

const NOT_JSON = 'JSONPath valueExpression evaluated to a type that could not marshal to JSON: '
const EXACT = 2n ** 53n - 1n

/**
 * The value of a patch operation as JSON. A list or a map literal with typed objects inside makes kube-apiserver panic
 * (cel-go v0.26.0 `common/types/list.go` by way of apiserver `policy/mutating/patch/json_patch.go`, v0.36.2).
 */
export function patchValue(value: CelValue): AsJson {
  switch (value.kind) {
    case 'object':
      return objectJson(value)
    case 'list':
      return all(value.items.map(inLiteral), list => list)
    case 'map':
      return entriesJson([...value.entries.values()].map(({ key, value: each }) => [key, inLiteral(each)] as const))
    default:
      return scalarJson(value)
  }
}

/** Inside a literal a typed object cannot be converted. */
function inLiteral(value: CelValue): AsJson {
  return value.kind === 'object' ? { kind: 'panic' } : patchValue(value)
}

/** A typed object: its lists may hold objects and scalars, its maps scalars, and nothing else can be converted. */
export function objectJson({ fields }: CelObject): AsJson {
  return entriesJson([...fields].map(([name, value]) => [{ kind: 'string', value: name }, fieldJson(value)] as const))
}

function fieldJson(value: CelValue): AsJson {
  switch (value.kind) {
    case 'object':
      return objectJson(value)
    case 'list':
      return all(value.items.map(elementJson), list => list)
    case 'map':
      return entriesJson([...value.entries.values()].map(({ key, value: each }) => [key, elementJson(each)] as const))
    case 'null':
      return { kind: 'unsupported', what: 'null in a typed object' }
    default:
      return scalarJson(value)
  }
}

function elementJson(value: CelValue): AsJson {
  if (value.kind === 'object') return objectJson(value)
  if (value.kind !== 'list' && value.kind !== 'map') return scalarJson(value)
  if (value.native) return patchValue(value)
  const type = value.kind === 'list' ? '[]ref.Val' : 'map[ref.Val]ref.Val'
  return { kind: 'error', text: `${NOT_JSON}proto: invalid type: ${type}` }
}

function scalarJson(value: CelValue): AsJson {
  switch (value.kind) {
    case 'null':
      return { kind: 'json', json: null }
    case 'bool':
    case 'string':
      return { kind: 'json', json: value.value }
    case 'int':
    case 'uint': {
      const isExact = value.value >= -EXACT && value.value <= EXACT
      return { kind: 'json', json: isExact ? Number(value.value) : String(value.value) }
    }
    case 'double':
      if (Number.isFinite(value.value)) return { kind: 'json', json: value.value }
      return { kind: 'unsupported', what: 'a number that is not finite' }
    case 'quantity':
      return { kind: 'error', text: `${NOT_JSON}type conversion error from 'Quantity' to '*structpb.Value'` }
    default:
      return { kind: 'unsupported', what: `${typeName(value)} as a value` }
  }
}

function entriesJson(entries: readonly (readonly [CelValue, AsJson])[]): AsJson {
  const keys: string[] = []
  for (const [key] of entries) {
    if (key.kind !== 'string') return { kind: 'unsupported', what: 'a key that is no text' }
    keys.push(key.value)
  }
  return all(
    entries.map(([, value]) => value),
    values => Object.fromEntries(values.map((value, at) => [keys[at] ?? '', value])),
  )
}

/** All as one, or the gravest failure among them. */
function all(results: readonly AsJson[], combine: (values: readonly Json[]) => Json): AsJson {
  const values: Json[] = []
  for (const result of results) {
    if (result.kind === 'json') values.push(result.json)
    else return result
  }
  return { kind: 'json', json: combine(values) }
}

/** Where the names of typed objects are not those of the fields that they are in (`CheckTypeNamesMatchFieldPathNames`, apiserver `pkg/cel/mutation/dynamic/objects.go`, v0.36.2). */
export function typeMismatches(value: CelValue, expected: string): readonly string[] {
  switch (value.kind) {
    case 'object': {
      const own =
        value.type === expected
          ? []
          : [
              `unexpected type name "${value.type}", expected "${expected}", which matches field name path from root Object type`,
            ]
      return [...own, ...[...value.fields].flatMap(([name, field]) => typeMismatches(field, `${expected}.${name}`))]
    }
    case 'list':
      return value.items.flatMap(item => typeMismatches(item, expected))
    case 'map':
      return [...value.entries.values()].flatMap(entry => typeMismatches(entry.value, expected))
    default:
      return []
  }
}
