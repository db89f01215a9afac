import {
  ALIAS_EVENT,
  END_EVENT,
  type EventKind,
  MAPPING_EVENT,
  NO_BRACKET,
  SCALAR_EVENT,
  SEQUENCE_EVENT,
  STREAM_END_EVENT,
} from './events.ts'
import { ALIAS_NODE, MAPPING_NODE, SCALAR_NODE, SEQUENCE_NODE, YamlNode } from './nodes.ts'
import { nextEvent } from './parser.ts'
import type { ParserContext } from './parser-context.ts'
import { YamlProblem } from './problem.ts'

/**
 * Makes the tree of the first document, up to its end; undefined if there is none. An alias refers to the last node before it
 * that has the anchor, which may be one that it is in (go.yaml.in/yaml/v2 v2.4.3, decode.go, `parser`).
 */
export function composeDocument(parser: ParserContext): YamlNode | undefined {
  // The scanner's first token tells that the stream starts.
  parser.scanner.peek()
  parser.scanner.take()
  if (nextEvent(parser) === STREAM_END_EVENT) return undefined
  const anchors = new Map<string, YamlNode>()
  const open: YamlNode[] = []
  let current: YamlNode | undefined
  for (;;) {
    const event = nextEvent(parser)
    if (event === END_EVENT) {
      const ended = open.pop()
      if (ended !== undefined) ended.end = endOf(ended, parser.end)
      current = open.at(-1)
      if (current === undefined) return finish(parser, ended)
      continue
    }
    const node = nodeOf(parser, event, anchors)
    if (current !== undefined) current.children.push(node)
    if (event === MAPPING_EVENT || event === SEQUENCE_EVENT) {
      open.push(node)
      current = node
    } else if (current === undefined) return finish(parser, node)
  }
}

function finish(parser: ParserContext, root: YamlNode | undefined): YamlNode | undefined {
  nextEvent(parser)
  return root
}

function nodeOf(parser: ParserContext, event: EventKind, anchors: Map<string, YamlNode>): YamlNode {
  const { line, start, end } = parser
  if (event === ALIAS_EVENT) {
    const name = parser.anchor
    const target = anchors.get(name)
    if (target === undefined) {
      throw new YamlProblem('decoder', 'yaml-unknown-anchor', `unknown anchor '${name}' referenced`, line, {
        start,
        end,
      })
    }
    const node = new YamlNode(ALIAS_NODE, line, start, end, name, '', false)
    node.target = target
    return node
  }
  const node =
    event === SCALAR_EVENT
      ? new YamlNode(SCALAR_NODE, line, start, end, parser.value, parser.tag, parser.implicit)
      : new YamlNode(event === MAPPING_EVENT ? MAPPING_NODE : SEQUENCE_NODE, line, start, end, '', '', false)
  if (parser.anchor !== '') anchors.set(parser.anchor, node)
  return node
}

/** A collection without brackets ends with its last entry; libyaml has it end where the next token starts. */
function endOf(node: YamlNode, bracketEnd: number): number {
  return bracketEnd === NO_BRACKET ? Math.max(node.end, node.children.at(-1)?.end ?? 0) : bracketEnd
}
