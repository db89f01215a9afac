import type { Cursor } from './cursor.ts'
import { NONE, type TokenQueue } from './token-queue.ts'

/** A key without `?` must be followed by its `:` within so many characters. */
const LONGEST_KEY = 1024

/** A place where a key without `?` may have started. */
class SimpleKey {
  possible = false
  /** In a block mapping whatever stands at its column must be a key. */
  required = false
  tokenNumber = 0
  line = 0
  index = 0
  column = 0
  start = 0

  markAt(cursor: Cursor, tokenNumber: number): void {
    this.tokenNumber = tokenNumber
    this.line = cursor.line
    this.index = cursor.index
    this.column = cursor.column
    this.start = cursor.pos
  }
}

/**
 * One possible key for each flow level, the block context being the first (go.yaml.in/yaml/v2 v2.4.3, scannerc.go,
 * `yaml_parser_save_simple_key` and its neighbours).
 */
export class SimpleKeys {
  /** Grows and keeps its keys, so that `#depth` alone says which are in use. */
  readonly #stack: SimpleKey[] = [new SimpleKey()]
  #depth = 1
  top: SimpleKey
  readonly #cursor: Cursor
  readonly #queue: TokenQueue

  constructor(cursor: Cursor, queue: TokenQueue) {
    this.#cursor = cursor
    this.#queue = queue
    this.top = this.#stack[0] ?? new SimpleKey()
  }

  /** Whether the first token of the queue may turn out to be, or to be in, a key. */
  mayStartAtHead(): boolean {
    const level = this.#queue.levelAtHead
    if (level === NONE || level >= this.#depth) return false
    const key = this.#stack[level]
    return key !== undefined && this.isValid(key)
  }

  /** Whether a `:` at the cursor would make it a key; throws if it had to be one and cannot be. */
  isValid(key: SimpleKey): boolean {
    if (!key.possible) return false
    if (key.line >= this.#cursor.line && key.index + LONGEST_KEY >= this.#cursor.index) return true
    this.#giveUp(key)
    return false
  }

  #giveUp(key: SimpleKey): void {
    if (key.required) {
      throw this.#cursor.problem("could not find expected ':'", {
        text: 'while scanning a simple key',
        start: key.start,
      })
    }
    key.possible = false
  }

  save(required: boolean): void {
    const { top } = this
    this.remove()
    top.possible = true
    top.required = required
    top.markAt(this.#cursor, this.#queue.nextNumber)
    this.#queue.setLevelOfNext(this.#depth - 1)
  }

  /** Gives up the possible key of this level. */
  remove(): void {
    const { top } = this
    if (!top.possible) return
    this.#giveUp(top)
    this.#queue.clearLevel(top.tokenNumber)
  }

  /** The key was one. */
  use(key: SimpleKey): void {
    key.possible = false
    this.#queue.clearLevel(key.tokenNumber)
  }

  /** Starts a flow level. */
  enter(): void {
    const key = this.#stack[this.#depth] ?? new SimpleKey()
    this.#stack[this.#depth] = key
    this.#depth++
    key.possible = false
    key.required = false
    key.markAt(this.#cursor, this.#queue.nextNumber)
    this.top = key
  }

  /** Ends a flow level. What its last key leaves in the queue goes, even if that is the mark of the level's own bracket. */
  leave(): void {
    this.#queue.clearLevel(this.top.tokenNumber)
    this.#depth--
    this.top = this.#stack[this.#depth - 1] ?? this.top
  }
}
