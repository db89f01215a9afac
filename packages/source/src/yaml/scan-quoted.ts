import { hexValue, isBlank, isBreak, isBreakOrEnd, isHighSurrogate } from './characters.ts'
import type { Cursor } from './cursor.ts'
import { folded } from './scan-plain.ts'
import type { Token } from './tokens.ts'

const BACKSLASH = 0x5c
const SINGLE = 0x27
const DOUBLE = 0x22

/** What one character after a backslash stands for. `\/` is missing: go-yaml v2 refuses it. */
const ESCAPES: ReadonlyMap<number, string> = new Map(
  Object.entries({
    '0': '\0',
    a: '\x07',
    b: '\b',
    t: '\t',
    '\t': '\t',
    n: '\n',
    v: '\v',
    f: '\f',
    r: '\r',
    e: '\x1b',
    ' ': ' ',
    '"': '"',
    "'": "'",
    '\\': '\\',
    N: '\x85',
    _: '\xa0',
    L: '\u2028',
    P: '\u2029',
  }).map(([name, value]) => [name.charCodeAt(0), value]),
)

/** How many hexadecimal digits follow `\x`, `\u` and `\U`. */
const CODE_LENGTHS: ReadonlyMap<number, number> = new Map([
  [0x78, 2],
  [0x75, 4],
  [0x55, 8],
])

/**
 * Reads a quoted scalar into the token, as go.yaml.in/yaml/v2 v2.4.3 does (scannerc.go, `yaml_parser_scan_flow_scalar`). The
 * cursor stands on the quote.
 */
export function scanQuoted(cursor: Cursor, token: Token, single: boolean): void {
  const quote = single ? SINGLE : DOUBLE
  cursor.pos++
  if (scanOneLine(cursor, token, quote)) return
  const { text } = cursor
  const context = { text: 'while scanning a quoted scalar', start: token.start }
  const value = new QuotedValue()
  for (;;) {
    cursor.ensure(4)
    if (cursor.atDocumentIndicator) throw cursor.problem('found unexpected document indicator', context)
    if (cursor.peek() === 0) throw cursor.problem('found unexpected end of stream', context)
    let pastBreak = passWord(cursor, token, quote, value)
    cursor.ensure(1)
    if (cursor.peek() === quote) break
    const whiteFrom = cursor.pos
    let firstBreak = ''
    let otherBreaks = ''
    for (let code = cursor.peek(); isBlank(code) || isBreak(code); code = cursor.peek()) {
      if (isBlank(code)) {
        cursor.pos++
      } else {
        cursor.ensure(2)
        if (pastBreak) otherBreaks += cursor.readBreak()
        else firstBreak = cursor.readBreak()
        pastBreak = true
      }
      cursor.ensure(1)
    }
    value.text += pastBreak ? folded(firstBreak, otherBreaks) : text.slice(whiteFrom, cursor.pos)
  }
  cursor.pos++
  token.end = cursor.pos
  token.value = value.text
}

class QuotedValue {
  text = ''
}

/** The usual case: the quote that ends the scalar stands on the same line and nothing in between is escaped. */
function scanOneLine(cursor: Cursor, token: Token, quote: number): boolean {
  if (cursor.safe !== Number.POSITIVE_INFINITY) return false
  const { text } = cursor
  const from = cursor.pos
  for (let pos = from; ; pos++) {
    const code = text.charCodeAt(pos)
    if (code > BACKSLASH && code < 0x80) continue
    if (code === quote) {
      if (quote === SINGLE && text.charCodeAt(pos + 1) === SINGLE) return false
      cursor.pos = pos + 1
      token.end = pos + 1
      token.value = text.slice(from, pos)
      return true
    }
    if (code === BACKSLASH ? quote === DOUBLE : isBreakOrEnd(code) || isHighSurrogate(code)) return false
  }
}

/** Reads up to white space or the quote; returns whether an escaped break was passed. */
function passWord(cursor: Cursor, token: Token, quote: number, value: QuotedValue): boolean {
  const { text } = cursor
  let from = cursor.pos
  for (;;) {
    const code = cursor.peek()
    if (isBlank(code) || isBreakOrEnd(code)) break
    if (code === quote) {
      if (quote === DOUBLE || cursor.peekAt(1) !== SINGLE) break
      value.text += text.slice(from, cursor.pos + 1)
      cursor.pos += 2
      from = cursor.pos
    } else if (code === BACKSLASH && quote === DOUBLE) {
      value.text += text.slice(from, cursor.pos)
      if (isBreak(cursor.peekAt(1))) {
        cursor.ensure(3)
        cursor.pos++
        cursor.skipBreak()
        return true
      }
      value.text += readEscape(cursor, token)
      from = cursor.pos
    } else cursor.skip()
    cursor.ensure(2)
  }
  value.text += text.slice(from, cursor.pos)
  return false
}

function readEscape(cursor: Cursor, token: Token): string {
  const name = cursor.peekAt(1)
  const context = { text: 'while parsing a quoted scalar', start: token.start }
  const plain = ESCAPES.get(name)
  const length = CODE_LENGTHS.get(name) ?? 0
  if (plain === undefined && length === 0) throw cursor.problem('found unknown escape character', context)
  cursor.pos += 2
  if (plain !== undefined) return plain
  cursor.ensure(length)
  let code = 0
  for (let at = 0; at < length; at++) {
    const digit = hexValue(cursor.peekAt(at))
    if (digit < 0) throw cursor.problem('did not find expected hexdecimal number', context)
    code = code * 16 + digit
  }
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    throw cursor.problem('found invalid Unicode character escape code', context)
  }
  cursor.pos += length
  return String.fromCodePoint(code)
}
