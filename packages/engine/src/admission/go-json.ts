import { goQuote } from '../go-text.ts'

/** A JSON value as text has it: members in their order, repeated ones too, and numbers as they are spelled. */
export type GoJson =
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, value: GoJson])[] }
  | { readonly kind: 'array'; readonly elements: readonly GoJson[] }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly literal: string }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'null' }

/** What a text comes to: a value, or the error that Go has for it. */
export type GoJsonResult =
  | { readonly kind: 'value'; readonly value: GoJson }
  | { readonly kind: 'error'; readonly text: string }

const MAX_DEPTH = 10_000
const ESCAPES: ReadonlySet<string> = new Set([...'bfnrt\\/"'])
const LONE_SURROGATE = /\p{Surrogate}/gu

const LITERALS: Readonly<Record<string, readonly [word: string, value: GoJson]>> = {
  t: ['true', { kind: 'bool', value: true }],
  f: ['false', { kind: 'bool', value: false }],
  n: ['null', { kind: 'null' }],
}

/** Reads one JSON text; what is no JSON is an error in the words of Go (`encoding/json/scanner.go`, Go 1.26). */
export function readGoJson(text: string): GoJsonResult {
  try {
    return { kind: 'value', value: new Reader(text).read() }
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop
    return { kind: 'error', text: stop.text }
  }
}

/** Ends the reading; thrown and caught in this file alone. */
class Stop {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Open =
  | { readonly kind: 'object'; readonly members: [string, GoJson][]; name: string }
  | { readonly kind: 'array'; readonly elements: GoJson[] }

/** Keeps what is open in a list of its own, because a text may nest deeper than the stack. */
class Reader {
  readonly #text: string
  readonly #open: Open[] = []
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): GoJson {
    for (;;) {
      let value = this.#value()
      while (value !== undefined) {
        const outer = this.#open.at(-1)
        if (outer === undefined) {
          this.#space()
          if (this.#at < this.#text.length) throw this.#stop('after top-level value')
          return value
        }
        value = this.#ended(outer, value)
      }
    }
  }

  /** The next value; undefined where a collection begins whose first element comes next. */
  #value(): GoJson | undefined {
    this.#space()
    const first = this.#text[this.#at]
    if (first === '{' || first === '[') return this.#begun(first)
    if (first === '"') return { kind: 'string', text: this.#string() }
    if (first !== undefined && /[-0-9]/.test(first)) return { kind: 'number', literal: this.#number() }
    const literal = first === undefined ? undefined : LITERALS[first]
    if (literal === undefined) throw this.#stop('looking for beginning of value')
    const [word, value] = literal
    for (const letter of word) this.#expect(letter, `in literal ${word} (expecting '${letter}')`)
    return value
  }

  #begun(bracket: '{' | '['): GoJson | undefined {
    if (this.#open.length === MAX_DEPTH) throw this.#stop('exceeded max depth')
    this.#at++
    this.#space()
    const isObject = bracket === '{'
    if (this.#text[this.#at] === (isObject ? '}' : ']')) {
      this.#at++
      return isObject ? { kind: 'object', members: [] } : { kind: 'array', elements: [] }
    }
    this.#open.push(isObject ? { kind: 'object', members: [], name: this.#name() } : { kind: 'array', elements: [] })
    return undefined
  }

  /** Puts an element into its collection; answers that if it ends here. */
  #ended(outer: Open, value: GoJson): GoJson | undefined {
    const isObject = outer.kind === 'object'
    if (isObject) outer.members.push([outer.name, value])
    else outer.elements.push(value)
    this.#space()
    if (this.#text[this.#at] === (isObject ? '}' : ']')) {
      this.#at++
      this.#open.pop()
      return isObject ? { kind: 'object', members: outer.members } : { kind: 'array', elements: outer.elements }
    }
    this.#expect(',', isObject ? 'after object key:value pair' : 'after array element')
    if (isObject) {
      this.#space()
      outer.name = this.#name()
    }
    return undefined
  }

  #name(): string {
    if (this.#text[this.#at] !== '"') throw this.#stop('looking for beginning of object key string')
    const name = this.#string()
    this.#space()
    this.#expect(':', 'after object key')
    return name
  }

  #string(): string {
    const start = this.#at++
    for (;;) {
      const character = this.#text[this.#at]
      if (character === undefined || character < ' ') throw this.#stop('in string literal')
      this.#at++
      if (character === '"') break
      if (character === '\\') this.#escape()
    }
    return (JSON.parse(this.#text.slice(start, this.#at)) as string).replace(LONE_SURROGATE, '\ufffd')
  }

  #escape(): void {
    const character = this.#text[this.#at] ?? ''
    if (character !== 'u' && !ESCAPES.has(character)) throw this.#stop('in string escape code')
    this.#at++
    if (character !== 'u') return
    for (let digit = 0; digit < 4; digit++, this.#at++) {
      if (!/[0-9a-fA-F]/.test(this.#text[this.#at] ?? '')) throw this.#stop('in \\u hexadecimal character escape')
    }
  }

  #number(): string {
    const start = this.#at
    if (this.#text[this.#at] === '-') this.#at++
    if (this.#text[this.#at] === '0') this.#at++
    else this.#digits('in numeric literal')
    if (this.#text[this.#at] === '.') {
      this.#at++
      this.#digits('after decimal point in numeric literal')
    }
    if (/[eE]/.test(this.#text[this.#at] ?? '')) {
      this.#at++
      if (/[-+]/.test(this.#text[this.#at] ?? '')) this.#at++
      this.#digits('in exponent of numeric literal')
    }
    return this.#text.slice(start, this.#at)
  }

  #digits(context: string): void {
    if (!this.#isDigit()) throw this.#stop(context)
    while (this.#isDigit()) this.#at++
  }

  #isDigit(): boolean {
    return /[0-9]/.test(this.#text[this.#at] ?? '')
  }

  #space(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at++
  }

  #expect(character: string, context: string): void {
    if (this.#text[this.#at] !== character) throw this.#stop(context)
    this.#at++
  }

  /** Refuses the character that comes next, or the end. */
  #stop(context: string): Stop {
    const code = this.#text.codePointAt(this.#at)
    return new Stop(
      code === undefined ? 'unexpected end of JSON input' : `invalid character ${quotedByte(code)} ${context}`,
    )
  }
}

/** The first byte of the character in UTF-8, as Go prints a byte that it did not expect. */
function quotedByte(code: number): string {
  const byte = firstByte(code)
  if (byte === 0x27) return `'\\''`
  const quoted = byte === 0x22 ? '"' : goQuote(String.fromCharCode(byte)).slice(1, -1)
  return `'${quoted}'`
}

function firstByte(code: number): number {
  if (code < 0x80) return code
  if (code < 0x800) return 0xc0 | (code >> 6)
  return code < 0x10000 ? 0xe0 | (code >> 12) : 0xf0 | (code >> 18)
}
