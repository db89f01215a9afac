import { hexValue, isBlankOrEnd, isWord } from './characters.ts'
import type { Cursor } from './cursor.ts'
import type { ProblemContext } from './problem.ts'
import { ALIAS, type Token } from './tokens.ts'

const BANG = 0x21
const PERCENT = 0x25
const LESS = 0x3c
const GREATER = 0x3e

/** What may follow the name of an anchor or alias, besides white space: `?`, `:`, `,`, `]`, `}`, `%`, `@` and a backquote. */
const AFTER_NAME: ReadonlySet<number> = new Set(Array.from('?:,]}%@`', character => character.charCodeAt(0)))

/** Besides words; `%` starts an escape. */
const URI_CHARACTERS: ReadonlySet<number> = new Set(
  Array.from(";/?:@&=+$,.!~*'()[]%", character => character.charCodeAt(0)),
)

/** Reads the name of an anchor or alias into the token (scannerc.go, `yaml_parser_scan_anchor`). */
export function scanAnchor(cursor: Cursor, token: Token): void {
  cursor.pos++
  token.value = readWord(cursor)
  token.end = cursor.pos
  const code = cursor.peek()
  if (token.value === '' || !(isBlankOrEnd(code) || AFTER_NAME.has(code))) {
    throw cursor.problem('did not find expected alphabetic or numeric character', {
      text: token.kind === ALIAS ? 'while scanning an alias' : 'while scanning an anchor',
      start: token.start,
    })
  }
}

/** Reads letters, digits, `_` and `-`. */
export function readWord(cursor: Cursor): string {
  const from = cursor.pos
  cursor.ensure(1)
  while (isWord(cursor.peek())) {
    cursor.pos++
    cursor.ensure(1)
  }
  return cursor.text.slice(from, cursor.pos)
}

/** Reads a tag's handle and suffix into the token (scannerc.go, `yaml_parser_scan_tag`); `!` alone has no handle. */
export function scanTag(cursor: Cursor, token: Token): void {
  const context = { text: 'while scanning a tag', start: token.start }
  const inner = { text: 'while parsing a tag', start: token.start }
  cursor.ensure(2)
  if (cursor.peekAt(1) === LESS) {
    cursor.pos += 2
    token.suffix = readTagUri(cursor, '', inner)
    if (cursor.peek() !== GREATER) throw cursor.problem("did not find the expected '>'", context)
    cursor.pos++
  } else {
    const handle = readTagHandle(cursor, false, inner)
    if (handle.length > 1 && handle.endsWith('!')) {
      token.value = handle
      token.suffix = readTagUri(cursor, '', inner)
    } else {
      const suffix = readTagUri(cursor, handle, inner)
      token.value = suffix === '' ? '' : '!'
      token.suffix = suffix === '' ? '!' : suffix
    }
  }
  cursor.ensure(1)
  if (!isBlankOrEnd(cursor.peek())) throw cursor.problem('did not find expected whitespace or line break', context)
  token.end = cursor.pos
}

/** Reads `!`, `!!` or `!word!`; without a directive also `!word`, which is then no handle but the start of a suffix. */
export function readTagHandle(cursor: Cursor, inDirective: boolean, context: ProblemContext): string {
  cursor.ensure(1)
  if (cursor.peek() !== BANG) throw cursor.problem("did not find expected '!'", context)
  const from = cursor.pos
  cursor.pos++
  readWord(cursor)
  if (cursor.peek() === BANG) cursor.pos++
  else if (inDirective && cursor.pos > from + 1) throw cursor.problem("did not find expected '!'", context)
  return cursor.text.slice(from, cursor.pos)
}

/** Reads the rest of a tag that starts with `head`, whose first character is not part of it. */
export function readTagUri(cursor: Cursor, head: string, context: ProblemContext): string {
  let uri = head.slice(1)
  let found = head !== ''
  cursor.ensure(1)
  for (let code = cursor.peek(); isWord(code) || URI_CHARACTERS.has(code); code = cursor.peek()) {
    if (code === PERCENT) uri += readUriEscape(cursor, context)
    else {
      uri += String.fromCharCode(code)
      cursor.pos++
    }
    cursor.ensure(1)
    found = true
  }
  if (!found) throw cursor.problem('did not find expected tag URI', context)
  return uri
}

/** Reads the `%xx` of one character. Its bytes are only looked at as libyaml does, so an overlong form passes. */
function readUriEscape(cursor: Cursor, context: ProblemContext): string {
  let code = 0
  for (let left = -1; left !== 0; left--) {
    cursor.ensure(3)
    const high = hexValue(cursor.peekAt(1))
    const low = hexValue(cursor.peekAt(2))
    if (cursor.peek() !== PERCENT || high < 0 || low < 0) {
      throw cursor.problem('did not find URI escaped octet', context)
    }
    const octet = high * 16 + low
    if (left < 0) {
      left = sequenceLength(octet)
      if (left === 0) throw cursor.problem('found an incorrect leading UTF-8 octet', context)
      code = left === 1 ? octet : octet & (0x7f >> left)
    } else {
      if ((octet & 0xc0) !== 0x80) throw cursor.problem('found an incorrect trailing UTF-8 octet', context)
      code = code * 64 + (octet & 0x3f)
    }
    cursor.pos += 3
  }
  return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code)
}

function sequenceLength(octet: number): number {
  if (octet < 0x80) return 1
  if ((octet & 0xe0) === 0xc0) return 2
  if ((octet & 0xf0) === 0xe0) return 3
  return (octet & 0xf8) === 0xf0 ? 4 : 0
}
