import {
  type EventKind,
  IN_BLOCK_MAPPING_KEY,
  IN_BLOCK_MAPPING_VALUE,
  IN_BLOCK_SEQUENCE,
  IN_INDENTLESS_SEQUENCE,
  NO_BRACKET,
} from './events.ts'
import type { ParserContext } from './parser-context.ts'
import { BLOCK_END, BLOCK_ENTRY, KEY, VALUE } from './tokens.ts'

export function parseBlockSequence(parser: ParserContext): EventKind {
  const token = parser.scanner.peek()
  if (token.kind === BLOCK_ENTRY) {
    const { kind } = parser.advance()
    if (kind !== BLOCK_ENTRY && kind !== BLOCK_END) return parser.nodeThen(IN_BLOCK_SEQUENCE, true)
    return parser.emptyThen(IN_BLOCK_SEQUENCE, token.line, token.end)
  }
  if (token.kind === BLOCK_END) return parser.endCollection(token)
  throw parser.collectionProblem("did not find expected '-' indicator", token, 'while parsing a block collection')
}

export function parseIndentlessSequence(parser: ParserContext): EventKind {
  const token = parser.scanner.peek()
  if (token.kind !== BLOCK_ENTRY) {
    parser.popState()
    return parser.endAt(NO_BRACKET)
  }
  const { kind } = parser.advance()
  if (kind !== BLOCK_ENTRY && kind !== KEY && kind !== VALUE && kind !== BLOCK_END) {
    return parser.nodeThen(IN_INDENTLESS_SEQUENCE, true)
  }
  return parser.emptyThen(IN_INDENTLESS_SEQUENCE, token.line, token.end)
}

export function parseBlockMappingKey(parser: ParserContext): EventKind {
  const token = parser.scanner.peek()
  if (token.kind === KEY) {
    const { kind } = parser.advance()
    if (kind !== KEY && kind !== VALUE && kind !== BLOCK_END) return parser.nodeThen(IN_BLOCK_MAPPING_VALUE, true)
    return parser.emptyThen(IN_BLOCK_MAPPING_VALUE, token.line, token.end)
  }
  if (token.kind === BLOCK_END) return parser.endCollection(token)
  throw parser.collectionProblem('did not find expected key', token, 'while parsing a block mapping')
}

export function parseBlockMappingValue(parser: ParserContext): EventKind {
  const token = parser.scanner.peek()
  if (token.kind !== VALUE) return parser.emptyThen(IN_BLOCK_MAPPING_KEY, token.line, token.start)
  const { kind } = parser.advance()
  if (kind !== KEY && kind !== VALUE && kind !== BLOCK_END) return parser.nodeThen(IN_BLOCK_MAPPING_KEY, true)
  return parser.emptyThen(IN_BLOCK_MAPPING_KEY, token.line, token.end)
}
