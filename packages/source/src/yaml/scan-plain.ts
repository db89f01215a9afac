import { isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, isHighSurrogate, LINE_FEED, SPACE, TAB } from './characters.ts'
import type { Cursor } from './cursor.ts'
import type { Token } from './tokens.ts'

const HASH = 0x23

const ORDINARY = 0
/** White space, breaks and the end. */
const SPACE_LIKE = 1
const COLON = 2
/** Indicators that end a plain scalar within `[]` and `{}`. */
const FLOW_INDICATOR = 3

const CLASSES = new Uint8Array(128)
for (const code of [0x00, 0x09, 0x0a, 0x0d, 0x20]) CLASSES[code] = SPACE_LIKE
CLASSES[0x3a] = COLON
for (const indicator of ',?[]{}') CLASSES[indicator.charCodeAt(0)] = FLOW_INDICATOR

/**
 * Reads a plain scalar into the token, as go.yaml.in/yaml/v2 v2.4.3 does (scannerc.go, `yaml_parser_scan_plain_scalar`): breaks
 * fold, and the scalar ends at a comment, at `: ` and where the indentation ends. Returns whether a break was passed behind it,
 * after which a simple key may start.
 */
export function scanPlain(cursor: Cursor, token: Token, indent: number, inFlow: boolean): boolean {
  const { text } = cursor
  let value = ''
  let white = ''
  let firstBreak = ''
  let otherBreaks = ''
  let pastBreak = false
  for (;;) {
    cursor.ensure(4)
    if (cursor.atDocumentIndicator) break
    const from = cursor.pos
    if (text.charCodeAt(from) === HASH) break
    if (cursor.safe === Number.POSITIVE_INFINITY) passWords(cursor, inFlow)
    else passWord(cursor, inFlow)
    if (cursor.pos > from) {
      if (pastBreak) {
        value += folded(firstBreak, otherBreaks)
        firstBreak = ''
        otherBreaks = ''
        pastBreak = false
      } else if (white !== '') {
        value += white
        white = ''
      }
      value += text.slice(from, cursor.pos)
      token.end = cursor.pos
    }
    let code = cursor.peek()
    if (!isBlank(code) && !isBreak(code)) break
    if (code === LINE_FEED && !inFlow && passLastBreak(cursor, indent)) {
      pastBreak = true
      break
    }
    cursor.ensure(1)
    const whiteFrom = cursor.pos
    while (isBlank(code) || isBreak(code)) {
      if (isBlank(code)) {
        if (pastBreak && code === TAB && cursor.column < indent) {
          throw cursor.problem('found a tab character that violates indentation', {
            text: 'while scanning a plain scalar',
            start: token.start,
          })
        }
        cursor.pos++
      } else {
        cursor.ensure(2)
        if (pastBreak) otherBreaks += cursor.readBreak()
        else firstBreak = cursor.readBreak()
        pastBreak = true
      }
      cursor.ensure(1)
      code = cursor.peek()
    }
    if (!pastBreak) white = text.slice(whiteFrom, cursor.pos)
    if (!inFlow && cursor.column < indent) break
  }
  token.value = value
  return pastBreak
}

/** The usual case: the next line is not indented deep enough to go on with the scalar. Passes its indentation if so. */
function passLastBreak(cursor: Cursor, indent: number): boolean {
  if (cursor.safe !== Number.POSITIVE_INFINITY) return false
  const { text } = cursor
  const lineStart = cursor.pos + 1
  let pos = lineStart
  while (text.charCodeAt(pos) === SPACE) pos++
  const next = text.charCodeAt(pos)
  if (pos - lineStart >= indent || next === TAB || isBreak(next)) return false
  cursor.pos = pos
  cursor.line++
  cursor.lineIndex = lineStart - cursor.wide
  return true
}

/** What a break and the empty lines after it are in a scalar that folds. */
export function folded(firstBreak: string, otherBreaks: string): string {
  if (firstBreak !== '\n') return firstBreak + otherBreaks
  return otherBreaks === '' ? ' ' : otherBreaks
}

/** Passes the words of one line: white space between them is part of the scalar as it is. */
function passWords(cursor: Cursor, inFlow: boolean): void {
  const { text } = cursor
  let wordEnd = cursor.pos
  for (;;) {
    const from = cursor.pos
    passWord(cursor, inFlow)
    if (cursor.pos === from) break
    wordEnd = cursor.pos
    let next = wordEnd
    while (isBlank(text.charCodeAt(next))) next++
    const code = text.charCodeAt(next)
    if (next === wordEnd || code === HASH || isBreakOrEnd(code)) break
    cursor.pos = next
  }
  cursor.pos = wordEnd
}

/** Passes the characters up to white space, `: ` or an indicator of the flow context. */
function passWord(cursor: Cursor, inFlow: boolean): void {
  const { text } = cursor
  let pos = cursor.pos
  for (;;) {
    const code = text.charCodeAt(pos)
    if (code < 128) {
      const kind = CLASSES[code]
      if (kind !== ORDINARY) {
        if (kind === SPACE_LIKE) break
        if (kind === COLON && isBlankOrEnd(text.charCodeAt(pos + 1))) break
        if (kind === FLOW_INDICATOR && inFlow) break
      }
    } else if (isHighSurrogate(code)) {
      pos++
      cursor.wide++
    } else if (isBreak(code)) break
    pos++
    if (pos > cursor.safe) {
      cursor.pos = pos
      cursor.load(2)
    }
  }
  cursor.pos = pos
}
