import type { Diagnostic } from '../diagnostic.ts'
import { OBJECT } from '../json/tape.ts'
import type { JsonValue, ValuePath } from '../yaml/types.ts'
import { parseYamlDocument } from '../yaml/yaml-document.ts'
import { JsonRereader } from './json-rereader.ts'
import { jsonText } from './json-text.ts'
import { type ListInfo, listInfo, NO_INFO } from './list-info.ts'
import { type YamlPart, yamlLocator } from './locator.ts'
import type { ObjectReader } from './object-reader.ts'
import { cutDocument, MAX_PIECE, type YamlPiece, YamlPieces } from './yaml-pieces.ts'

/** Feeds the values of one YAML file to an `ObjectReader`: each document, or the elements of a long list one by one. */
export class YamlFile {
  private readonly file: string
  private readonly reader: ObjectReader
  private readonly report: (diagnostic: Diagnostic) => void
  private readonly pieces: YamlPieces
  private readonly json = new JsonRereader()
  private readonly encoder = new TextEncoder()
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  private line: number
  private warnedOfBytes = false

  constructor(file: string, reader: ObjectReader, report: (diagnostic: Diagnostic) => void, firstLine = 1) {
    this.file = file
    this.reader = reader
    this.report = report
    this.line = firstLine
    this.pieces = new YamlPieces({
      piece: piece => this.piece(piece),
      badSeparator: (text, line) => this.badSeparator(text, line),
      tooLong: line => this.tooLong(line),
      firstLine,
    })
  }

  push(chunk: Uint8Array): void {
    const text = this.decoder.decode(chunk, { stream: true })
    if (!this.warnedOfBytes && text.includes('\ufffd')) this.warnOfBytes(chunk, text)
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.line++
    this.pieces.push(text)
  }

  finish(): void {
    this.pieces.push(this.decoder.decode())
    this.pieces.finish()
  }

  private piece(piece: YamlPiece): void {
    const parsed = parseYamlDocument(piece.text, { file: this.file, firstLine: piece.firstLine })
    if (piece.kind === 'document' && parsed.value === undefined) {
      const parts = cutDocument(piece.text, piece.firstLine)
      if (parts.length > 1) {
        for (const part of parts) this.piece(part)
        return
      }
    }
    for (const diagnostic of parsed.diagnostics) this.report(diagnostic)
    const value = parsed.value ?? null
    const part: YamlPart = { file: this.file, places: parsed.places, text: piece.text, firstLine: piece.firstLine }
    switch (piece.kind) {
      case 'document':
        if (value !== null) this.document(value, part)
        return
      case 'item':
        if (Array.isArray(value)) this.values(value as readonly JsonValue[], part)
        return
      case 'listHead':
        this.reader.listBegin(this.info(value))
        return
      case 'listTail':
        this.reader.listEnd(this.info(value))
        return
    }
  }

  private document(value: JsonValue, part: YamlPart): void {
    let index = 0
    let base: ValuePath = []
    const isList = Array.isArray(value)
    this.json.read(this.encoder.encode(jsonText(isList || typeof value === 'object' ? value : [value])), {
      listHead: (tape, from, to) => {
        base = isList || typeof value !== 'object' ? [] : ['items']
        this.reader.listBegin(listInfo(tape, from, to))
      },
      listTail: (tape, from, to) => this.reader.listEnd(listInfo(tape, from, to)),
      value: (tape, token, place) => {
        const path = base.length === 0 && !isList ? [] : [...base, index]
        index++
        const locator = yamlLocator(part, path)
        this.reader.value(tape, token, locator, () => tape.bytes.slice(place.start, place.end))
      },
      problem: ({ code, message }) => {
        const { start } = yamlLocator(part, [])
        this.report({ code, severity: 'error', message, place: start })
      },
    })
  }

  private values(values: readonly JsonValue[], part: YamlPart): void {
    for (const [index, value] of values.entries()) {
      const locator = yamlLocator(part, [index])
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        this.report({
          code: 'not-an-object',
          severity: 'error',
          message: 'an API object must be a mapping',
          place: locator.start,
        })
        continue
      }
      const bytes = this.encoder.encode(jsonText(value))
      this.json.value(bytes, (tape, token, place) =>
        this.reader.value(tape, token, locator, () => tape.bytes.slice(place.start, place.end)),
      )
    }
  }

  private info(value: JsonValue): ListInfo {
    let info = NO_INFO
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return info
    const bytes = this.encoder.encode(jsonText(value))
    this.json.value(bytes, (tape, token) => {
      if ((tape.cells[2 * token + 1]! & 7) === OBJECT)
        info = listInfo(tape, token + 1, tape.cells[2 * token + 1]! >>> 3)
    })
    return info
  }

  private badSeparator(text: string, line: number): void {
    this.report({
      code: 'yaml-separator',
      severity: 'error',
      message: `invalid Yaml document separator: ${text.length > 80 ? `${text.slice(0, 80)}…` : text}`,
      place: { file: this.file, line, column: 4 },
      note: 'kubectl reads nothing behind such a line; write the content on the next line.',
    })
  }

  private tooLong(line: number): void {
    this.report({
      code: 'yaml-too-large',
      severity: 'error',
      message: `a document or list element is larger than ${MAX_PIECE / 2 ** 20} MiB and is left out`,
      place: { file: this.file, line, column: 1 },
    })
  }

  /** A replacement character that the file itself holds is no fault. */
  private warnOfBytes(chunk: Uint8Array, text: string): void {
    for (let at = 0; at + 2 < chunk.length; at++) {
      if (chunk[at] === 0xef && chunk[at + 1] === 0xbf && chunk[at + 2] === 0xbd) return
    }
    this.warnedOfBytes = true
    const before = text.slice(0, text.indexOf('\ufffd'))
    const lines = before.split('\n')
    this.report({
      code: 'invalid-utf8',
      severity: 'warning',
      message: 'the file is not valid UTF-8; what is bad reads as U+FFFD',
      place: { file: this.file, line: this.line + lines.length - 1, column: lines.at(-1)!.length + 1 },
    })
  }
}
