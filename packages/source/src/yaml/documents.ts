import { LINE_FEED, trimGoSpace } from './characters.ts'
import { losesLastLine } from './line-reader.ts'
import type { DocumentText } from './types.ts'

const SEPARATOR = '---'
const HASH = 0x23

/**
 * Cuts a file into documents as apimachinery's YAMLReader does (v0.36.2, pkg/util/yaml/decoder.go): at each line that starts
 * with `---`, whatever stands around it. A separator before any other line belongs to the document that follows. Give it the
 * text in chunks of any size; it keeps no more than one document.
 */
export class DocumentSplitter {
  /** Whole lines of the document that is being read. */
  #parts: string[] = []
  /** The line that no chunk has ended yet. */
  #tail = ''
  #firstLine = 1
  #offset = 0
  /** Lines and units of the document so far. */
  #lines = 0
  #units = 0

  /** Takes the next chunk; returns the documents that end in it. */
  push(chunk: string): DocumentText[] {
    const lastBreak = chunk.lastIndexOf('\n')
    if (lastBreak < 0) {
      this.#tail += chunk
      return []
    }
    const lines = this.#tail + chunk.slice(0, lastBreak + 1)
    this.#tail = chunk.slice(lastBreak + 1)
    return this.#split(lines)
  }

  /** Ends the file; returns the documents that are left. */
  end(): DocumentText[] {
    const tail = this.#tail
    this.#tail = ''
    const lost = tail === '' || (losesLastLine(tail) && !tail.startsWith(SEPARATOR))
    const documents = lost ? [] : this.#split(tail)
    const last = this.#finish()
    return last === undefined ? documents : [...documents, last]
  }

  /** Takes whole lines; only the last one of a file may lack its line feed. */
  #split(lines: string): DocumentText[] {
    const documents: DocumentText[] = []
    let from = 0
    let at = lines.startsWith(SEPARATOR) ? 0 : nextSeparator(lines, 0)
    while (at >= 0) {
      this.#add(lines.slice(from, at))
      from = at
      const end = lineEnd(lines, at)
      const text = trimGoSpace(lines.slice(at + SEPARATOR.length, end))
      const bad = text !== '' && text.charCodeAt(0) !== HASH
      if (bad || this.#parts.length > 0) {
        const line = this.#firstLine + this.#lines
        const offset = this.#offset + this.#units
        const document = this.#finish(bad ? { text, line, offset } : undefined)
        if (document !== undefined) documents.push(document)
        this.#firstLine = line + 1
        this.#offset = offset + end - at
        from = end
      }
      at = nextSeparator(lines, at)
    }
    this.#add(lines.slice(from))
    return documents
  }

  #add(lines: string): void {
    if (lines === '') return
    this.#parts.push(lines)
    this.#units += lines.length
    this.#lines += countBreaks(lines)
  }

  #finish(badSeparator?: DocumentText['badSeparator']): DocumentText | undefined {
    const text = this.#parts.join('')
    const document = { text, firstLine: this.#firstLine, offset: this.#offset }
    this.#parts = []
    this.#lines = 0
    this.#units = 0
    if (badSeparator !== undefined) return { ...document, badSeparator }
    return text === '' ? undefined : document
  }
}

/** The next line after the position's that starts with the separator, -1 if there is none. */
function nextSeparator(text: string, from: number): number {
  const found = text.indexOf(`\n${SEPARATOR}`, from)
  return found < 0 ? -1 : found + 1
}

/** Where the next line starts. */
function lineEnd(text: string, from: number): number {
  const found = text.indexOf('\n', from)
  return found < 0 ? text.length : found + 1
}

/** How many lines end in the text, by line feeds or returns. */
function countBreaks(text: string): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++
  for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1)) {
    if (text.charCodeAt(at + 1) !== LINE_FEED) count++
  }
  return count
}

/** The documents of a whole text. */
export function documentsOf(text: string): readonly DocumentText[] {
  const splitter = new DocumentSplitter()
  return [...splitter.push(text), ...splitter.end()]
}

/** The documents of a stream of text, each as soon as it has ended. */
export async function* splitDocuments(
  chunks: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<DocumentText, void, undefined> {
  const splitter = new DocumentSplitter()
  for await (const chunk of chunks) yield* splitter.push(chunk)
  yield* splitter.end()
}
