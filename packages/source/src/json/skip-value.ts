import { BACKSLASH, IN_SKIPPED, QUOTE, SKIP_CLOSE, SKIP_NEWLINE, SKIP_OPEN, SKIP_QUOTE } from './byte-classes.ts'
import type { ByteWindow } from './byte-window.ts'
import type { LineCounter } from './line-counter.ts'

/** Passes over an object or array that nothing reads, in chunks: only brackets, strings and lines are looked at. */
export class SkippedValue {
  private depth = 0
  private inString = false

  /** The opening bracket was read. */
  begin(): void {
    this.depth = 1
    this.inString = false
  }

  /** True behind the closing bracket. */
  get ended(): boolean {
    return this.depth === 0
  }

  /** Goes on at `at` and returns how far it came: behind the value, or to the end of what is there. */
  scan(window: ByteWindow, lines: LineCounter, at: number): number {
    const { bytes, end } = window
    let { depth, inString } = this
    while (at < end) {
      if (inString) {
        const byte = bytes[at]!
        if (byte === BACKSLASH) {
          // An escape that the chunk's end cuts is read again as a whole.
          if (at + 1 === end) break
          at += 2
          continue
        }
        at++
        if (byte === QUOTE) inString = false
        continue
      }
      const found = IN_SKIPPED[bytes[at]!]!
      at++
      if (found === 0) continue
      if (found === SKIP_QUOTE) inString = true
      else if (found === SKIP_OPEN) depth++
      else if (found === SKIP_NEWLINE) {
        const first = window.skipSpaces(at)
        lines.begin(at, first)
        at = first
      } else if (found === SKIP_CLOSE && --depth === 0) break
    }
    this.depth = depth
    this.inString = inString
    return at
  }
}
