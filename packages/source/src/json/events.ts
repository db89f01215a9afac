import type { Tape } from './tape.ts'

/** Where a value begins in its file; both from 1. The column counts characters where the whole line is at hand, else bytes. */
export interface ValuePlace {
  readonly line: number
  readonly column: number
  /** Position of the value's first byte in the tape's bytes. */
  readonly start: number
  /** Position behind its last byte. */
  readonly end: number
}

export interface JsonProblem {
  readonly code: 'json-syntax' | 'json-too-deep' | 'json-object-too-large' | 'json-unexpected-end'
  readonly message: string
  readonly line: number
  readonly column: number
  /** The line, a long one cut, and the column at which the excerpt begins. */
  readonly excerpt: string
  readonly excerptColumn: number
  /** First line of the value that is left out, and the line where reading goes on; `undefined` at the end of the file. */
  readonly leftOutFrom: number
  readonly resumedAt: number | undefined
}

/** What a `JsonStream` finds, in file order. */
export interface JsonEvents {
  /** One value: an object of its own, or an element of a list. */
  value(tape: Tape, token: number, place: ValuePlace): void
  /** A list begins; the tokens are the members that stand before its `items`. */
  listHead(tape: Tape, from: number, to: number): void
  /** A list ends; the tokens are the members that stand after its `items`. */
  listTail(tape: Tape, from: number, to: number): void
  problem(problem: JsonProblem): void
}
