/** What the parser tells about; the kinds of a document's content come first. */
export const SCALAR_EVENT = 0
export const ALIAS_EVENT = 1
export const SEQUENCE_EVENT = 2
export const MAPPING_EVENT = 3
export const END_EVENT = 4
export const DOCUMENT_EVENT = 5
export const DOCUMENT_END_EVENT = 6
export const STREAM_END_EVENT = 7

export type EventKind =
  | typeof SCALAR_EVENT
  | typeof ALIAS_EVENT
  | typeof SEQUENCE_EVENT
  | typeof MAPPING_EVENT
  | typeof END_EVENT
  | typeof DOCUMENT_EVENT
  | typeof DOCUMENT_END_EVENT
  | typeof STREAM_END_EVENT

/** Where the grammar stands: what `next` has to read. */
export const IN_DOCUMENT_START = 0
export const IN_DOCUMENT_CONTENT = 1
export const IN_DOCUMENT_END = 2
export const IN_BLOCK_NODE = 3
export const IN_BLOCK_SEQUENCE = 4
export const IN_INDENTLESS_SEQUENCE = 5
export const IN_BLOCK_MAPPING_KEY = 6
export const IN_BLOCK_MAPPING_VALUE = 7
export const IN_FLOW_SEQUENCE_FIRST = 8
export const IN_FLOW_SEQUENCE = 9
export const IN_PAIR_KEY = 10
export const IN_PAIR_VALUE = 11
export const IN_PAIR_END = 12
export const IN_FLOW_MAPPING_FIRST = 13
export const IN_FLOW_MAPPING_KEY = 14
export const IN_FLOW_MAPPING_VALUE = 15
export const IN_FLOW_MAPPING_EMPTY_VALUE = 16

export type ParserState =
  | typeof IN_DOCUMENT_START
  | typeof IN_DOCUMENT_CONTENT
  | typeof IN_DOCUMENT_END
  | typeof IN_BLOCK_NODE
  | typeof IN_BLOCK_SEQUENCE
  | typeof IN_INDENTLESS_SEQUENCE
  | typeof IN_BLOCK_MAPPING_KEY
  | typeof IN_BLOCK_MAPPING_VALUE
  | typeof IN_FLOW_SEQUENCE_FIRST
  | typeof IN_FLOW_SEQUENCE
  | typeof IN_PAIR_KEY
  | typeof IN_PAIR_VALUE
  | typeof IN_PAIR_END
  | typeof IN_FLOW_MAPPING_FIRST
  | typeof IN_FLOW_MAPPING_KEY
  | typeof IN_FLOW_MAPPING_VALUE
  | typeof IN_FLOW_MAPPING_EMPTY_VALUE

/** The `end` of a collection that no bracket closes. */
export const NO_BRACKET = -1
