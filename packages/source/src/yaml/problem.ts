/**
 * The part of go-yaml that refuses a text. It decides how the line is counted in the error: the scanner's is the line's number,
 * the parser's one less, as go.yaml.in/yaml/v2 (decode.go, `fail`) prints it; the others print none.
 */
export type ProblemSource = 'reader' | 'scanner' | 'parser' | 'decoder'

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
  readonly message: string
  /** The line on which libyaml's mark stood, from 0. */
  readonly line: number
  /** Offset in the document's text. */
  readonly start: number
  /** Exclusive; equals `start` if the problem is a point. */
  readonly end: number
  readonly context: ProblemContext | undefined

  constructor(
    source: ProblemSource,
    message: string,
    line: number,
    start: number,
    end: number = start,
    context: ProblemContext | undefined = undefined,
  ) {
    this.source = source
    this.message = message
    this.line = line
    this.start = start
    this.end = end
    this.context = context
  }

  /** The error's text as `yaml.Unmarshal` of go.yaml.in/yaml/v2 gives it. */
  get goText(): string {
    if (this.line === 0 || (this.source !== 'scanner' && this.source !== 'parser')) return `yaml: ${this.message}`
    return `yaml: line ${this.source === 'scanner' ? this.line + 1 : this.line}: ${this.message}`
  }
}
