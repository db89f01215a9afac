/** A stream to write text to, as far as a command cares: is somebody looking, and how wide. */
export interface Output {
  write(text: string): void
  readonly isTTY: boolean
  /** Columns of the terminal; 0 where there is none. */
  readonly columns: number
}

/** The outside world of one run. Tests pass their own, so that every command runs in process. */
export interface Io {
  /** The answer. */
  readonly stdout: Output
  /** The talk: diagnostics, progress, what went wrong. */
  readonly stderr: Output
  stdin(): AsyncIterable<Uint8Array>
  readonly env: Readonly<Record<string, string | undefined>>
  /** Absolute; relative paths of options start here. */
  readonly cwd: string
}
