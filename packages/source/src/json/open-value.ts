import type { ByteWindow } from './byte-window.ts'
import type { ValuePlace } from './events.ts'
import type { LineCounter } from './line-counter.ts'
import { columnAt } from './place.ts'

/** Where the value that is being read begins; the last one's place until the next begins. */
export class OpenValue {
  /** Position of its first byte. */
  start = 0
  line = 1
  /** Blanks before it, if it begins its line. */
  indent: number | undefined
  private column = 1

  begin(window: ByteWindow, lines: LineCounter, at: number): void {
    this.start = at
    this.line = lines.line
    this.column = columnAt(window.bytes, lines.lineStart, at)
    this.indent = lines.firstOfLine === at ? at - lines.lineStart : undefined
  }

  place(end: number): ValuePlace {
    return { line: this.line, column: this.column, start: this.start, end }
  }
}
