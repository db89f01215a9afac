import { isBlank, isBreak, isBreakOrEnd, isDigit, isHighSurrogate, SPACE, TAB } from './characters.ts'
import type { Cursor } from './cursor.ts'
import type { ProblemContext } from './problem.ts'
import type { Token } from './tokens.ts'

const PLUS = 0x2b
const MINUS = 0x2d
const ZERO = 0x30
const HASH = 0x23

/**
 * Reads a literal (`|`) or folded (`>`) scalar into the token, as go.yaml.in/yaml/v2 v2.4.3 does (scannerc.go,
 * `yaml_parser_scan_block_scalar`). The cursor stands on the indicator; `parentIndent` is -1 at the document's root.
 */
export function scanBlock(cursor: Cursor, token: Token, literal: boolean, parentIndent: number): void {
  const context = { text: 'while scanning a block scalar', start: token.start }
  cursor.pos++
  const { chomping, increment } = readHeader(cursor, context)
  passComment(cursor)
  if (!isBreakOrEnd(cursor.peek())) throw cursor.problem('did not find expected comment or line break', context)
  if (isBreak(cursor.peek())) {
    cursor.ensure(2)
    cursor.skipBreak()
  }
  token.end = cursor.pos
  const lines = new BlockLines(cursor, token, context, parentIndent)
  if (increment > 0) lines.indent = Math.max(parentIndent, 0) + increment
  token.value = lines.read(literal, chomping)
}

interface Header {
  /** 1 keeps all breaks at the end, 0 one, -1 none. */
  readonly chomping: number
  /** Given columns of indentation; 0 if they are to be found out. */
  readonly increment: number
}

function readHeader(cursor: Cursor, context: ProblemContext): Header {
  cursor.ensure(1)
  let chomping = readChomping(cursor)
  cursor.ensure(1)
  let increment = 0
  const code = cursor.peek()
  if (isDigit(code)) {
    if (code === ZERO) throw cursor.problem('found an indentation indicator equal to 0', context)
    increment = code - ZERO
    cursor.pos++
    cursor.ensure(1)
    if (chomping === 0) chomping = readChomping(cursor)
  }
  return { chomping, increment }
}

function readChomping(cursor: Cursor): number {
  const code = cursor.peek()
  if (code !== PLUS && code !== MINUS) return 0
  cursor.pos++
  return code === PLUS ? 1 : -1
}

/** Passes blanks and a comment up to the end of the line. */
export function passComment(cursor: Cursor): void {
  cursor.ensure(1)
  while (isBlank(cursor.peek())) {
    cursor.pos++
    cursor.ensure(1)
  }
  if (cursor.peek() === HASH) passLine(cursor)
}

/** Passes the characters up to a break or the end. */
export function passLine(cursor: Cursor): void {
  const { text } = cursor
  let pos = cursor.pos
  for (;;) {
    const code = text.charCodeAt(pos)
    if (code < 32 || code > 126) {
      if (isBreakOrEnd(code)) break
      if (isHighSurrogate(code)) {
        pos++
        cursor.wide++
      }
    }
    pos++
    if (pos > cursor.safe) {
      cursor.pos = pos
      cursor.load(1)
    }
  }
  cursor.pos = pos
}

/** The lines of one block scalar. */
class BlockLines {
  /** 0 until it is found out. */
  indent = 0
  readonly #cursor: Cursor
  readonly #token: Token
  readonly #context: ProblemContext
  readonly #parentIndent: number

  constructor(cursor: Cursor, token: Token, context: ProblemContext, parentIndent: number) {
    this.#cursor = cursor
    this.#token = token
    this.#context = context
    this.#parentIndent = parentIndent
  }

  read(literal: boolean, chomping: number): string {
    const cursor = this.#cursor
    let value = ''
    let lastBreak = ''
    let startedBlank = false
    let emptyLines = this.#readBreaks()
    cursor.ensure(1)
    while (cursor.column === this.indent && cursor.peek() !== 0) {
      const startsBlank = isBlank(cursor.peek())
      if (!literal && !startedBlank && !startsBlank && lastBreak === '\n') {
        if (emptyLines === '') value += ' '
      } else value += lastBreak
      value += emptyLines
      startedBlank = startsBlank
      const from = cursor.pos
      passLine(cursor)
      value += cursor.text.slice(from, cursor.pos)
      cursor.ensure(2)
      lastBreak = cursor.readBreak()
      emptyLines = this.#readBreaks()
    }
    if (chomping !== -1) value += lastBreak
    if (chomping === 1) value += emptyLines
    return value
  }

  /** Passes indentation and empty lines, and finds the indentation out at the first line that has something. */
  #readBreaks(): string {
    const cursor = this.#cursor
    this.#token.end = cursor.pos
    let breaks = ''
    let deepest = 0
    for (;;) {
      cursor.ensure(1)
      while ((this.indent === 0 || cursor.column < this.indent) && cursor.peek() === SPACE) {
        cursor.pos++
        cursor.ensure(1)
      }
      deepest = Math.max(deepest, cursor.column)
      const code = cursor.peek()
      if (code === TAB && (this.indent === 0 || cursor.column < this.indent)) {
        throw cursor.problem('found a tab character where an indentation space is expected', this.#context)
      }
      if (!isBreak(code)) break
      cursor.ensure(2)
      breaks += cursor.readBreak()
      this.#token.end = cursor.pos
    }
    if (this.indent === 0) this.indent = Math.max(deepest, this.#parentIndent + 1, 1)
    return breaks
  }
}
