export type ProjectionCode =
  | 'wrong-type'
  | 'missing-field'
  | 'invalid-quantity'
  | 'negative-quantity'
  | 'absurd-quantity'
  | 'invalid-time'
  | 'number-out-of-range'
  | 'duplicate-key'
  | 'invalid-utf8'

/** What is wrong inside one object, at a token of its tape. */
export interface ProjectionProblem {
  readonly code: ProjectionCode
  /** An object with an error is left out; with a warning it is taken. */
  readonly severity: 'error' | 'warning'
  readonly token: number
  readonly message: string
  readonly note?: string
}
