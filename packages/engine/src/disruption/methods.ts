import type { Candidate } from './candidate.ts'
import type { DisruptionCommand } from './command.ts'
import type { Invalid } from './validation.ts'

/** A node, or several together, that a method tried to remove in vain. */
export interface FailedAttempt {
  readonly candidates: readonly Candidate[]
  /** In Karpenter's words; undefined where it says nothing. */
  readonly text: string | undefined
}

/** What a method decided, and what it tried before. */
export interface MethodOutcome {
  readonly commands: readonly DisruptionCommand[]
  readonly attempts: readonly FailedAttempt[]
  /** A command that was given up after the wait. */
  readonly rejected?: Invalid & { readonly candidates: readonly Candidate[] }
}
