import {
  type EventKind,
  IN_FLOW_MAPPING_EMPTY_VALUE,
  IN_FLOW_MAPPING_KEY,
  IN_FLOW_MAPPING_VALUE,
  IN_FLOW_SEQUENCE,
  IN_PAIR_END,
  IN_PAIR_KEY,
  IN_PAIR_VALUE,
  MAPPING_EVENT,
} from './events.ts'
import type { ParserContext } from './parser-context.ts'
import { FLOW_ENTRY, FLOW_MAPPING_END, FLOW_SEQUENCE_END, KEY, type Token, VALUE } from './tokens.ts'

/** Passes the opening bracket, or the comma before an entry. */
function passSeparator(parser: ParserContext, first: boolean, end: number, problem: string, context: string): Token {
  const token = parser.scanner.peek()
  if (first) {
    parser.marks.push(token.start)
    return parser.advance()
  }
  if (token.kind === end) return token
  if (token.kind === FLOW_ENTRY) return parser.advance()
  throw parser.collectionProblem(problem, token, context)
}

/** Reads an entry of `[]`, its end, or the key of a mapping of one pair (parserc.go, `yaml_parser_parse_flow_sequence_entry`). */
export function parseFlowSequenceEntry(parser: ParserContext, first: boolean): EventKind {
  const token = passSeparator(
    parser,
    first,
    FLOW_SEQUENCE_END,
    "did not find expected ',' or ']'",
    'while parsing a flow sequence',
  )
  if (token.kind === FLOW_SEQUENCE_END) return parser.endCollection(token)
  if (token.kind !== KEY) return parser.nodeThen(IN_FLOW_SEQUENCE, false)
  parser.state = IN_PAIR_KEY
  parser.line = token.line
  parser.start = token.start
  parser.end = token.end
  parser.anchor = ''
  parser.tag = ''
  parser.scanner.take()
  return MAPPING_EVENT
}

export function parsePairKey(parser: ParserContext): EventKind {
  const token = parser.scanner.peek()
  if (token.kind !== VALUE && token.kind !== FLOW_ENTRY && token.kind !== FLOW_SEQUENCE_END) {
    return parser.nodeThen(IN_PAIR_VALUE, false)
  }
  parser.scanner.take()
  return parser.emptyThen(IN_PAIR_VALUE, token.line, token.end)
}

export function parsePairValue(parser: ParserContext): EventKind {
  const token = parser.scanner.peek()
  if (token.kind === VALUE) {
    const { kind } = parser.advance()
    if (kind !== FLOW_ENTRY && kind !== FLOW_SEQUENCE_END) return parser.nodeThen(IN_PAIR_END, false)
  }
  return parser.emptyThen(IN_PAIR_END, token.line, token.start)
}

/** Reads a key of `{}` or its end (parserc.go, `yaml_parser_parse_flow_mapping_key`). */
export function parseFlowMappingKey(parser: ParserContext, first: boolean): EventKind {
  const token = passSeparator(
    parser,
    first,
    FLOW_MAPPING_END,
    "did not find expected ',' or '}'",
    'while parsing a flow mapping',
  )
  if (token.kind === FLOW_MAPPING_END) return parser.endCollection(token)
  if (token.kind !== KEY) return parser.nodeThen(IN_FLOW_MAPPING_EMPTY_VALUE, false)
  const key = parser.advance()
  if (key.kind !== VALUE && key.kind !== FLOW_ENTRY && key.kind !== FLOW_MAPPING_END) {
    return parser.nodeThen(IN_FLOW_MAPPING_VALUE, false)
  }
  return parser.emptyThen(IN_FLOW_MAPPING_VALUE, key.line, key.start)
}

export function parseFlowMappingValue(parser: ParserContext, empty: boolean): EventKind {
  let token = parser.scanner.peek()
  if (!empty && token.kind === VALUE) {
    token = parser.advance()
    if (token.kind !== FLOW_ENTRY && token.kind !== FLOW_MAPPING_END) return parser.nodeThen(IN_FLOW_MAPPING_KEY, false)
  }
  return parser.emptyThen(IN_FLOW_MAPPING_KEY, token.line, token.start)
}
