import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  DASH,
  IN_SCALAR,
  IN_STRING,
  IN_STRING_CONTROL,
  IN_STRING_ESCAPE,
  IN_STRING_QUOTE,
  isBlank,
  isItems,
  isLeftOver,
  NEWLINE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  SPACE,
} from './json/byte-classes.ts'
import { ByteWindow } from './json/byte-window.ts'
import type { JsonEvents, JsonProblem } from './json/events.ts'
import { LineCounter } from './json/line-counter.ts'
import { OpenValue } from './json/open-value.ts'
import { columnAt, excerptAt } from './json/place.ts'
import { RestartSearch } from './json/restart.ts'
import { SkippedValue } from './json/skip-value.ts'
import { isSkippedKey } from './json/skipped-keys.ts'
import { ARRAY, CODED_STRING, OBJECT, SCALAR, SKIPPED, STRING, type Tape } from './json/tape.ts'
import { TokenBuffer } from './json/token-buffer.ts'

/** An object of the API server is at most about 1.5 MB (etcd's limit); what is larger than this is left out. */
export const MAX_OBJECT_BYTES = 96 * 2 ** 20
/** The depth at which Go's encoding/json gives up, and with it the API server. */
export const MAX_DEPTH = 10_000

// What may stand next.
const TOP = 0
const VALUE = 1
const VALUE_OR_END = 2
const KEY = 3
const KEY_OR_END = 4
const KEY_END = 5
const COMMA_OR_END = 6
const SKIPPING = 7
const RESTART = 8

const EXPECTED: readonly string[] = [
  'an object or a list of objects',
  'a value',
  'a value or "]"',
  'a key',
  'a key or "}"',
  '":"',
  '"," or the end of the object or list',
]

/**
 * Reads JSON in chunks cut anywhere: `{"items": […]}`, lists of objects, single objects, one object a line, objects in a row.
 * Gives one value at a time as a tape and keeps no more than that value. After a mistake it goes on at the next object.
 */
export class JsonStream {
  private readonly events: JsonEvents
  private readonly maxObjectBytes: number
  private readonly window = new ByteWindow()
  private readonly lines: LineCounter
  private readonly tokens = new TokenBuffer()
  private readonly skipped = new SkippedValue()
  private readonly restart = new RestartSearch()
  private readonly value = new OpenValue()
  private position = 0
  /** Where the scan of an unfinished string or scalar goes on; 0 if there is none. */
  private resumeAt = 0
  private resumeCoded = false

  private state = TOP
  private depth = 0
  /** By depth: token of the open object or array, `<< 1 | 1` for an array. */
  private readonly stack = new Int32Array(MAX_DEPTH + 1)
  /** Depth of the elements that are given one by one: 1 in a list at the top, 2 in `items`; 0 elsewhere. */
  private streamDepth = 0
  /** Behind the `items` of the object at the top. */
  private inTail = false
  private itemsNext = false
  private skipNext = false

  private pending: Omit<JsonProblem, 'resumedAt'> | undefined
  /** After a restart at the top, closing brackets and commas are left over. */
  private lenientTop = false
  private foreignAt: number | undefined

  constructor(events: JsonEvents, firstLine = 1, maxObjectBytes = MAX_OBJECT_BYTES) {
    this.events = events
    this.maxObjectBytes = maxObjectBytes
    this.lines = new LineCounter(firstLine)
  }

  /** False when text that is no JSON begins between two values; `rest` then holds it and nothing more is read. */
  push(chunk: Uint8Array): boolean {
    const shift = this.window.append(chunk)
    if (shift > 0) this.shift(shift)
    if (this.foreignAt === undefined) this.run(false)
    return this.foreignAt === undefined
  }

  /** Whether no value is open and nothing was left out of late. */
  get isIdle(): boolean {
    return this.state === TOP && this.pending === undefined
  }

  finish(): void {
    if (this.foreignAt !== undefined) return
    this.run(true)
    if (this.foreignAt !== undefined) return
    const inList = this.streamDepth > 0 || this.inTail
    if (this.state !== TOP && this.state !== RESTART) {
      const inItems = this.streamDepth > 0 && this.depth <= this.streamDepth
      this.fail(this.window.end, 'json-unexpected-end', `the file ends inside a ${inItems ? 'list' : 'value'}`)
    }
    this.reportPending(undefined)
    if (inList) this.events.listTail(this.tape(), 0, 0)
    this.streamDepth = 0
  }

  /** The bytes that are no JSON, and the line on which they begin. */
  rest(): { readonly bytes: Uint8Array; readonly line: number } | undefined {
    if (this.foreignAt === undefined) return undefined
    return { bytes: this.window.bytes.slice(this.foreignAt, this.window.end), line: this.lines.line }
  }

  private tape(): Tape {
    return { bytes: this.window.bytes, cells: this.tokens.cells }
  }

  private shift(by: number): void {
    this.position -= by
    if (this.resumeAt > 0) this.resumeAt -= by
    if (this.foreignAt !== undefined) this.foreignAt -= by
    this.value.start -= by
    this.lines.shift(by)
    this.tokens.shift(by)
  }

