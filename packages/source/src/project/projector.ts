import { ObjectTable } from '../intern/objects.ts'
import { StringTable } from '../intern/strings.ts'
import { OPEN_OBJECT } from '../json/byte-classes.ts'
import {
  ARRAY,
  CODED_STRING,
  endOf,
  OBJECT,
  SCALAR,
  SKIPPED,
  STRING,
  startOf,
  type Tape,
  typeOf,
} from '../json/tape.ts'
import { cut, quote, setMember } from './members.ts'
import type { ProjectionCode, ProjectionProblem } from './problem.ts'
import { isLater, numberKind, quantityFault, quantityNote, readTime } from './scalars.ts'
import type { ListShape, ObjectShape, Shape } from './shape.ts'

const MAX_PROBLEMS = 20
const NULL_FIRST = 0x6e
const EMPTY: Readonly<Record<string, never>> = Object.freeze({})

type Writable = Record<string, unknown>

/**
 * Builds objects from tapes by shapes: reads only the fields that a shape names, checks their types and shares equal parts
 * between all objects that it ever built. What is wrong is collected in `problems`; the value is then not to be used.
 * `null` is the same as absent, but the empty text or amount in maps and lists of them, as Go's decoding has it.
 */
export class Projector {
  /** Of the last `project`; at most 20. */
  readonly problems: ProjectionProblem[] = []
  /** Whether the last `project` met an error. */
  failed = false
  /** The newest past time of all that was projected without an error. */
  newest: string | undefined
  private readonly strings = new StringTable()
  private readonly objects = new ObjectTable()
  private readonly allowed = new Map<(name: string) => boolean, Map<string, boolean>>()
  private readonly goodQuantities = new Set<string>()
  private tape: Tape = { bytes: new Uint8Array(0), cells: new Int32Array(0) }
  private candidate: string | undefined
  /** Hash of the value that was read last; equal values have equal hashes. */
  private hash = 0

  project(tape: Tape, token: number, shape: Shape): unknown {
    this.tape = tape
    this.problems.length = 0
    this.failed = false
    this.candidate = this.newest
    const value = this.read(token, shape)
    if (!this.failed) this.newest = this.candidate
    return value
  }

  /** The text of a string token, interned; `undefined` for all else. */
  text(tape: Tape, token: number | undefined): string | undefined {
    if (token === undefined) return undefined
    this.tape = tape
    return this.isString(token) ? this.readString(token, true) : undefined
  }

  private read(token: number, shape: Shape): unknown {
    switch (shape.kind) {
      case 'object':
        return this.readObject(token, shape)
      case 'text':
        return this.readText(token, shape.kept, shape.nonEmpty)
      case 'list':
        return this.readList(token, shape)
      case 'texts':
        return this.readTexts(token, shape.allows)
      case 'quantities':
        return this.readQuantities(token)
      case 'time':
        return this.readTime(token, shape.past, shape.stored)
      case 'integer':
        return this.readInteger(token, shape.min, shape.max)
      case 'flag':
        return this.readFlag(token)
      case 'quantity':
        return this.readQuantity(token)
      case 'countOrPercent':
        return this.isString(token)
          ? this.readText(token, true, false)
          : this.readInteger(token, -(2 ** 31), 2 ** 31 - 1)
      case 'presence':
        return this.readPresence(token)
    }
  }

  private readObject(token: number, shape: ObjectShape): object | undefined {
    if (typeOf(this.tape, token) !== OBJECT) return this.wrongType(token, 'an object')
    const { bytes, cells } = this.tape
    const { names, shapes, keys } = shape
    const end = cells[2 * token + 1]! >>> 3
    const result: Writable = {}
    let seen = 0
    let hash = 17
    for (let key = token + 1; key < end; ) {
      const keyTail = cells[2 * key + 1]!
      const value = key + 1
      const valueTail = cells[2 * value + 1]!
      const type = valueTail & 7
      const next = type === OBJECT || type === ARRAY ? valueTail >>> 3 : value + 1
      const field =
        (keyTail & 7) === STRING
          ? keys.find(bytes, cells[2 * key]!, keyTail >>> 3)
          : keys.findText(this.readString(key, false))
      if (field >= 0) {
        if (!this.isNull(value)) {
          const read = this.read(value, shapes[field]!)
          if ((seen & (1 << field)) !== 0) this.duplicate(key, names[field]!)
          seen |= 1 << field
          if (read !== undefined) {
            result[names[field]!] = read
            hash = Math.imul(hash ^ field, 0x01000193) ^ Math.imul(this.hash, 31)
          }
        }
      } else if (shape.restAsPresence && this.isObject(value)) {
        const name = this.readString(key, true)
        hash = Math.imul(hash ^ this.hash, 0x01000193)
        setMember(result, name, EMPTY)
      }
      key = next
    }
    if ((seen & shape.required) !== shape.required) this.missing(token, shape, seen)
    this.hash = hash
    return shape.shared ? this.objects.intern(result, hash) : result
  }

