import { STREAM_START, Token } from './tokens.ts'

/** No token number: none is negative. */
export const NONE = -1

const NO_TOKEN = new Token(STREAM_START, 0, 0, 0)

/**
 * Tokens that are scanned and not parsed, and next to each the flow level whose key may start with the token of that number.
 * Tokens are numbered as they are added; inserting one moves the later ones and leaves the levels where they are, as go-yaml
 * keeps both. Cells outside `#head` and `#end` hold what was taken and mean nothing.
 */
export class TokenQueue {
  headIsReady = false
  /** The number of the first token. */
  taken = 0
  #tokens: Token[] = []
  /** Cell i belongs to the token number `taken + i - #head`; NONE if no key may start there. */
  #levels: number[] = [NONE]
  #head = 0
  #end = 0

  get isEmpty(): boolean {
    return this.#head === this.#end
  }

  get head(): Token {
    return this.#tokens[this.#head] ?? NO_TOKEN
  }

  /** The number that the next token to be added gets. */
  get nextNumber(): number {
    return this.taken + this.#end - this.#head
  }

  take(): void {
    this.headIsReady = false
    this.taken++
    this.#head++
    if (this.#head === this.#end) {
      this.#head = 0
      this.#end = 0
      this.#levels[0] = NONE
    } else if (this.#head > 256 && this.#head * 2 > this.#end) {
      this.#tokens = this.#tokens.slice(this.#head, this.#end)
      this.#levels = this.#levels.slice(this.#head, this.#end + 1)
      this.#end -= this.#head
      this.#head = 0
    }
  }

  push(token: Token): void {
    this.#tokens[this.#end] = token
    this.#end++
    this.#levels[this.#end] = NONE
  }

  /** Inserts a token so that it gets the number; adds it at the end if that number is taken already, as go-yaml does. */
  insert(number: number, token: Token): void {
    this.push(token)
    const at = number - this.taken
    if (at < 0) return
    const tokens = this.#tokens
    const target = this.#head + at
    for (let i = this.#end - 1; i > target; i--) tokens[i] = tokens[i - 1] ?? token
    tokens[target] = token
  }

  /** The flow level whose key may start with the first token. */
  get levelAtHead(): number {
    return this.#levels[this.#head] ?? NONE
  }

  /** Notes, before it is added, that the next token may start a key. */
  setLevelOfNext(level: number): void {
    this.#levels[this.#end] = level
  }

  clearLevel(number: number): void {
    const at = this.#head + number - this.taken
    if (at >= this.#head && at <= this.#end) this.#levels[at] = NONE
  }
}
