import type { Diagnostic, DiagnosticPlace, RelatedPlace, Severity } from '../diagnostic.ts'
import { isHighSurrogate } from './characters.ts'
import { characterCount, type LineIndex } from './line-index.ts'
import { trimmedSpan } from './places.ts'
import type { Span } from './problem.ts'
import type { DocumentOrigin } from './types.ts'

/** A longer line is cut around the place. */
const LONGEST_EXCERPT = 160
const LONGEST_MESSAGE = 300

/** Makes diagnostics about one document. */
export class Explainer {
  readonly #text: string
  readonly #origin: DocumentOrigin
  readonly #lines: LineIndex

  constructor(text: string, origin: DocumentOrigin, lines: LineIndex) {
    this.#text = text
    this.#origin = origin
    this.#lines = lines
  }

  diagnostic(
    severity: Severity,
    code: string,
    message: string,
    span: Span | undefined,
    more: { readonly related?: readonly RelatedPlace[]; readonly note?: string | undefined } = {},
  ): Diagnostic {
    return {
      code,
      severity,
      message: message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message,
      ...(span === undefined ? {} : { place: this.place(span), ...this.#excerpt(span.start) }),
      ...(more.related === undefined || more.related.length === 0 ? {} : { related: more.related }),
      ...(more.note === undefined ? {} : { note: more.note }),
    }
  }

  related(message: string, span: Span): RelatedPlace {
    return { message, place: this.place(span) }
  }

  /** The place on its first line. */
  place(span: Span): DiagnosticPlace {
    const trimmed = trimmedSpan(this.#text, span.start, span.end)
    const line = this.#lines.lineSpan(trimmed.start)
    const range = this.#lines.range(trimmed.start, Math.min(trimmed.end, line.end))
    const place = { file: this.#origin.file, line: range.line, column: range.column }
    return range.endOffset > range.offset ? { ...place, endColumn: range.endColumn } : place
  }

  #excerpt(position: number): Pick<Diagnostic, 'excerpt' | 'excerptColumn'> {
    const { start, end } = this.#lines.lineSpan(position)
    if (end - start <= LONGEST_EXCERPT) return { excerpt: printable(this.#text.slice(start, end)) }
    const from = this.#boundary(Math.max(start, Math.min(position - LONGEST_EXCERPT / 2, end - LONGEST_EXCERPT)))
    const excerpt = printable(this.#text.slice(from, this.#boundary(Math.min(end, from + LONGEST_EXCERPT))))
    return from === start ? { excerpt } : { excerpt, excerptColumn: characterCount(this.#text, start, from) + 1 }
  }

  /** The position, moved behind a character that it would cut. */
  #boundary(position: number): number {
    return isHighSurrogate(this.#text.charCodeAt(position - 1)) ? position + 1 : position
  }
}

/** With a character in place of each that a terminal would take for a command. */
function printable(line: string): string {
  return line.replace(/[^\P{Cc}\t]/gu, '\ufffd')
}
