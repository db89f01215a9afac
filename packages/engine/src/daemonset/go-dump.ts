import { isJsonObject, type Json, type JsonObject } from '../admission/json.ts'
import type { ApiField, ApiType, StructType } from '../admission/schema/api-schema.ts'
import { type Quantity, readQuantity } from '../quantity.ts'
import { EMBEDDED, goName, type StructDifferences } from './go-names.ts'

const ZERO_TIME = '{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}'
const NO_AMOUNT = '(resource.infDecAmount){Dec:(*inf.Dec)<nil>}'
const WORD_BITS = 64n

/**
 * An object of an API type as Go dumps it to hash it: every field in order with name and type, nothing left out, keys of maps sorted
 * (`dump.ForHash`, k8s.io/utils `dump/dump.go`, 2026-02-10; go-spew `spew/format.go`, v1.1.2). Times are dumped as not set; so are
 * managed fields.
 */
export function goDump(object: JsonObject, type: StructType, differences: StructDifferences): string {
  return new Dumper(differences).typed(object, type, false)
}

class Dumper {
  readonly #differences: StructDifferences

  constructor(differences: StructDifferences) {
    this.#differences = differences
  }

  /** The type in parentheses, then the value. */
  typed(value: Json | undefined, type: ApiType, pointer: boolean): string {
    const name = typeName(type)
    if (!pointer) return `(${name})${this.#bare(value, type)}`
    return `(*${name})${value === undefined ? '<nil>' : this.#bare(value, type)}`
  }

  #bare(value: Json | undefined, type: ApiType): string {
    switch (type.kind) {
      case 'struct':
        return this.#struct(isJsonObject(value) ? value : {}, type)
      case 'list':
        if (!Array.isArray(value)) return '<nil>'
        return `[${value.map(element => this.#bare(element, type.element)).join(' ')}]`
      case 'map':
        if (!isJsonObject(value)) return '<nil>'
        return `map[${entries(value)
          .map(([key, element]) => `${key}:${this.#bare(element, type.value)}`)
          .join(' ')}]`
      case 'quantity':
        return quantityDump(value)
      case 'intOrString':
        return typeof value === 'string'
          ? `{Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)${value}}`
          : `{Type:(intstr.Type)0 IntVal:(int32)${value ?? 0} StrVal:(string)}`
      case 'time':
        return ZERO_TIME
      case 'string':
        return String(value ?? '')
      case 'bool':
        return String(value ?? false)
      case 'int32':
      case 'int64':
        return String(value ?? 0)
      case 'bytes':
      case 'any':
        return '<nil>'
    }
  }

  #struct(value: JsonObject, type: StructType): string {
    const { without, more } = this.#differences
    const fields = [...type.fields.values()]
      .filter(field => without[type.name] !== field.name)
      .map(field => this.#field(value, type, field))
    const added = more[type.name]
    if (added !== undefined) fields.push(added)
    const embedded = EMBEDDED[type.name]
    if (embedded === undefined) return `{${fields.join(' ')}}`
    const { name, from, to } = embedded
    const inner = fields.slice(from, to)
    fields.splice(from, inner.length, `${name}:(v1.${name}){${inner.join(' ')}}`)
    return `{${fields.join(' ')}}`
  }

  #field(value: JsonObject, { name: struct }: StructType, { name, type, pointer }: ApiField): string {
    const element = Object.hasOwn(value, name) ? value[name] : undefined
    // The table marks maps and lists that tell null from empty as if they were pointers; Go has no pointer to either.
    const isPointer = pointer && type.kind !== 'map' && type.kind !== 'list'
    return `${goName(struct, name)}:${this.typed(element ?? undefined, type, isPointer)}`
  }
}

function typeName(type: ApiType): string {
  if (type.goName === 'v1.UID') return 'types.UID'
  return type.kind === 'list' && type.element.kind === 'any' ? '[]v1.ManagedFieldsEntry' : type.goName
}

/** By key; Go compares bytes, which is the order of code points. */
function entries(value: JsonObject): readonly (readonly [string, Json])[] {
  return Object.entries(value).sort(([a], [b]) => compareCodePoints(a, b))
}

function compareCodePoints(a: string, b: string): number {
  const [left, right] = [[...a], [...b]]
  for (let at = 0; at < left.length && at < right.length; at++) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

function quantityDump(value: Json | undefined): string {
  const read = typeof value === 'string' || typeof value === 'number' ? readQuantity(value) : undefined
  if (read === undefined || read.kind === 'error')
    return quantityOf('(int64)0 scale:(resource.Scale)0', NO_AMOUNT, '', '')
  const { form, unscaled, scale, text = '', format } = read
  if (form === 'int64') return quantityOf(`(int64)${unscaled} scale:(resource.Scale)${scale}`, NO_AMOUNT, text, format)
  return quantityOf('(int64)0 scale:(resource.Scale)0', decimalDump(read), text, format)
}

function quantityOf(amount: string, decimal: string, text: string, format: string): string {
  return `{i:(resource.int64Amount){value:${amount}} d:${decimal} s:(string)${text} Format:(resource.Format)${format}}`
}

/** An amount of arbitrary precision: sign, words of the magnitude from the lowest, digits behind the point. */
function decimalDump({ unscaled, scale }: Quantity): string {
  const words: bigint[] = []
  for (let rest = unscaled < 0n ? -unscaled : unscaled; rest > 0n; rest >>= WORD_BITS) {
    words.push(BigInt.asUintN(Number(WORD_BITS), rest))
  }
  const integer = `(big.Int){neg:(bool)${unscaled < 0n} abs:(big.nat)[${words.join(' ')}]}`
  return `(resource.infDecAmount){Dec:(*inf.Dec){unscaled:${integer} scale:(inf.Scale)${-scale}}}`
}
