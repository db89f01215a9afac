import { API_TYPES } from './api-types.ts'

/** What a JSON value is decoded into. `goName` is how Go prints the type in error texts. */
export type ApiType = ScalarType | StructType | ListType | MapType

interface ScalarType {
  readonly kind: 'string' | 'bool' | 'int32' | 'int64' | 'bytes' | 'quantity' | 'intOrString' | 'time' | 'any'
  readonly goName: string
}

/** A type with fields. */
export interface StructType {
  readonly kind: 'struct'
  readonly goName: string
  /** The name in error texts that name a field's owner. */
  readonly name: string
  readonly fields: ReadonlyMap<string, ApiField>
  /** True if a merge replaces the whole. */
  readonly atomic: boolean
}

/** A list, and what tells its elements apart. */
export interface ListType {
  readonly kind: 'list'
  readonly goName: string
  readonly element: ApiType
  /** How elements of two lists are matched in a merge; an atomic list is replaced. */
  readonly relationship: 'atomic' | 'set' | 'keys'
  /** Empty unless the relationship is `keys`. */
  readonly keys: readonly string[]
}

interface MapType {
  readonly kind: 'map'
  readonly goName: string
  readonly value: ApiType
  readonly atomic: boolean
}

/** One field of a struct. */
export interface ApiField {
  readonly name: string
  readonly type: ApiType
  /** A present zero value means something other than an absent one. */
  readonly pointer: boolean
  /** Name of the embedded struct that it belongs to. */
  readonly embedded?: string
  /** Written even when it is empty. */
  readonly always: boolean
}

const SCALARS: ReadonlyMap<string, ScalarType> = new Map<string, ScalarType>([
  ['string', { kind: 'string', goName: 'string' }],
  ['bool', { kind: 'bool', goName: 'bool' }],
  ['int32', { kind: 'int32', goName: 'int32' }],
  ['int64', { kind: 'int64', goName: 'int64' }],
  ['bytes', { kind: 'bytes', goName: '[]uint8' }],
  ['quantity', { kind: 'quantity', goName: 'resource.Quantity' }],
  ['intOrString', { kind: 'intOrString', goName: 'intstr.IntOrString' }],
  ['time', { kind: 'time', goName: 'v1.Time' }],
  ['any', { kind: 'any', goName: 'interface {}' }],
])

/** The API types by name, read from the table on first use; types of no table are a bug and throw. */
export class ApiSchema {
  /** The one table is read once, type by type as they are met. */
  static readonly shared = new ApiSchema()
  readonly #types = new Map<string, ApiType>()

  type(name: string): ApiType {
    const known = SCALARS.get(name) ?? this.#types.get(name)
    if (known !== undefined) return known
    const definition = API_TYPES[name]
    if (definition === undefined) throw new Error(`no API type ${name}`)
    const type = this.#define(name, definition)
    this.#types.set(name, type)
    return type
  }

  struct(name: string): StructType {
    const type = this.type(name)
    if (type.kind !== 'struct') throw new Error(`${name} is no struct`)
    return type
  }

  #define(name: string, definition: string): ApiType {
    const goName = `v1.${name}`
    if (!definition.includes(':')) return { ...this.#expression(definition), goName }
    const atomic = definition.startsWith('! ')
    const fields = (atomic ? definition.slice(2) : definition).split(' ').map(text => this.#field(text))
    return { kind: 'struct', goName, name, fields: new Map(fields.map(field => [field.name, field])), atomic }
  }

  #field(text: string): ApiField {
    const colon = text.indexOf(':')
    const always = text.endsWith('!')
    const expression = text.slice(colon + 1, always ? -1 : undefined)
    const pointer = expression.startsWith('*')
    const [name = '', embedded] = text.slice(0, colon).split('.').reverse()
    const typeOf = (): ApiType => this.#expression(pointer ? expression.slice(1) : expression)
    let known: ApiType | undefined
    return {
      name,
      pointer,
      always,
      ...(embedded === undefined ? {} : { embedded }),
      // Most fields of most types are never met.
      get type(): ApiType {
        known ??= typeOf()
        return known
      },
    }
  }

  #expression(text: string): ApiType {
    if (text.startsWith('{')) {
      const value = this.type(text.slice(text.indexOf('}') + 1))
      return { kind: 'map', goName: `map[string]${value.goName}`, value, atomic: text.startsWith('{!') }
    }
    if (!text.startsWith('[')) return this.type(text)
    const end = text.indexOf(']')
    const element = this.type(text.slice(end + 1))
    const inside = text.slice(1, end)
    const relationship = inside === '' ? 'atomic' : inside === '=' ? 'set' : 'keys'
    const keys = relationship === 'keys' ? inside.split(',') : []
    return { kind: 'list', goName: `[]${element.goName}`, element, relationship, keys }
  }
}