  private readList(token: number, shape: ListShape): unknown[] | undefined {
    if (typeOf(this.tape, token) !== ARRAY) return this.wrongType(token, 'a list')
    const { cells } = this.tape
    const end = cells[2 * token + 1]! >>> 3
    const { of, drops } = shape
    const result: unknown[] = []
    let hash = 19
    for (let element = token + 1; element < end; ) {
      const tail = cells[2 * element + 1]!
      const type = tail & 7
      const next = type === OBJECT || type === ARRAY ? tail >>> 3 : element + 1
      const read = of.kind === 'text' && this.isNull(element) ? this.emptyText() : this.read(element, of)
      if (read !== undefined && (drops === undefined || !drops(read))) {
        result.push(read)
        hash = Math.imul(hash ^ this.hash, 0x01000193)
      }
      element = next
    }
    this.hash = hash
    return shape.shared ? this.objects.intern(result, hash) : result
  }

  private emptyText(): string {
    this.hash = 0
    return ''
  }

  private readTexts(token: number, allows: ((name: string) => boolean) | undefined): object | undefined {
    if (typeOf(this.tape, token) !== OBJECT) return this.wrongType(token, 'an object of texts')
    const { cells } = this.tape
    const end = cells[2 * token + 1]! >>> 3
    const result: Writable = {}
    let hash = 23
    let taken = 0
    for (let key = token + 1; key < end; ) {
      const value = key + 1
      const tail = cells[2 * value + 1]!
      const type = tail & 7
      const next = type === OBJECT || type === ARRAY ? tail >>> 3 : value + 1
      const name = this.readString(key, true)
      const nameHash = this.hash
      if (allows === undefined || this.isAllowed(allows, name)) {
        let read: string | undefined
        if (type === STRING || type === CODED_STRING) read = this.readString(value, true)
        else if (this.isNull(value)) read = this.emptyText()
        else this.wrongType(value, `a text for ${quote(name)}`)
        if (read !== undefined) {
          if (Object.hasOwn(result, name)) this.duplicate(key, name)
          setMember(result, name, read)
          hash = Math.imul(hash ^ nameHash, 0x01000193) ^ Math.imul(this.hash, 31)
          taken++
        }
      }
      key = next
    }
    // Nothing of it is read, as if it weren't there.
    if (taken === 0 && allows !== undefined) return undefined
    this.hash = hash
    return this.objects.intern(result, hash)
  }

  private isAllowed(allows: (name: string) => boolean, name: string): boolean {
    let names = this.allowed.get(allows)
    if (names === undefined) {
      names = new Map()
      this.allowed.set(allows, names)
    }
    let answer = names.get(name)
    if (answer === undefined) {
      answer = allows(name)
      if (names.size < 65_536) names.set(name, answer)
    }
    return answer
  }

  private readQuantities(token: number): object | undefined {
    if (typeOf(this.tape, token) !== OBJECT) return this.wrongType(token, 'an object of quantities')
    const { cells } = this.tape
    const end = cells[2 * token + 1]! >>> 3
    const result: Writable = {}
    let hash = 29
    for (let key = token + 1; key < end; ) {
      const value = key + 1
      const tail = cells[2 * value + 1]!
      const type = tail & 7
      const next = type === OBJECT || type === ARRAY ? tail >>> 3 : value + 1
      const name = this.readString(key, true)
      const nameHash = this.hash
      const read = this.isNull(value) ? '0' : this.readQuantity(value)
      if (read !== undefined) {
        if (Object.hasOwn(result, name)) this.duplicate(key, name)
        setMember(result, name, read)
        hash = Math.imul(hash ^ nameHash, 0x01000193) ^ Math.imul(this.hash, 31)
      }
      key = next
    }
    this.hash = hash
    return this.objects.intern(result, hash)
  }

  private readText(token: number, kept: boolean, nonEmpty: boolean): string | undefined {
    const tail = this.tape.cells[2 * token + 1]!
    const type = tail & 7
    if (type !== STRING && type !== CODED_STRING) return this.wrongType(token, 'a text')
    const text = this.readString(token, kept)
    if (nonEmpty && text === '') return this.report(token, 'missing-field', 'an empty text stands where a name must be')
    return text
  }

  private readTime(token: number, past: boolean, stored: boolean): string | undefined {
    if (!this.isString(token)) return this.wrongType(token, 'a time')
    const written = this.readString(token, true)
    const text = readTime(written)
    if (text === undefined) {
      const note = 'A time is written as 2006-01-02T15:04:05Z.'
      return this.report(token, 'invalid-time', `invalid time ${quote(written)}`, note)
    }
    if (past && (this.candidate === undefined || isLater(text, this.candidate))) this.candidate = text
    return stored ? text : undefined
  }

  private readInteger(token: number, min: number, max: number): number | undefined {
    const text = this.scalar(token)
    const kind = text === undefined ? 'none' : numberKind(text)
    if (kind === 'none') return this.wrongType(token, 'a whole number')
    const value = Number(text)
    if (kind === 'decimal') return this.wrongType(token, 'a whole number')
    if (value < min || value > max) {
      const shown = cut(text!)
      return this.report(token, 'number-out-of-range', `${shown} is out of range: ${min} to ${max}`)
    }
    this.hash = value | 0
    return value
  }

