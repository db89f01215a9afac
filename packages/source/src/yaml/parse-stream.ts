import {
  DOCUMENT_END_EVENT,
  DOCUMENT_EVENT,
  type EventKind,
  IN_BLOCK_NODE,
  IN_DOCUMENT_CONTENT,
  IN_DOCUMENT_END,
  STREAM_END_EVENT,
} from './events.ts'
import type { ParserContext, TagDirective } from './parser-context.ts'
import { DOCUMENT_END, DOCUMENT_START, STREAM_END, TAG_DIRECTIVE, VERSION_DIRECTIVE } from './tokens.ts'

const DEFAULTS: readonly TagDirective[] = [
  { handle: '!', prefix: '!' },
  { handle: '!!', prefix: 'tag:yaml.org,2002:' },
]

/** Reads the directives of a document (go.yaml.in/yaml/v2 v2.4.3, parserc.go, `yaml_parser_process_directives`). */
function readDirectives(parser: ParserContext): readonly TagDirective[] {
  const directives: TagDirective[] = []
  let versions = 0
  let token = parser.scanner.peek()
  while (token.kind === VERSION_DIRECTIVE || token.kind === TAG_DIRECTIVE) {
    if (token.kind === VERSION_DIRECTIVE) {
      if (versions > 0) throw parser.problem('found duplicate %YAML directive', token)
      if (token.suffix !== '1.1') throw parser.problem('found incompatible YAML document', token)
      versions++
    } else {
      const handle = token.value
      if (directives.some(known => known.handle === handle)) {
        throw parser.problem('found duplicate %TAG directive', token)
      }
      directives.push({ handle, prefix: token.suffix })
    }
    token = parser.advance()
  }
  return [...directives, ...DEFAULTS.filter(({ handle }) => directives.every(known => known.handle !== handle))]
}

export function parseDocumentStart(parser: ParserContext): EventKind {
  const token = parser.scanner.peek()
  parser.line = token.line
  if (token.kind === STREAM_END) return STREAM_END_EVENT
  const explicit = token.kind === VERSION_DIRECTIVE || token.kind === TAG_DIRECTIVE || token.kind === DOCUMENT_START
  parser.tagDirectives = readDirectives(parser)
  parser.states.push(IN_DOCUMENT_END)
  if (!explicit) {
    parser.state = IN_BLOCK_NODE
    return DOCUMENT_EVENT
  }
  const start = parser.scanner.peek()
  if (start.kind !== DOCUMENT_START) throw parser.problem('did not find expected <document start>', start)
  parser.scanner.take()
  parser.state = IN_DOCUMENT_CONTENT
  return DOCUMENT_EVENT
}

export function parseDocumentContent(parser: ParserContext): EventKind {
  const token = parser.scanner.peek()
  switch (token.kind) {
    case VERSION_DIRECTIVE:
    case TAG_DIRECTIVE:
    case DOCUMENT_START:
    case DOCUMENT_END:
    case STREAM_END:
      parser.popState()
      return parser.emptyThen(parser.state, token.line, token.start)
    default:
      return parser.parseNode(true, false)
  }
}

export function parseDocumentEnd(parser: ParserContext): EventKind {
  const token = parser.scanner.peek()
  parser.end = token.start
  return DOCUMENT_END_EVENT
}
