import { KeyTable } from '../json/key-table.ts'

/**
 * What is read of a value and which type it must have: the tables that both projection and validation follow.
 * `shared` values are interned: equal ones become one object. Maps of texts and of quantities always are.
 */
export type Shape =
  /** `kept: false` for texts that hardly ever repeat. `nonEmpty` refuses "". */
  | { readonly kind: 'text'; readonly kept: boolean; readonly nonEmpty: boolean }
  /** RFC 3339. `past` times say how new a dump is; a time that is not `stored` is only looked at for that. */
  | { readonly kind: 'time'; readonly past: boolean; readonly stored: boolean }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'flag' }
  | { readonly kind: 'quantity' }
  /** A whole number or a percentage. */
  | { readonly kind: 'countOrPercent' }
  /** Texts by name; only names that `allows` takes, if it is given. */
  | { readonly kind: 'texts'; readonly allows?: (name: string) => boolean }
  | { readonly kind: 'quantities' }
  /** Read as `{}`: only that it is there counts. */
  | { readonly kind: 'presence' }
  | ListShape
  | ObjectShape

export interface ListShape {
  readonly kind: 'list'
  readonly of: Shape
  readonly shared: boolean
  /** Elements that nothing needs. */
  readonly drops?: (element: unknown) => boolean
}

export interface ObjectShape {
  readonly kind: 'object'
  readonly names: readonly string[]
  readonly shapes: readonly Shape[]
  readonly keys: KeyTable
  /** Bit n: field n must be there. */
  readonly required: number
  readonly shared: boolean
  /** Objects under names that are not listed are read as `{}` too. */
  readonly restAsPresence: boolean
}

export const text: Shape = { kind: 'text', kept: true, nonEmpty: false }
export const nonEmptyText: Shape = { kind: 'text', kept: true, nonEmpty: true }
export const uniqueText: Shape = { kind: 'text', kept: false, nonEmpty: false }
export const uniqueName: Shape = { kind: 'text', kept: false, nonEmpty: true }
export const pastTime: Shape = { kind: 'time', past: true, stored: true }
export const anyTime: Shape = { kind: 'time', past: false, stored: true }
export const seenTime: Shape = { kind: 'time', past: true, stored: false }
export const int32: Shape = { kind: 'integer', min: -(2 ** 31), max: 2 ** 31 - 1 }
export const int64: Shape = { kind: 'integer', min: -(2 ** 63), max: 2 ** 63 }
export const count: Shape = { kind: 'integer', min: 0, max: 2 ** 31 - 1 }
export const flag: Shape = { kind: 'flag' }
export const quantity: Shape = { kind: 'quantity' }
export const quantities: Shape = { kind: 'quantities' }
export const countOrPercent: Shape = { kind: 'countOrPercent' }
export const texts: Shape = { kind: 'texts' }
export const presence: Shape = { kind: 'presence' }

export function textsWhere(allows: (name: string) => boolean): Shape {
  return { kind: 'texts', allows }
}

export function list(of: Shape, drops?: (element: unknown) => boolean): ListShape {
  return { kind: 'list', of, shared: false, ...(drops === undefined ? {} : { drops }) }
}

export interface ObjectOptions {
  readonly required?: readonly string[]
  readonly restAsPresence?: boolean
}

export function object(fields: Readonly<Record<string, Shape>>, options: ObjectOptions = {}): ObjectShape {
  const names = Object.keys(fields)
  if (names.length > 31) throw new RangeError(`a shape has ${names.length} fields; its set of required fields holds 31`)
  let required = 0
  for (const name of options.required ?? []) required |= 1 << names.indexOf(name)
  return {
    kind: 'object',
    names,
    shapes: Object.values(fields),
    keys: new KeyTable(names),
    required,
    shared: false,
    restAsPresence: options.restAsPresence ?? false,
  }
}

/** The same shape with everything in it interned. */
export function shared<S extends Shape>(shape: S): S {
  switch (shape.kind) {
    case 'object':
      return { ...shape, shared: true, shapes: shape.shapes.map(field => shared(field)) }
    case 'list':
      return { ...shape, shared: true, of: shared(shape.of) }
    default:
      return shape
  }
}
