/** A run of 16 digits may be an integer beyond 2^53, which JSON.parse would round. */
const LONG_NUMBER = /\d{16}/

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
const SPACE = /[ \t\n\r]*/y
/** A string of JSON up to its closing quote; JSON.parse reads the escapes and refuses the wrong ones. */
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/y

/**
 * Parses JSON as JSON.parse does, but an integer literal beyond ±2^53 becomes a bigint; a literal with a fraction or an exponent stays
 * a number. Throws a SyntaxError on anything that is not JSON.
 */
export function parseExact(text: string): unknown {
  return LONG_NUMBER.test(text) ? new Parser(text).document() : JSON.parse(text)
}

class Parser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): unknown {
    const value = this.#value()
    this.#take(SPACE)
    if (this.#at < this.#text.length) throw this.#error()
    return value
  }

  #value(): unknown {
    this.#take(SPACE)
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object()
      case '[':
        return this.#array()
      case '"':
        return this.#string()
      case 't':
        return this.#word('true', true)
      case 'f':
        return this.#word('false', false)
      case 'n':
        return this.#word('null', null)
      default:
        return this.#number()
    }
  }

  #object(): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    this.#at++
    if (this.#punctuation('}')) return object
    do {
      this.#take(SPACE)
      const key = this.#string()
      if (!this.#punctuation(':')) throw this.#error()
      // An own property whatever its name: `__proto__` is a key like any other in JSON.
      Object.defineProperty(object, key, { value: this.#value(), writable: true, enumerable: true, configurable: true })
    } while (this.#punctuation(','))
    if (!this.#punctuation('}')) throw this.#error()
    return object
  }

  #array(): unknown[] {
    const array: unknown[] = []
    this.#at++
    if (this.#punctuation(']')) return array
    do array.push(this.#value())
    while (this.#punctuation(','))
    if (!this.#punctuation(']')) throw this.#error()
    return array
  }

  #string(): string {
    const literal = this.#take(STRING)
    if (literal === undefined) throw this.#error()
    return JSON.parse(literal[0]) as string
  }

  #number(): number | bigint {
    const literal = this.#take(NUMBER)
    if (literal === undefined) throw this.#error()
    const value = Number(literal[0])
    const isInteger = literal[1] === undefined && literal[2] === undefined
    return isInteger && !Number.isSafeInteger(value) ? BigInt(literal[0]) : value
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#error()
    this.#at += word.length
    return value
  }

  #punctuation(character: string): boolean {
    this.#take(SPACE)
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match === null) return undefined
    this.#at = pattern.lastIndex
    return match
  }

  #error(): SyntaxError {
    return new SyntaxError(
      `not JSON at character ${this.#at + 1}: ${JSON.stringify(this.#text.slice(this.#at, this.#at + 20))}`,
    )
  }
}
