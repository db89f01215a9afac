/** Where the reading stands in lines; positions are those of the byte window. */
export class LineCounter {
  /** From 1. */
  line: number
  /** Position of the line's first byte; negative when it is released. */
  lineStart = 0
  /** Position of the line's first byte that is no blank, as far as it is read. */
  firstOfLine = 0

  constructor(firstLine: number) {
    this.line = firstLine
  }

  /** A line begins at `start`, and its blanks reach to `first`. */
  begin(start: number, first: number): void {
    this.line++
    this.lineStart = start
    this.firstOfLine = first
  }

  shift(by: number): void {
    this.lineStart -= by
    this.firstOfLine -= by
  }
}
