export const STREAM_START = 1
export const STREAM_END = 2
export const VERSION_DIRECTIVE = 3
export const TAG_DIRECTIVE = 4
export const DOCUMENT_START = 5
export const DOCUMENT_END = 6
export const BLOCK_SEQUENCE_START = 7
export const BLOCK_MAPPING_START = 8
export const BLOCK_END = 9
export const FLOW_SEQUENCE_START = 10
export const FLOW_SEQUENCE_END = 11
export const FLOW_MAPPING_START = 12
export const FLOW_MAPPING_END = 13
export const BLOCK_ENTRY = 14
export const FLOW_ENTRY = 15
export const KEY = 16
export const VALUE = 17
export const ALIAS = 18
export const ANCHOR = 19
export const TAG = 20
export const SCALAR = 21

export type TokenKind =
  | typeof STREAM_START
  | typeof STREAM_END
  | typeof VERSION_DIRECTIVE
  | typeof TAG_DIRECTIVE
  | typeof DOCUMENT_START
  | typeof DOCUMENT_END
  | typeof BLOCK_SEQUENCE_START
  | typeof BLOCK_MAPPING_START
  | typeof BLOCK_END
  | typeof FLOW_SEQUENCE_START
  | typeof FLOW_SEQUENCE_END
  | typeof FLOW_MAPPING_START
  | typeof FLOW_MAPPING_END
  | typeof BLOCK_ENTRY
  | typeof FLOW_ENTRY
  | typeof KEY
  | typeof VALUE
  | typeof ALIAS
  | typeof ANCHOR
  | typeof TAG
  | typeof SCALAR

/** What the scanner makes of the text. Kinds are numbers, since every character of a file passes through here. */
export class Token {
  readonly kind: TokenKind
  /** The line of its start, from 0. */
  readonly line: number
  readonly start: number
  end: number
  /** The text of a scalar, the name of an alias or anchor, the handle of a tag, the handle of a %TAG directive. */
  value = ''
  /** The suffix of a tag, the prefix of a %TAG directive, the number of a %YAML directive. */
  suffix = ''
  /** Whether a scalar is plain: neither quoted nor a block. */
  plain = false

  constructor(kind: TokenKind, line: number, start: number, end: number) {
    this.kind = kind
    this.line = line
    this.start = start
    this.end = end
  }
}
