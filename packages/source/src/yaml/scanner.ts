import { isBlank, isBlankOrEnd, isBreak, SPACE, TAB } from './characters.ts'
import type { Cursor } from './cursor.ts'
import type { YamlProblem } from './problem.ts'
import { passLine, scanBlock } from './scan-block.ts'
import { scanDirective } from './scan-directive.ts'
import { scanPlain } from './scan-plain.ts'
import { scanAnchor, scanTag } from './scan-properties.ts'
import { scanQuoted } from './scan-quoted.ts'
import { SimpleKeys } from './simple-keys.ts'
import { TokenQueue } from './token-queue.ts'
import {
  ALIAS,
  ANCHOR,
  BLOCK_END,
  BLOCK_ENTRY,
  BLOCK_MAPPING_START,
  BLOCK_SEQUENCE_START,
  DOCUMENT_END,
  DOCUMENT_START,
  FLOW_ENTRY,
  FLOW_MAPPING_END,
  FLOW_MAPPING_START,
  FLOW_SEQUENCE_END,
  FLOW_SEQUENCE_START,
  KEY,
  SCALAR,
  STREAM_END,
  STREAM_START,
  TAG,
  Token,
  type TokenKind,
  VALUE,
} from './tokens.ts'

/** go-yaml's limits on nesting, of `[]` and `{}` and of indentation. */
const MAX_DEPTH = 10_000

const HASH = 0x23
const MINUS = 0x2d
const COLON = 0x3a
const QUESTION = 0x3f

/**
 * Makes tokens of the text as go.yaml.in/yaml/v2 v2.4.3 does (scannerc.go): a token is given out once no key can begin with it
 * that only a later `:` would reveal. Throws a YamlProblem where go-yaml gives up.
 */
export class Scanner {
  readonly cursor: Cursor
  readonly #queue = new TokenQueue()
  readonly #keys: SimpleKeys
  readonly #indents: number[] = []
  /** The column of the innermost block collection, -1 outside all. */
  #indent = -1
  #flowLevel = 0
  #keyAllowed = true
  #started = false

  constructor(cursor: Cursor) {
    this.cursor = cursor
    this.#keys = new SimpleKeys(cursor, this.#queue)
  }

  /** The next token, which stays the next one until `take`. */
  peek(): Token {
    const queue = this.#queue
    if (!queue.headIsReady) {
      while (queue.isEmpty || this.#keys.mayStartAtHead()) this.#fetch()
      queue.headIsReady = true
    }
    return queue.head
  }

  take(): void {
    this.#queue.take()
  }

  #fetch(): void {
    const { cursor } = this
    cursor.ensure(1)
    if (!this.#started) {
      this.#started = true
      this.#add(STREAM_START, cursor.pos)
      return
    }
    this.#passWhite()
    this.#unroll(cursor.column)
    cursor.ensure(4)
    const code = cursor.peek()
    if (code === 0) {
      this.#fetchStreamEnd()
      return
    }
    if (cursor.column === 0) {
      if (code === 0x25) {
        this.#fetchDirective()
        return
      }
      if (cursor.atDocumentIndicator) {
        this.#fetchDocumentIndicator(code === MINUS ? DOCUMENT_START : DOCUMENT_END)
        return
      }
    }
    this.#fetchContent(code)
  }

