import { compareQuantity, formatQuantity, type Quantity } from '../../quantity.ts'
import { isJsonObject, type Json } from '../json.ts'

// Values of CEL, the language of admission policies (github.com/google/cel-go v0.26.0 `common/types`), as far as policies use them.

/** One value of an evaluation. */
export type CelValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'uint'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | CelList
  | CelMap
  | CelObject
  | CelPatch
  | { readonly kind: 'quantity'; readonly value: Quantity }
  | { readonly kind: 'optional'; readonly value: CelValue | undefined }

/** `native` values come from the object that is admitted, and not from a literal; Go converts them in other ways. */
interface CelList {
  readonly kind: 'list'
  readonly native?: true
  readonly items: readonly CelValue[]
}

/** Keys are texts of the values, which tell kinds apart. */
export interface CelMap {
  readonly kind: 'map'
  readonly native?: true
  readonly entries: ReadonlyMap<string, { readonly key: CelValue; readonly value: CelValue }>
}

/** `Object.spec.template{…}`: the name of the type says at which field it belongs. */
export interface CelObject {
  readonly kind: 'object'
  readonly type: string
  readonly fields: ReadonlyMap<string, CelValue>
}

/** `JSONPatch{op: …, path: …}`. */
export interface CelPatch {
  readonly kind: 'patch'
  readonly op: string
  readonly path: string
  readonly from: string
  readonly value: CelValue | undefined
}

/** An error of evaluation, in cel-go's words; `&&` and `||` may pass over it. */
interface CelError {
  readonly kind: 'error'
  readonly text: string
}

/** Something of CEL that is not known here, so that the outcome cannot be told. */
export interface CelUnsupported {
  readonly kind: 'unsupported'
  readonly what: string
}

/** A value, or why there is none. */
export type CelResult = CelValue | CelError | CelUnsupported

/** `null`. */
export const NULL: CelValue = { kind: 'null' }
/** `true`. */
export const TRUE: CelValue = { kind: 'bool', value: true }
/** `false`. */
export const FALSE: CelValue = { kind: 'bool', value: false }

/** True for an error and for what is not known. */
export function isFailure(result: CelResult): result is CelError | CelUnsupported {
  return result.kind === 'error' || result.kind === 'unsupported'
}

/** A boolean of CEL. */
export function bool(value: boolean): CelValue {
  return value ? TRUE : FALSE
}

/** A string of CEL. */
export function string(value: string): CelValue {
  return { kind: 'string', value }
}

/** An integer of CEL, of 64 bits. */
export function int(value: bigint): CelValue {
  return { kind: 'int', value }
}

/** An error in the words of cel-go. */
export function error(text: string): CelError {
  return { kind: 'error', text }
}

/** Why an outcome cannot be told. */
export function unsupported(what: string): CelUnsupported {
  return { kind: 'unsupported', what }
}

/** What cel-go says of operands that no function takes. */
export const NO_OVERLOAD = error('no such overload')

/** The text that a value has as the key of a map; undefined if it cannot be one. */
export function keyText(key: CelValue): string | undefined {
  switch (key.kind) {
    case 'string':
      return `s${key.value}`
    case 'int':
    case 'uint':
      return `n${key.value}`
    case 'double':
      return Number.isInteger(key.value) ? `n${BigInt(key.value)}` : undefined
    case 'bool':
      return `b${key.value}`
    default:
      return undefined
  }
}

/** A map with texts as keys. */
export function mapOf(entries: Iterable<readonly [string, CelValue]>): CelMap {
  return { kind: 'map', entries: new Map([...entries].map(([key, value]) => [`s${key}`, { key: string(key), value }])) }
}

/** JSON as CEL sees an API object: whole numbers are integers. */
export function fromJson(value: Json): CelValue {
  if (value === null) return NULL
  switch (typeof value) {
    case 'string':
      return string(value)
    case 'boolean':
      return bool(value)
    case 'number':
      return Number.isInteger(value) ? int(BigInt(value)) : { kind: 'double', value }
  }
  if (isJsonObject(value)) {
    return { ...mapOf(Object.entries(value).map(([key, each]) => [key, fromJson(each)])), native: true }
  }
  return { kind: 'list', items: (value as readonly Json[]).map(fromJson), native: true }
}

/** Equality across kinds: values of kinds that cannot be compared differ; numbers compare by amount. */
export function equal(a: CelValue, b: CelValue): boolean {
  const order = compareNumbers(a, b)
  if (order !== undefined) return order === 0
  if (a.kind !== b.kind) return false
  switch (a.kind) {
    case 'null':
      return true
    case 'bool':
    case 'string':
      return a.value === (b as typeof a).value
    case 'list': {
      const other = (b as CelList).items
      return a.items.length === other.length && a.items.every((item, at) => equal(item, other[at] ?? NULL))
    }
    case 'map': {
      const other = (b as CelMap).entries
      if (a.entries.size !== other.size) return false
      for (const [key, { value }] of a.entries) {
        const entry = other.get(key)
        if (entry === undefined || !equal(value, entry.value)) return false
      }
      return true
    }
    case 'quantity':
      return compareQuantity(a.value, (b as typeof a).value) === 0
    case 'object':
      return a.type === (b as CelObject).type && equal(mapOf(a.fields), mapOf((b as CelObject).fields))
    case 'optional': {
      const other = (b as typeof a).value
      return a.value === undefined || other === undefined ? a.value === other : equal(a.value, other)
    }
    default:
      return a === b
  }
}

/** −1, 0 or 1 for two numbers of any kinds; undefined for anything else, and for what is not a number. */
export function compareNumbers(a: CelValue, b: CelValue): number | undefined {
  if (!isNumber(a) || !isNumber(b)) return undefined
  // JavaScript compares a bigint with a double by their exact amounts; what is not a number compares with nothing.
  if (a.value < b.value) return -1
  if (a.value > b.value) return 1
  return Number.isNaN(Number(a.value)) || Number.isNaN(Number(b.value)) ? undefined : 0
}

function isNumber(value: CelValue): value is Extract<CelValue, { kind: 'int' | 'uint' | 'double' }> {
  return value.kind === 'int' || value.kind === 'uint' || value.kind === 'double'
}

/** What a value is called in errors about its kind. */
export function typeName(value: CelValue): string {
  switch (value.kind) {
    case 'null':
      return 'null_type'
    case 'object':
      return value.type
    case 'patch':
      return 'JSONPatch'
    case 'quantity':
      return 'kubernetes.Quantity'
    case 'optional':
      return 'optional_type'
    default:
      return value.kind
  }
}

/** How Go prints a quantity that stands where a scalar is expected. */
export function goQuantity(value: Quantity): string {
  return `&{${formatQuantity(value)}}`
}
