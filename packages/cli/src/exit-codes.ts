/** Exit codes of all commands. They do not change after 1.0. */
export const EXIT = {
  /** Covered, clean. */
  ok: 0,
  /** Something was found at or above `--fail-on`. */
  finding: 1,
  /** No answer could be given, or something that the user named could not be read. */
  noAnswer: 2,
  /** Cannot tell: the data is partial. */
  cannotTell: 3,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
