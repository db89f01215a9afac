import { hexValue, isDigit } from './characters.ts'
import { escapeGoText } from './go-print.ts'
import { byteLength } from './read-window.ts'

/** encoding/json refuses to read what is nested deeper. */
export const MAX_JSON_DEPTH = 10_000

/** What a stream of JSON values goes on with. Positions count UTF-16 units, `offset` bytes of UTF-8 as Go does. */
type JsonStep =
  | { readonly kind: 'value'; readonly start: number; readonly end: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'unexpected-end'; readonly at: number }
  | { readonly kind: 'invalid'; readonly message: string; readonly at: number; readonly offset: number }

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

const SIMPLE_ESCAPES: ReadonlySet<number> = new Set(Array.from('bfnrt\\/"', character => character.charCodeAt(0)))
const LITERALS: ReadonlyMap<number, string> = new Map(['true', 'false', 'null'].map(word => [word.charCodeAt(0), word]))

/** Ends the reading of a stream; thrown and caught in this file alone. */
class Stop {
  readonly at: number
  /** Undefined where the text ends too early. */
  readonly context: string | undefined

  constructor(at: number, context?: string) {
    this.at = at
    this.context = context
  }
}

/** Reads the next value of a stream as Go's json.Decoder does (encoding/json, scanner.go and stream.go), with its errors. */
export function nextJsonValue(text: string, from: number): JsonStep {
  const start = passSpace(text, from)
  if (start === text.length) return { kind: 'end' }
  try {
    return { kind: 'value', start, end: passValue(text, start) }
  } catch (stop) {
    if (!(stop instanceof Stop)) throw stop
    const { at, context } = stop
    if (context === undefined) return { kind: 'unexpected-end', at }
    const message = `invalid character ${quoteByte(text, at)} ${context}`
    return { kind: 'invalid', message, at, offset: byteLength(text, 0, at) + 1 }
  }
}

/** The first byte of the character as Go prints a byte that it did not expect. */
function quoteByte(text: string, at: number): string {
  const code = text.codePointAt(at) ?? 0
  if (code === 0x27) return "'\\''"
  return `'${escapeGoText(String.fromCharCode(firstByte(code)), "'").replace("\\'", "'")}'`
}

function firstByte(code: number): number {
  if (code < 0x80) return code
  if (code < 0x800) return 0xc0 | (code >> 6)
  return code < 0x10000 ? 0xe0 | (code >> 12) : 0xf0 | (code >> 18)
}

/** Passes JSON's white space; returns the position after it. */
export function passSpace(text: string, from: number): number {
  let at = from
  for (;;) {
    const code = text.charCodeAt(at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at
    at++
  }
}

/** Refuses the character at the position, or the end. */
function stop(text: string, at: number, context: string): Stop {
  return at < text.length ? new Stop(at, context) : new Stop(at)
}

/** Passes one value; returns where it ends. */
function passValue(text: string, start: number): number {
  const open: number[] = []
  let at = start
  for (;;) {
    at = passSpace(text, at)
    const code = text.charCodeAt(at)
    if (code === OPEN_OBJECT || code === OPEN_LIST) {
      open.push(code)
      if (open.length > MAX_JSON_DEPTH) throw new Stop(at, 'exceeded max depth')
      at = passSpace(text, at + 1)
      if (code === OPEN_OBJECT) {
        if (text.charCodeAt(at) !== CLOSE_OBJECT) {
          at = passKey(text, at)
          continue
        }
      } else if (text.charCodeAt(at) !== CLOSE_LIST) continue
    } else at = passScalar(text, at)
    // A value has ended, or the bracket of an empty collection stands here.
    let next = passEnd(text, at, open)
    while (next.closed) next = passEnd(text, next.at, open)
    if (open.length === 0) return next.at
    at = open.at(-1) === OPEN_OBJECT ? passKey(text, passSpace(text, next.at)) : next.at
  }
}

interface PassedEnd {
  readonly at: number
  readonly closed: boolean
}

/** After a value: passes a comma, or the bracket that closes the innermost collection. */
function passEnd(text: string, from: number, open: number[]): PassedEnd {
  const inner = open.at(-1)
  if (inner === undefined) return { at: from, closed: false }
  const at = passSpace(text, from)
  const code = text.charCodeAt(at)
  if (code === (inner === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_LIST)) {
    open.pop()
    return { at: at + 1, closed: true }
  }
  if (code === COMMA) return { at: at + 1, closed: false }
  throw stop(text, at, inner === OPEN_OBJECT ? 'after object key:value pair' : 'after array element')
}

/** Passes a key and its colon. */
function passKey(text: string, at: number): number {
  if (text.charCodeAt(at) !== QUOTE) throw stop(text, at, 'looking for beginning of object key string')
  const end = passSpace(text, passString(text, at))
  if (text.charCodeAt(end) !== COLON) throw stop(text, end, 'after object key')
  return end + 1
}

/** Passes a string, number or literal; returns the position after it. */
export function passScalar(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code === QUOTE) return passString(text, at)
  if (code === MINUS || isDigit(code)) return passNumber(text, at)
  const literal = LITERALS.get(code)
  if (literal === undefined) throw stop(text, at, 'looking for beginning of value')
  for (let i = 1; i < literal.length; i++) {
    if (text[at + i] !== literal[i]) throw stop(text, at + i, `in literal ${literal} (expecting '${literal[i]}')`)
  }
  return at + literal.length
}

function passString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) return at + 1
    if (code === BACKSLASH) at = passEscape(text, at + 1)
    else if (!(code >= 0x20)) throw stop(text, at, 'in string literal')
  }
}

/** Returns the position of the last character of the escape. */
function passEscape(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (SIMPLE_ESCAPES.has(code)) return at
  if (code !== 0x75) throw stop(text, at, 'in string escape code')
  for (let i = 1; i <= 4; i++) {
    if (hexValue(text.charCodeAt(at + i)) < 0) throw stop(text, at + i, 'in \\u hexadecimal character escape')
  }
  return at + 4
}

function passNumber(text: string, start: number): number {
  let at = text.charCodeAt(start) === MINUS ? start + 1 : start
  if (!isDigit(text.charCodeAt(at))) throw stop(text, at, 'in numeric literal')
  at = text.charCodeAt(at) === 0x30 ? at + 1 : passDigits(text, at)
  if (text.charCodeAt(at) === 0x2e) {
    if (!isDigit(text.charCodeAt(at + 1))) throw stop(text, at + 1, 'after decimal point in numeric literal')
    at = passDigits(text, at + 1)
  }
  if ((text.charCodeAt(at) | 0x20) === 0x65) {
    at++
    const sign = text.charCodeAt(at)
    if (sign === 0x2b || sign === MINUS) at++
    if (!isDigit(text.charCodeAt(at))) throw stop(text, at, 'in exponent of numeric literal')
    at = passDigits(text, at)
  }
  return at
}

function passDigits(text: string, from: number): number {
  let at = from
  while (isDigit(text.charCodeAt(at))) at++
  return at
}