  #fetchContent(code: number): void {
    const { cursor } = this
    switch (code) {
      case 0x5b:
        this.#fetchFlowStart(FLOW_SEQUENCE_START)
        return
      case 0x7b:
        this.#fetchFlowStart(FLOW_MAPPING_START)
        return
      case 0x5d:
        this.#fetchFlowEnd(FLOW_SEQUENCE_END)
        return
      case 0x7d:
        this.#fetchFlowEnd(FLOW_MAPPING_END)
        return
      case 0x2c:
        this.#fetchFlowEntry()
        return
      case MINUS:
        if (isBlankOrEnd(cursor.peekAt(1))) {
          this.#fetchBlockEntry()
          return
        }
        break
      case QUESTION:
        if (this.#flowLevel > 0 || isBlankOrEnd(cursor.peekAt(1))) {
          this.#fetchKey()
          return
        }
        break
      case COLON:
        if (this.#flowLevel > 0 || isBlankOrEnd(cursor.peekAt(1))) {
          this.#fetchValue()
          return
        }
        break
      case 0x2a:
        this.#fetchProperty(ALIAS)
        return
      case 0x26:
        this.#fetchProperty(ANCHOR)
        return
      case 0x21:
        this.#fetchProperty(TAG)
        return
      case 0x27:
      case 0x22:
        this.#fetchQuoted(code === 0x27)
        return
      case 0x7c:
      case 0x3e:
        if (this.#flowLevel === 0) {
          this.#fetchBlockScalar(code === 0x7c)
          return
        }
        break
    }
    if (!this.#startsPlain(code)) {
      throw cursor.problem('found character that cannot start any token', {
        text: 'while scanning for the next token',
        start: cursor.pos,
      })
    }
    this.#fetchPlain()
  }

  #startsPlain(code: number): boolean {
    switch (code) {
      case MINUS:
        return !isBlank(this.cursor.peekAt(1))
      case QUESTION:
      case COLON:
        return this.#flowLevel === 0 && !isBlankOrEnd(this.cursor.peekAt(1))
      case TAB:
      case HASH:
      case 0x7c:
      case 0x3e:
      case 0x25:
      case 0x40:
      case 0x60:
        return false
      default:
        return true
    }
  }

  #add(kind: TokenKind, start: number): Token {
    const token = new Token(kind, this.cursor.line, start, this.cursor.pos)
    this.#queue.push(token)
    return token
  }

  /** Adds a token of `width` characters, which are passed. */
  #addIndicator(kind: TokenKind, width: number): void {
    const start = this.cursor.pos
    this.cursor.pos += width
    this.#add(kind, start)
  }

  /** Passes white space, breaks and comments. Tabs count where they cannot be meant as indentation. */
  #passWhite(): void {
    const { cursor } = this
    for (;;) {
      cursor.ensure(1)
      if (cursor.column === 0 && cursor.atByteOrderMark) cursor.skip()
      cursor.ensure(1)
      cursor.passSpaces()
      for (let code = cursor.peek(); ; code = cursor.peek()) {
        if (code !== SPACE && (code !== TAB || (this.#flowLevel === 0 && this.#keyAllowed))) break
        cursor.pos++
        cursor.ensure(1)
      }
      if (cursor.peek() === HASH) passLine(cursor)
      if (!isBreak(cursor.peek())) return
      cursor.ensure(2)
      cursor.skipBreak()
      if (this.#flowLevel === 0) this.#keyAllowed = true
    }
  }

  /** Opens a block collection at the column if none is open there; `number` is the token to open it before, -1 for now. */
  #roll(column: number, number: number, kind: TokenKind, line: number, start: number): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return
    this.#indents.push(this.#indent)
    this.#indent = column
    if (this.#indents.length > MAX_DEPTH) throw this.#tooDeep('while increasing indent level')
    const token = new Token(kind, line, start, start)
    if (number < 0) this.#queue.push(token)
    else this.#queue.insert(number, token)
  }

  #rollHere(kind: TokenKind): void {
    this.#roll(this.cursor.column, -1, kind, this.cursor.line, this.cursor.pos)
  }

  #tooDeep(text: string): YamlProblem {
    const context = { text, start: this.#keys.top.start }
    return this.cursor.problem(`exceeded max depth of ${MAX_DEPTH}`, context, 'yaml-too-deep')
  }

  /** Closes the block collections that are deeper than the column. */
  #unroll(column: number): void {
    if (this.#flowLevel > 0) return
    while (this.#indent > column) {
      this.#add(BLOCK_END, this.cursor.pos)
      this.#indent = this.#indents.pop() ?? -1
    }
  }

  #fetchStreamEnd(): void {
    const { cursor } = this
    if (cursor.column !== 0) {
      cursor.lineIndex = cursor.index
      cursor.line++
    }
    this.#unroll(-1)
    this.#keys.remove()
    this.#keyAllowed = false
    this.#add(STREAM_END, cursor.pos)
  }

  #fetchDirective(): void {
    this.#unroll(-1)
    this.#keys.remove()
    this.#keyAllowed = false
    this.#queue.push(scanDirective(this.cursor))
  }

  #fetchDocumentIndicator(kind: TokenKind): void {
    this.#unroll(-1)
    this.#keys.remove()
    this.#keyAllowed = false
    this.#addIndicator(kind, 3)
  }

  #fetchFlowStart(kind: TokenKind): void {
    this.#saveKey()
    this.#keys.enter()
    this.#flowLevel++
    if (this.#flowLevel > MAX_DEPTH) throw this.#tooDeep('while increasing flow level')
    this.#keyAllowed = true
    this.#addIndicator(kind, 1)
  }

  #fetchFlowEnd(kind: TokenKind): void {
    this.#keys.remove()
    if (this.#flowLevel > 0) {
      this.#flowLevel--
      this.#keys.leave()
    }
    this.#keyAllowed = false
    this.#addIndicator(kind, 1)
  }

  #fetchFlowEntry(): void {
    this.#keys.remove()
    this.#keyAllowed = true
    this.#addIndicator(FLOW_ENTRY, 1)
  }

  #fetchBlockEntry(): void {
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed) throw this.cursor.problem('block sequence entries are not allowed in this context')
      this.#rollHere(BLOCK_SEQUENCE_START)
    }
    this.#keys.remove()
    this.#keyAllowed = true
    this.#addIndicator(BLOCK_ENTRY, 1)
  }

  #fetchKey(): void {
    if (this.#flowLevel === 0) {
      if (!this.#keyAllowed) throw this.cursor.problem('mapping keys are not allowed in this context')
      this.#rollHere(BLOCK_MAPPING_START)
    }
    this.#keys.remove()
    this.#keyAllowed = this.#flowLevel === 0
    this.#addIndicator(KEY, 1)
  }

  #fetchValue(): void {
    const key = this.#keys.top
    if (this.#keys.isValid(key)) {
      this.#queue.insert(key.tokenNumber, new Token(KEY, key.line, key.start, key.start))
      this.#roll(key.column, key.tokenNumber, BLOCK_MAPPING_START, key.line, key.start)
      this.#keys.use(key)
      this.#keyAllowed = false
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#keyAllowed) throw this.cursor.problem('mapping values are not allowed in this context')
        this.#rollHere(BLOCK_MAPPING_START)
      }
      this.#keyAllowed = this.#flowLevel === 0
    }
    this.#addIndicator(VALUE, 1)
  }

  /** Marks the position as one where a key without `?` may start. */
  #saveKey(): void {
    if (!this.#keyAllowed) return
    this.#keys.save(this.#flowLevel === 0 && this.#indent === this.cursor.column)
  }

  #fetchProperty(kind: typeof ALIAS | typeof ANCHOR | typeof TAG): void {
    this.#saveKey()
    this.#keyAllowed = false
    const token = new Token(kind, this.cursor.line, this.cursor.pos, this.cursor.pos)
    if (kind === TAG) scanTag(this.cursor, token)
    else scanAnchor(this.cursor, token)
    this.#queue.push(token)
  }

  #fetchBlockScalar(literal: boolean): void {
    this.#keys.remove()
    this.#keyAllowed = true
    const token = new Token(SCALAR, this.cursor.line, this.cursor.pos, this.cursor.pos)
    scanBlock(this.cursor, token, literal, this.#indent)
    this.#queue.push(token)
  }

  #fetchQuoted(single: boolean): void {
    this.#saveKey()
    this.#keyAllowed = false
    const token = new Token(SCALAR, this.cursor.line, this.cursor.pos, this.cursor.pos)
    scanQuoted(this.cursor, token, single)
    this.#queue.push(token)
  }

  #fetchPlain(): void {
    this.#saveKey()
    this.#keyAllowed = false
    const token = new Token(SCALAR, this.cursor.line, this.cursor.pos, this.cursor.pos)
    token.plain = true
    if (scanPlain(this.cursor, token, this.#indent + 1, this.#flowLevel > 0)) this.#keyAllowed = true
    this.#queue.push(token)
  }
}
