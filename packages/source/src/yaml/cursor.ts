import { BYTE_ORDER_MARK, isBlankOrEnd, isBreak, isHighSurrogate, LINE_FEED, RETURN, SPACE } from './characters.ts'
import { type ProblemContext, type YamlErrorCode, YamlProblem } from './problem.ts'
import { ReadWindow } from './read-window.ts'

/** Read behind the text, so that looking ahead needs no check of the length; no text that libyaml takes has a NUL. */
const END = '\0'.repeat(12)

/** What nearly every text has nothing of. */
const BEYOND_ASCII = /[^\t\n\r\x20-\x7e]/
/** Characters that libyaml's reader refuses, and the byte order mark, which it takes in an odd way. */
const ODD = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u

/**
 * A position in the text of one document, counted as libyaml counts it. The text ends in a line break, as apimachinery's
 * LineReader leaves it; a carriage return before a line feed is part of the break.
 *
 * `pos` counts UTF-16 units; libyaml's index counts characters, so `index = pos - wide`, where `wide` counts the units that
 * are no character of their own, and `column = index - lineIndex`.
 */
export class Cursor {
  readonly text: string
  readonly length: number
  pos = 0
  /** Counts from 0, with every break of YAML 1.1. */
  line = 0
  wide = 0
  lineIndex = 0
  /** Up to this position no look ahead can need more text than libyaml would have read; past it, `load` asks the window. */
  safe = Number.POSITIVE_INFINITY
  readonly #window: ReadWindow | undefined

  constructor(text: string) {
    this.text = text + END
    this.length = text.length
    if (text.charCodeAt(0) === BYTE_ORDER_MARK) {
      this.pos = 1
      this.wide = 1
    }
    const odd = BEYOND_ASCII.test(text) && ODD.test(this.pos === 0 ? text : text.slice(1))
    this.#window = odd ? new ReadWindow(text, this.pos) : undefined
    if (odd) this.safe = -1
  }

  get index(): number {
    return this.pos - this.wide
  }

  get column(): number {
    return this.pos - this.wide - this.lineIndex
  }

  /** The UTF-16 unit at the position, 0 at the end. */
  peek(): number {
    return this.text.charCodeAt(this.pos)
  }

  /** The unit `ahead` units further; right as long as all before it are single units. */
  peekAt(ahead: number): number {
    return this.text.charCodeAt(this.pos + ahead)
  }

  /** Lets libyaml's reader come as far as it would to have `count` characters, which may refuse one of them. */
  ensure(count: number): void {
    if (this.pos > this.safe) this.load(count)
  }

  load(count: number): void {
    if (this.#window !== undefined) this.safe = this.#window.load(this.pos, count)
  }

  /** Whether libyaml takes the position for a byte order mark: it looks at the start of its buffer instead. */
  get atByteOrderMark(): boolean {
    return this.#window?.startsWithByteOrderMark ?? false
  }

  /** Passes one character; a return before a line feed is none, LineReader having lost it. */
  skip(): void {
    const code = this.text.charCodeAt(this.pos)
    if (isHighSurrogate(code) || (code === RETURN && this.text.charCodeAt(this.pos + 1) === LINE_FEED)) {
      this.pos += 2
      this.wide++
    } else this.pos++
  }

  /** Passes a run of spaces as far as no more text has to be read for it. */
  passSpaces(): void {
    const { text } = this
    const last = this.safe
    let pos = this.pos
    while (pos < last && text.charCodeAt(pos) === SPACE) pos++
    this.pos = pos
  }

  /** Passes one break, if there is one. */
  skipBreak(): void {
    const code = this.text.charCodeAt(this.pos)
    if (!isBreak(code)) return
    this.pos += code === RETURN ? this.#returnLength() : 1
    this.line++
    this.lineIndex = this.pos - this.wide
  }

  /** Passes one break, if there is one, and returns what it is in a scalar. */
  readBreak(): string {
    const code = this.text.charCodeAt(this.pos)
    if (!isBreak(code)) return ''
    this.skipBreak()
    return code > 0xff ? String.fromCharCode(code) : '\n'
  }

  /** LineReader takes one carriage return before a line feed away, and libyaml the next one. */
  #returnLength(): number {
    const next = this.text.charCodeAt(this.pos + 1)
    if (next === LINE_FEED) return 2
    return next === RETURN && this.text.charCodeAt(this.pos + 2) === LINE_FEED ? 3 : 1
  }

  /** Whether `---` or `...` stands at the start of a line, followed by white space or nothing. */
  get atDocumentIndicator(): boolean {
    const code = this.text.charCodeAt(this.pos)
    return (
      (code === 0x2d || code === 0x2e) &&
      this.column === 0 &&
      this.text.charCodeAt(this.pos + 1) === code &&
      this.text.charCodeAt(this.pos + 2) === code &&
      isBlankOrEnd(this.text.charCodeAt(this.pos + 3))
    )
  }

  /** A problem of the scanner at the position. */
  problem(message: string, context?: ProblemContext, code: YamlErrorCode = 'yaml-syntax'): YamlProblem {
    const span = { start: this.pos, end: this.pos }
    return new YamlProblem('scanner', code, message, this.line, span, context)
  }
}
