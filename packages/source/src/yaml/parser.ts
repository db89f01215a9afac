import {
  type EventKind,
  IN_BLOCK_MAPPING_KEY,
  IN_BLOCK_MAPPING_VALUE,
  IN_BLOCK_NODE,
  IN_BLOCK_SEQUENCE,
  IN_DOCUMENT_CONTENT,
  IN_DOCUMENT_END,
  IN_DOCUMENT_START,
  IN_FLOW_MAPPING_EMPTY_VALUE,
  IN_FLOW_MAPPING_FIRST,
  IN_FLOW_MAPPING_KEY,
  IN_FLOW_MAPPING_VALUE,
  IN_FLOW_SEQUENCE,
  IN_FLOW_SEQUENCE_FIRST,
  IN_INDENTLESS_SEQUENCE,
  IN_PAIR_END,
  IN_PAIR_KEY,
  IN_PAIR_VALUE,
  NO_BRACKET,
} from './events.ts'
import {
  parseBlockMappingKey,
  parseBlockMappingValue,
  parseBlockSequence,
  parseIndentlessSequence,
} from './parse-block.ts'
import {
  parseFlowMappingKey,
  parseFlowMappingValue,
  parseFlowSequenceEntry,
  parsePairKey,
  parsePairValue,
} from './parse-flow.ts'
import { parseDocumentContent, parseDocumentEnd, parseDocumentStart } from './parse-stream.ts'
import type { ParserContext } from './parser-context.ts'

/**
 * Makes the next event of the tokens as go.yaml.in/yaml/v2 v2.4.3 does (parserc.go, `yaml_parser_state_machine`), up to the end
 * of the first document, since kubectl reads no further.
 */
export function nextEvent(context: ParserContext): EventKind {
  switch (context.state) {
    case IN_DOCUMENT_START:
      return parseDocumentStart(context)
    case IN_DOCUMENT_CONTENT:
      return parseDocumentContent(context)
    case IN_DOCUMENT_END:
      return parseDocumentEnd(context)
    case IN_BLOCK_NODE:
      return context.parseNode(true, false)
    case IN_BLOCK_SEQUENCE:
      return parseBlockSequence(context)
    case IN_INDENTLESS_SEQUENCE:
      return parseIndentlessSequence(context)
    case IN_BLOCK_MAPPING_KEY:
      return parseBlockMappingKey(context)
    case IN_BLOCK_MAPPING_VALUE:
      return parseBlockMappingValue(context)
    case IN_FLOW_SEQUENCE_FIRST:
      return parseFlowSequenceEntry(context, true)
    case IN_FLOW_SEQUENCE:
      return parseFlowSequenceEntry(context, false)
    case IN_PAIR_KEY:
      return parsePairKey(context)
    case IN_PAIR_VALUE:
      return parsePairValue(context)
    case IN_PAIR_END:
      context.state = IN_FLOW_SEQUENCE
      return context.endAt(NO_BRACKET)
    case IN_FLOW_MAPPING_FIRST:
      return parseFlowMappingKey(context, true)
    case IN_FLOW_MAPPING_KEY:
      return parseFlowMappingKey(context, false)
    case IN_FLOW_MAPPING_VALUE:
      return parseFlowMappingValue(context, false)
    case IN_FLOW_MAPPING_EMPTY_VALUE:
      return parseFlowMappingValue(context, true)
  }
}