  private run(final: boolean): void {
    const { window } = this
    while (this.position < window.end && this.foreignAt === undefined) {
      const before = this.position
      const stateBefore = this.state
      if (this.state === SKIPPING) this.skip()
      else if (this.state === RESTART) this.seekRestart(final)
      else this.scan(final)
      if (window.end - window.keepFrom > this.maxObjectBytes && this.state !== RESTART) {
        const size = `${this.maxObjectBytes / 2 ** 20} MiB`
        this.fail(this.position, 'json-object-too-large', `an object is larger than ${size}`)
      } else if (this.position === before && this.state === stateBefore) break
    }
  }

  /** Reads tokens until the chunk ends or another way of reading is called for. */
  private scan(final: boolean): void {
    const { window, lines, tokens, stack } = this
    const { bytes, end } = window
    let at = this.position
    let state = this.state
    while (at < end) {
      const byte = bytes[at]!
      if (byte === QUOTE) {
        const isKey = state === KEY || state === KEY_OR_END
        if (!isKey && state !== VALUE && state !== VALUE_OR_END) {
          this.unexpected(at, state, final)
          return
        }
        let next = at + 1
        let coded = false
        if (this.resumeAt > 0) {
          next = this.resumeAt
          coded = this.resumeCoded
          this.resumeAt = 0
        } else if (this.depth === this.streamDepth) this.beginValue(at)
        let found = 0
        while (next < end) {
          found = IN_STRING[bytes[next]!]!
          if (found === 0) next++
          else if (found === IN_STRING_QUOTE || found === IN_STRING_CONTROL) break
          else {
            coded = true
            next += found === IN_STRING_ESCAPE ? 2 : 1
          }
        }
        if (next >= end) {
          this.position = final ? end : at
          this.state = state
          this.resumeAt = next
          this.resumeCoded = coded
          return
        }
        if (found === IN_STRING_CONTROL) {
          this.fail(next, 'json-syntax', 'a string holds a line break or another control character')
          return
        }
        tokens.add(at + 1, (next << 3) | (coded ? CODED_STRING : STRING))
        if (isKey) {
          this.itemsNext = this.depth === 1 && this.streamDepth === 0 && isItems(bytes, at + 1, next)
          this.skipNext = isSkippedKey(bytes, at + 1, next)
          state = KEY_END
        } else {
          this.itemsNext = false
          this.skipNext = false
          state = COMMA_OR_END
        }
        at = next + 1
        if (state === COMMA_OR_END && this.depth === this.streamDepth) this.emitElement(at)
      } else if (byte === SPACE) {
        if (lines.firstOfLine === at) lines.firstOfLine = at + 1
        at++
      } else if (byte === NEWLINE) {
        const first = window.skipSpaces(at + 1)
        lines.begin(at + 1, first)
        at = first
      } else if (byte === COLON && state === KEY_END) {
        state = VALUE
        at++
      } else if (byte === COMMA && state === COMMA_OR_END) {
        state = stack[this.depth - 1]! & 1 ? VALUE : KEY
        at++
      } else if ((byte === OPEN_OBJECT || byte === OPEN_ARRAY) && state <= VALUE_OR_END) {
        const isArray = byte === OPEN_ARRAY
        if (this.depth === this.streamDepth) this.beginValue(at)
        if (this.skipNext) {
          this.skipNext = false
          tokens.add(at, ((at + 1) << 3) | SKIPPED)
          this.skipped.begin()
          this.position = at + 1
          this.state = SKIPPING
          return
        }
        if (this.depth === MAX_DEPTH) {
          this.fail(at, 'json-too-deep', `objects and lists are nested deeper than ${MAX_DEPTH}`)
          return
        }
        if (isArray && (state === TOP || this.itemsNext)) this.beginStream(state === TOP ? 1 : 2)
        else {
          stack[this.depth++] = (tokens.count << 1) | (isArray ? 1 : 0)
          tokens.add(at, isArray ? ARRAY : OBJECT)
        }
        this.itemsNext = false
        state = isArray ? VALUE_OR_END : KEY_OR_END
        at++
      } else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && this.closes(byte === CLOSE_ARRAY, state)) {
        at++
        this.depth--
        if (this.depth === this.streamDepth - 1) state = this.endStream(at)
        else if (this.depth === 0) {
          this.endTop(at)
          state = TOP
        } else {
          tokens.close(stack[this.depth]! >>> 1, byte === CLOSE_ARRAY ? ARRAY : OBJECT)
          state = COMMA_OR_END
          if (this.depth === this.streamDepth) this.emitElement(at)
        }
      } else if (isBlank(byte) || (state === TOP && this.lenientTop && isLeftOver(byte))) {
        if (lines.firstOfLine === at) lines.firstOfLine = at + 1
        at++
      } else if ((state === VALUE || state === VALUE_OR_END) && IN_SCALAR[byte] === 1) {
        let next = at + 1
        if (this.resumeAt > 0) {
          next = this.resumeAt
          this.resumeAt = 0
        } else if (this.depth === this.streamDepth) this.beginValue(at)
        while (next < end && IN_SCALAR[bytes[next]!] === 1) next++
        if (next === end && !final) {
          this.position = at
          this.state = state
          this.resumeAt = next
          return
        }
        tokens.add(at, (next << 3) | SCALAR)
        this.itemsNext = false
        this.skipNext = false
        at = next
        state = COMMA_OR_END
        if (this.depth === this.streamDepth) this.emitElement(at)
      } else {
        this.unexpected(at, state, final)
        return
      }
    }
    this.position = at
    this.state = state
    if (state === TOP) window.keepFrom = at
  }

  private closes(array: boolean, state: number): boolean {
    if (state !== COMMA_OR_END && state !== (array ? VALUE_OR_END : KEY_OR_END)) return false
    return (this.stack[this.depth - 1]! & 1) === (array ? 1 : 0)
  }

  private beginValue(at: number): void {
    this.value.begin(this.window, this.lines, at)
    this.window.keepFrom = at
    this.tokens.count = 0
  }

  private emitElement(end: number): void {
    this.events.value(this.tape(), 0, this.value.place(end))
    this.tokens.count = 0
    this.window.keepFrom = end
  }

  private beginStream(depth: 1 | 2): void {
    // Behind the object's own token stand the members before `items`; the last token is the key `items` itself.
    if (depth === 1) this.events.listHead(this.tape(), 0, 0)
    else this.events.listHead(this.tape(), this.inTail ? 0 : 1, this.tokens.count - 1)
    this.tokens.count = 0
    this.stack[this.depth++] = 1
    this.streamDepth = depth
    // How the elements look is not known yet.
    this.value.indent = undefined
  }

  private endStream(at: number): number {
    const inObject = this.streamDepth === 2
    this.streamDepth = 0
    this.tokens.count = 0
    this.window.keepFrom = at
    this.inTail = inObject
    if (inObject) return COMMA_OR_END
    this.events.listTail(this.tape(), 0, 0)
    return TOP
  }

  private endTop(at: number): void {
    const { tokens } = this
    if (this.inTail) this.events.listTail(this.tape(), 0, tokens.count)
    else {
      tokens.close(0, OBJECT)
      this.events.value(this.tape(), 0, this.value.place(at))
    }
    this.inTail = false
    tokens.count = 0
    this.window.keepFrom = at
  }

  private skip(): void {
    this.position = this.skipped.scan(this.window, this.lines, this.position)
    if (this.skipped.ended) this.state = COMMA_OR_END
  }

  private unexpected(at: number, state: number, final: boolean): void {
    const { bytes, end } = this.window
    if (state === TOP && this.lines.firstOfLine === at) {
      // `---` between two JSON documents.
      if (bytes[at] === DASH && end - at < 3 && !final) {
        this.stopAtTop(at)
        return
      }
      if (bytes[at] === DASH && bytes[at + 1] === DASH && bytes[at + 2] === DASH) {
        this.stopAtTop(at + 3)
        return
      }
      if (!this.lenientTop && !isLeftOver(bytes[at]!)) {
        this.position = at
        this.foreignAt = at
        return
      }
    }
    const found = bytes[at]! < 0x80 ? JSON.stringify(String.fromCharCode(bytes[at]!)) : 'another character'
    this.fail(at, 'json-syntax', `expected ${EXPECTED[state]}, found ${found}`)
  }

  private stopAtTop(at: number): void {
    this.state = TOP
    this.position = at
    this.window.keepFrom = at
  }

  private fail(at: number, code: JsonProblem['code'], message: string): void {
    const { lines } = this
    const { bytes, end } = this.window
    const column = columnAt(bytes, lines.lineStart, at)
    const { text, start } = excerptAt(bytes, Math.max(0, lines.lineStart), end, at)
    this.pending ??= {
      code,
      message,
      line: lines.line,
      column,
      excerpt: text,
      excerptColumn: column - (columnAt(bytes, start, at) - 1),
      leftOutFrom: this.depth > this.streamDepth ? this.value.line : lines.line,
    }
    this.depth = this.streamDepth
    this.tokens.count = 0
    this.resumeAt = 0
    this.itemsNext = false
    this.skipNext = false
    this.inTail = false
    this.restart.begin(lines, at)
    this.position = at
    this.window.keepFrom = at
    this.state = RESTART
  }

  private seekRestart(final: boolean): void {
    const inList = this.streamDepth > 0
    const broken = { start: this.value.start, indent: this.value.indent, inList }
    const found = this.restart.scan(this.window, this.lines, this.position, broken, final)
    const at = found < 0 ? this.restart.reached : found
    this.position = at
    this.window.keepFrom = at
    if (found < 0) return
    this.reportPending(this.lines.line)
    if (!inList) {
      this.state = TOP
      this.lenientTop = true
    } else this.state = this.window.bytes[at] === CLOSE_ARRAY ? VALUE_OR_END : VALUE
  }

  private reportPending(resumedAt: number | undefined): void {
    const { pending } = this
    this.pending = undefined
    if (pending !== undefined) this.events.problem({ ...pending, resumedAt })
  }
}