  private readFlag(token: number): boolean | undefined {
    const text = this.scalar(token)
    if (text !== 'true' && text !== 'false') return this.wrongType(token, 'true or false')
    this.hash = text === 'true' ? 1 : 2
    return text === 'true'
  }

  private readQuantity(token: number): string | number | undefined {
    const isText = this.isString(token)
    const text = isText ? this.readString(token, true) : this.scalar(token)
    if (text === undefined || (!isText && numberKind(text) === 'none')) return this.wrongType(token, 'a quantity')
    if (!this.goodQuantities.has(text)) {
      const fault = quantityFault(text)
      if (fault !== undefined) return this.badQuantity(token, text, fault)
      if (this.goodQuantities.size < 65_536) this.goodQuantities.add(text)
    }
    if (isText) return text
    const value = Number(text)
    this.hash = value | 0
    // Beyond 2^53, and with a fraction, only the text is exact.
    return Number.isSafeInteger(value) && !/[.eE]/.test(text) ? value : text
  }

  private badQuantity(token: number, text: string, fault: 'invalid' | 'negative' | 'absurd'): undefined {
    if (fault === 'negative') {
      return this.report(
        token,
        'negative-quantity',
        `negative quantity ${quote(text)}`,
        'No amount that the API holds is below 0.',
      )
    }
    if (fault === 'absurd') {
      return this.report(
        token,
        'absurd-quantity',
        `absurd quantity ${quote(text)}`,
        'Its exponent or length is beyond what a cluster can hold.',
      )
    }
    return this.report(token, 'invalid-quantity', `invalid quantity ${quote(text)}`, quantityNote(text))
  }

  private readPresence(token: number): object | undefined {
    if (!this.isObject(token)) return this.wrongType(token, 'an object')
    this.hash = 37
    return EMPTY
  }

  /** An object whose inside is passed over is one too. */
  private isObject(token: number): boolean {
    const type = typeOf(this.tape, token)
    return type === OBJECT || (type === SKIPPED && this.tape.bytes[startOf(this.tape, token)] === OPEN_OBJECT)
  }

  private isString(token: number): boolean {
    const type = typeOf(this.tape, token)
    return type === STRING || type === CODED_STRING
  }

  private isNull(token: number): boolean {
    const { bytes, cells } = this.tape
    const start = cells[2 * token]!
    return (cells[2 * token + 1]! & 7) === SCALAR && bytes[start] === NULL_FIRST && this.scalar(token) === 'null'
  }

  /** The spelling of a number, `true`, `false` or `null`; `undefined` for all else. */
  private scalar(token: number): string | undefined {
    if (typeOf(this.tape, token) !== SCALAR) return undefined
    return this.strings.read(this.tape.bytes, startOf(this.tape, token), endOf(this.tape, token), true)
  }

  private readString(token: number, kept: boolean): string {
    const { bytes, cells } = this.tape
    const tail = cells[2 * token + 1]!
    let text: string
    if ((tail & 7) === STRING) text = this.strings.read(bytes, cells[2 * token]!, tail >>> 3, kept)
    else {
      text = this.strings.readCoded(bytes, cells[2 * token]!, tail >>> 3)
      if (this.strings.invalid) {
        this.warn(token, 'invalid-utf8', 'a text is not valid UTF-8 or has a bad escape; what is bad reads as U+FFFD')
      }
    }
    this.hash = this.strings.hash
    return text
  }

  private duplicate(key: number, name: string): void {
    this.warn(key, 'duplicate-key', `the key ${quote(name)} stands twice; the later one counts`)
  }

  private missing(token: number, shape: ObjectShape, seen: number): void {
    const absent = shape.names.filter((_, field) => (shape.required & ~seen & (1 << field)) !== 0)
    this.report(token, 'missing-field', `missing ${absent.map(quote).join(' and ')}`)
  }

  private wrongType(token: number, expected: string): undefined {
    return this.report(token, 'wrong-type', `expected ${expected}, found ${this.describe(token)}`)
  }

  private describe(token: number): string {
    switch (typeOf(this.tape, token)) {
      case ARRAY:
        return 'a list'
      case STRING:
      case CODED_STRING:
        return `the text ${quote(this.strings.readCoded(this.tape.bytes, startOf(this.tape, token), endOf(this.tape, token)))}`
      case SCALAR:
        return cut(this.scalar(token) ?? '')
      default:
        return this.isObject(token) ? 'an object' : 'a list'
    }
  }

  private report(token: number, code: ProjectionCode, message: string, note?: string): undefined {
    this.failed = true
    if (this.problems.length < MAX_PROBLEMS) {
      this.problems.push({ code, severity: 'error', token, message, ...(note === undefined ? {} : { note }) })
    }
    return undefined
  }

  private warn(token: number, code: ProjectionCode, message: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ code, severity: 'warning', token, message })
  }
}
