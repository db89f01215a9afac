import { isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, isDigit } from './characters.ts'
import type { Cursor } from './cursor.ts'
import type { ProblemContext } from './problem.ts'
import { passComment } from './scan-block.ts'
import { readTagHandle, readTagUri, readWord } from './scan-properties.ts'
import { TAG_DIRECTIVE, Token, VERSION_DIRECTIVE } from './tokens.ts'

const LONGEST_NUMBER = 2

/** Reads a directive and the rest of its line (go.yaml.in/yaml/v2 v2.4.3, scannerc.go, `yaml_parser_scan_directive`). */
export function scanDirective(cursor: Cursor): Token {
  const start = cursor.pos
  const { line } = cursor
  const context = { text: 'while scanning a directive', start }
  cursor.pos++
  const name = readWord(cursor)
  if (name === '') throw cursor.problem('could not find expected directive name', context)
  if (!isBlankOrEnd(cursor.peek())) throw cursor.problem('found unexpected non-alphabetical character', context)
  const token = new Token(name === 'YAML' ? VERSION_DIRECTIVE : TAG_DIRECTIVE, line, start, start)
  if (name === 'YAML') readVersion(cursor, token)
  else if (name === 'TAG') readTagDirective(cursor, token)
  else throw cursor.problem('found unknown directive name', context)
  token.end = cursor.pos
  passComment(cursor)
  if (!isBreakOrEnd(cursor.peek())) throw cursor.problem('did not find expected comment or line break', context)
  if (isBreak(cursor.peek())) {
    cursor.ensure(2)
    cursor.skipBreak()
  }
  return token
}

function passBlanks(cursor: Cursor): void {
  cursor.ensure(1)
  while (isBlank(cursor.peek())) {
    cursor.pos++
    cursor.ensure(1)
  }
}

function readVersion(cursor: Cursor, token: Token): void {
  const context = { text: 'while scanning a %YAML directive', start: token.start }
  passBlanks(cursor)
  const major = readNumber(cursor, context)
  if (cursor.peek() !== 0x2e) throw cursor.problem("did not find expected digit or '.' character", context)
  cursor.pos++
  token.suffix = `${major}.${readNumber(cursor, context)}`
}

function readNumber(cursor: Cursor, context: ProblemContext): number {
  cursor.ensure(1)
  const from = cursor.pos
  while (isDigit(cursor.peek())) {
    if (cursor.pos - from === LONGEST_NUMBER) throw cursor.problem('found extremely long version number', context)
    cursor.pos++
    cursor.ensure(1)
  }
  if (cursor.pos === from) throw cursor.problem('did not find expected version number', context)
  return Number(cursor.text.slice(from, cursor.pos))
}

function readTagDirective(cursor: Cursor, token: Token): void {
  const context = { text: 'while scanning a %TAG directive', start: token.start }
  const inner = { text: 'while parsing a %TAG directive', start: token.start }
  passBlanks(cursor)
  token.value = readTagHandle(cursor, true, inner)
  cursor.ensure(1)
  if (!isBlank(cursor.peek())) throw cursor.problem('did not find expected whitespace', context)
  passBlanks(cursor)
  token.suffix = readTagUri(cursor, '', inner)
  cursor.ensure(1)
  if (!isBlankOrEnd(cursor.peek())) throw cursor.problem('did not find expected whitespace or line break', context)
}
