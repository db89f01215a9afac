/**
 * The part of go-yaml that refuses a text. It decides how the line is counted in the error: the scanner's is the line's number,
 * the parser's one less, as go.yaml.in/yaml/v2 (decode.go, `fail`) prints it; the others print none.
 */
type ProblemSource = 'reader' | 'scanner' | 'parser' | 'decoder'

/** What kind of mistake a document has that cannot be read. */
export type YamlErrorCode =
  | 'yaml-alias-cycle'
  | 'yaml-control-character'
  | 'yaml-excessive-aliasing'
  | 'yaml-merge'
  | 'yaml-separator'
  | 'yaml-syntax'
  | 'yaml-tag'
  | 'yaml-too-deep'
  | 'yaml-unknown-anchor'
  | 'yaml-unsupported-key'
  | 'yaml-unsupported-value'

/** A stretch of a document's text: UTF-16 units, `end` exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** What was being read when a problem was met, and where that began. */
export interface ProblemContext {
  readonly text: string
  readonly start: number
}

/**
 * Ends the reading of one document. It is thrown by the parts that read and caught by `readDocument`, which makes a value of
 * it; it carries no stack, since it tells of the text and not of the code.
 */
export class YamlProblem {
  readonly source: ProblemSource
  readonly code: YamlErrorCode
  readonly message: string
  /** The line on which libyaml's mark stood, from 0. */
  readonly line: number
  readonly span: Span
  readonly context: ProblemContext | undefined

  constructor(
    source: ProblemSource,
    code: YamlErrorCode,
    message: string,
    line: number,
    span: Span,
    context: ProblemContext | undefined = undefined,
  ) {
    this.source = source
    this.code = code
    this.message = message
    this.line = line
    this.span = span
    this.context = context
  }

  /** The error's text as `yaml.Unmarshal` of go.yaml.in/yaml/v2 gives it. */
  get goText(): string {
    if (this.line === 0 || (this.source !== 'scanner' && this.source !== 'parser')) return `yaml: ${this.message}`
    return `yaml: line ${this.source === 'scanner' ? this.line + 1 : this.line}: ${this.message}`
  }
}
