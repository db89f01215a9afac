import { STREAM_START, Token } from './tokens.ts'

/** No token number: none is negative. */
export const NONE = -1

const NO_TOKEN = new Token(STREAM_START, 0, 0, 0)

/**
 * Tokens that are scanned and not parsed, and next to each the flow level whose key may start with the token of that number.
 * Tokens are numbered as they are added; inserting one moves the later ones and leaves the levels where they are, as go-yaml
 * keeps both.
 */
export class TokenQueue {
  headIsReady = false
  /** The number of the first token. */
  taken = 0
  #tokens: Token[] = []
  /** Cell i belongs to the token number `taken + i - #head`; NONE if no key may start there. */
  #levels: number[] = []
  #head = 0

  get isEmpty(): boolean {
    return this.#head === this.#tokens.length
  }

  get head(): Token {
    return this.#tokens[this.#head] ?? NO_TOKEN
  }

  /** The number that the next token to be added gets. */
  get nextNumber(): number {
    return this.taken + this.#tokens.length - this.#head
  }

  take(): void {
    this.headIsReady = false
    this.taken++
    this.#head++
    if (this.#head === this.#tokens.length) {
      this.#tokens.length = 0
      this.#levels.length = 0
      this.#head = 0
    } else if (this.#head > 256 && this.#head * 2 > this.#tokens.length) {
      this.#tokens = this.#tokens.slice(this.#head)
      this.#levels = this.#levels.slice(this.#head)
      this.#head = 0
    }
  }

  push(token: Token): void {
    const at = this.#tokens.length
    this.#tokens.push(token)
    if (this.#levels.length === at) this.#levels.push(NONE)
  }

  /** Inserts a token so that it gets the number; adds it at the end if that number is taken already, as go-yaml does. */
  insert(number: number, token: Token): void {
    this.push(token)
    const at = number - this.taken
    if (at < 0) return
    const tokens = this.#tokens
    const target = this.#head + at
    for (let i = tokens.length - 1; i > target; i--) tokens[i] = tokens[i - 1] ?? token
    tokens[target] = token
  }

  /** The flow level whose key may start with the first token. */
  get levelAtHead(): number {
    return this.#levels[this.#head] ?? NONE
  }

  /** Notes, before it is added, that the next token may start a key. */
  setLevelOfNext(level: number): void {
    this.#levels[this.#tokens.length] = level
  }

  clearLevel(number: number): void {
    const at = this.#head + number - this.taken
    if (at >= this.#head && at < this.#levels.length) this.#levels[at] = NONE
  }
}
