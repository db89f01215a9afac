import { readQuantity } from '../quantity.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'
import type { ApiField, ApiType, StructType } from './schema/api-schema.ts'

/** The object as the API server reads it, or the first error of its decoder. */
export type Decoded = DecodedObject | DecodeError

interface DecodedObject {
  readonly kind: 'object'
  readonly object: JsonObject
  /** Paths of fields that the type does not have; strict decoding refuses them. */
  readonly unknownFields: readonly string[]
}

/** What the decoder says of an object that it cannot read. */
export interface DecodeError {
  readonly kind: 'error'
  readonly text: string
}

const MAX_DEPTH = 1_000
const MAX_INT32 = 2_147_483_647

/** Kinds of mandatory fields that stand with their zero value where the input has none. */
const ALWAYS_WRITTEN: ReadonlySet<ApiType['kind']> = new Set(['string', 'bool', 'int32', 'int64'])

/**
 * Reads JSON into an API type as the server's decoder does: a wrong type is an error in its words, `null` is absent, and what a
 * Go struct would not write again (`""`, `0`, `false`, empty lists and maps of optional fields) is left out, as are
 * fields that the type does not have (sigs.k8s.io/json `internal/golang/encoding/json/decode.go`, 2025-07-30).
 */
export function decode(value: unknown, type: StructType): Decoded {
  const decoder = new Decoder()
  const object = decoder.struct(value ?? {}, type, { struct: '', path: '', place: '' }, 0)
  if (decoder.error !== undefined) return { kind: 'error', text: decoder.error }
  return { kind: 'object', object: object ?? {}, unknownFields: decoder.unknownFields }
}

/** `Pod in version "v1" cannot be handled as a Pod: …` around a decoder's error (apiserver `handlers/negotiation`, v0.36.2). */
export function cannotBeHandled(kind: string, error: DecodeError): string {
  return `${kind} in version "v1" cannot be handled as a ${kind}: ${error.text}`
}

/** The struct that errors name and the fields that led into it, joined by points. */
interface Context {
  readonly struct: string
  readonly path: string
  /** The same with indexes and keys, as strict decoding says it. */
  readonly place: string
}

class Decoder {
  /** Of the first value that does not fit; the others are read on, as upstream does. */
  error: string | undefined
  readonly unknownFields: string[] = []

  struct(value: unknown, type: StructType, context: Context, depth: number): JsonObject | undefined {
    if (value === null || value === undefined) return undefined
    if (!isJsonObject(value)) return this.#mismatch(value, type.goName, context)
    if (depth > MAX_DEPTH) return this.#fail('exceeded max depth')
    const result = new Map<string, Json>()
    for (const [name, element] of Object.entries(value)) {
      const field = type.fields.get(name)
      if (field === undefined) {
        this.unknownFields.push(context.place + name)
        continue
      }
      const path = [context.path, field.embedded ?? '', name].filter(part => part !== '').join('.')
      const decoded = this.value(
        element,
        field.type,
        { struct: type.name, path, place: context.place + name },
        depth + 1,
      )
      if (decoded === undefined || (!field.pointer && !field.always && isZero(decoded, field.type))) continue
      result.set(name, decoded)
    }
    for (const field of type.fields.values()) if (!result.has(field.name)) setMandatory(result, field)
    // Not by assignment, which would take a key `__proto__` for the prototype.
    return Object.fromEntries(result)
  }

  value(value: unknown, type: ApiType, context: Context, depth: number): Json | undefined {
    if (value === null || value === undefined) return undefined
    switch (type.kind) {
      case 'struct':
        return this.struct(value, type, { ...context, place: `${context.place}.` }, depth)
      case 'list':
        if (!Array.isArray(value)) return this.#mismatch(value, type.goName, context)
        return value.map((element, index) => {
          const at = { ...context, place: `${context.place}[${index}]` }
          return this.value(element, type.element, at, depth + 1) ?? zeroOf(type.element)
        })
      case 'map':
        return this.#map(value, type.value, type.goName, context, depth)
      case 'string':
      case 'time':
      case 'bytes':
        return typeof value === 'string' ? value : this.#mismatch(value, type.goName, context)
      case 'bool':
        return typeof value === 'boolean' ? value : this.#mismatch(value, type.goName, context)
      case 'int32':
      case 'int64':
        return this.#integer(value, type.kind, type.goName, context)
      case 'quantity':
        return this.#quantity(value)
      case 'intOrString':
        return typeof value === 'string' ? value : this.#integer(value, 'int32', 'int32', context)
      case 'any':
        return value as Json
    }
  }

  #map(value: unknown, of: ApiType, goName: string, context: Context, depth: number): Json | undefined {
    if (!isJsonObject(value)) return this.#mismatch(value, goName, context)
    const at = (key: string): Context => ({ ...context, place: `${context.place}.${key}` })
    return Object.fromEntries(
      Object.entries(value).map(([key, element]) => [key, this.value(element, of, at(key), depth + 1) ?? zeroOf(of)]),
    )
  }

  #integer(value: unknown, kind: 'int32' | 'int64', goName: string, context: Context): Json | undefined {
    if (typeof value === 'bigint') return this.#mismatch(value, goName, context, ` ${value}`)
    if (typeof value !== 'number') return this.#mismatch(value, goName, context)
    const fits = Number.isInteger(value) && (kind === 'int64' || (value <= MAX_INT32 && value >= -MAX_INT32 - 1))
    return fits ? value : this.#mismatch(value, goName, context, ` ${value}`)
  }

  #quantity(value: unknown): Json | undefined {
    const given = typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value)
    const quantity = readQuantity(given)
    if (quantity.kind === 'error') return this.#fail(quantity.text)
    return given
  }

  #mismatch(value: unknown, goName: string, context: Context, literal = ''): undefined {
    const where = context.struct === '' ? 'Go value' : `Go struct field ${context.struct}.${context.path}`
    return this.#fail(`json: cannot unmarshal ${jsonKind(value)}${literal} into ${where} of type ${goName}`)
  }

  #fail(text: string): undefined {
    this.error ??= text
    return undefined
  }
}

function jsonKind(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value === 'bigint' ? 'number' : typeof value
}

function isZero(value: Json, type: ApiType): boolean {
  if (type.kind === 'any') return false
  if (value === '' || value === 0 || value === false) return true
  if (Array.isArray(value)) return value.length === 0
  return type.kind === 'map' && Object.keys(value as JsonObject).length === 0
}

/** Some fields are written even when nobody has set them. */
function setMandatory(result: Map<string, Json>, { name, always, pointer, type }: ApiField): void {
  if (!always || pointer) return
  if (type.kind === 'struct' || ALWAYS_WRITTEN.has(type.kind)) result.set(name, zeroOf(type))
}

/** What `null` becomes as an element of a list or a map. */
function zeroOf(type: ApiType): Json {
  switch (type.kind) {
    case 'struct': {
      const zero = new Map<string, Json>()
      for (const field of type.fields.values()) setMandatory(zero, field)
      return Object.fromEntries(zero)
    }
    case 'map':
      return {}
    case 'list':
      return []
    case 'bool':
      return false
    case 'int32':
    case 'int64':
    case 'intOrString':
      return 0
    case 'quantity':
      return '0'
    case 'string':
    case 'time':
    case 'bytes':
    case 'any':
      return ''
  }
}
