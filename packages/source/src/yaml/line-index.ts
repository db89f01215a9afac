import { isHighSurrogate, LINE_FEED, RETURN } from './characters.ts'
import type { DocumentOrigin, SourceRange } from './types.ts'

/** Where a line starts and ends, without its break; UTF-16 units in the document's text. */
interface LineSpan {
  readonly start: number
  readonly end: number
}

/**
 * Lines and columns of a document in its file. Lines end at line feeds and returns, as editors count them; YAML 1.1 knows
 * other breaks too, by which kubectl counts.
 */
export class LineIndex {
  readonly #text: string
  readonly #firstLine: number
  readonly #offset: number
  readonly #starts: readonly number[]

  constructor(text: string, origin: DocumentOrigin) {
    this.#text = text
    this.#firstLine = origin.firstLine ?? 1
    this.#offset = origin.offset ?? 0
    this.#starts = lineStarts(text)
  }

  range(from: number, to: number): SourceRange {
    const start = Math.min(from, this.#text.length)
    const end = Math.max(start, Math.min(to, this.#text.length))
    const line = this.#lineAt(start)
    const endLine = this.#lineAt(end)
    return {
      line: this.#firstLine + line,
      column: this.#columnAt(line, start),
      endLine: this.#firstLine + endLine,
      endColumn: this.#columnAt(endLine, end),
      offset: this.#offset + start,
      endOffset: this.#offset + end,
    }
  }

  lineSpan(position: number): LineSpan {
    const line = this.#lineAt(Math.min(position, this.#text.length))
    const start = this.#starts[line] ?? 0
    let end = this.#starts[line + 1] ?? this.#text.length
    while (end > start && isLineEnd(this.#text.charCodeAt(end - 1))) end--
    return { start, end }
  }

  /** The index of the line, from 0. */
  #lineAt(position: number): number {
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] ?? 0) <= position) low = middle
      else high = middle - 1
    }
    return low
  }

  #columnAt(line: number, position: number): number {
    const start = this.#starts[line] ?? 0
    return characterCount(this.#text, start, position) + 1
  }
}

function isLineEnd(code: number): boolean {
  return code === LINE_FEED || code === RETURN
}

function lineStarts(text: string): readonly number[] {
  const starts = [0]
  if (text.includes('\r')) {
    for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length)
    return starts
  }
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** How many characters there are between two positions. */
export function characterCount(text: string, from: number, to: number): number {
  let count = to - from
  for (let at = from; at < to - 1; at++) if (isHighSurrogate(text.charCodeAt(at))) count--
  return count
}
