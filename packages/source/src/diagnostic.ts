/** Whether the input could not be taken as it stands (`error`) or was taken and probably means something else (`warning`). */
export type Severity = 'error' | 'warning'

/** A stretch of one line of a file. Lines and columns count from 1, columns in characters; `endColumn` is exclusive. */
export interface DiagnosticPlace {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endColumn?: number
}

/** A second place that a diagnostic speaks of, with what is there. */
export interface RelatedPlace {
  readonly message: string
  readonly place: DiagnosticPlace
}

/** What is wrong with an input: data, so that every front prints it in its own way. */
export interface Diagnostic {
  /** Stable and kebab-case, as in `yaml-syntax`. */
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly place?: DiagnosticPlace
  /** The line of the source that `place` names, without its line break; a long one is cut. */
  readonly excerpt?: string
  /** The column of `place` at which `excerpt` starts, if that is not 1. */
  readonly excerptColumn?: number
  readonly related?: readonly RelatedPlace[]
  /** What would be right, or what to do. */
  readonly note?: string
}
