import { BYTE_ORDER_MARK, isGoSpace, LINE_FEED } from './characters.ts'
import { documentsOf } from './documents.ts'
import { nextJsonValue } from './go-json.ts'
import { parseJsonExactly } from './json-value.ts'
import { withLineEnd } from './line-reader.ts'
import { type DocumentReading, readDocument, strictError } from './read-document.ts'
import { byteLength } from './read-window.ts'
import type { DocumentText, JsonValue, YamlFile } from './types.ts'

/** How many bytes kubectl looks at to see whether a file is JSON. */
const PEEK = 4096
const BAD_SEPARATOR = 'invalid Yaml document separator: '

/**
 * Reads a file as kubectl does: FileVisitor takes the byte order mark away, StreamVisitor skips documents that are empty or null,
 * apimachinery's YAMLOrJSONDecoder (v0.36.2, pkg/util/yaml/decoder.go) reads JSON values one after the other if the file starts
 * with `{`, and else, or when that fails at the first or second value, YAML documents.
 */
export function readYamlFile(text: string): YamlFile {
  const file = withoutMark(text.replace(/\p{Surrogate}/gu, '\ufffd'))
  const documents = new CachedDocuments()
  const { error, random, values } = new FileReader(file, documents).read()
  const strict = strictErrorOf(file, documents)
  return {
    documents: values,
    ...(error === undefined ? {} : { error }),
    ...(strict === undefined ? {} : { strict }),
    ...(random ? { random: true as const } : {}),
  }
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text
}

/** Documents by their text: the strict reading reads most of them again. */
class CachedDocuments {
  readonly #readings = new Map<string, DocumentReading>()

  read(document: DocumentText): DocumentReading {
    const known = this.#readings.get(document.text)
    if (known !== undefined) return known
    const reading = readDocument(withLineEnd(document.text))
    this.#readings.set(document.text, reading)
    return reading
  }
}

/** Whether kubectl takes the text for JSON: its first character that is no white space is a brace. */
export function looksLikeJson(text: string): boolean {
  let at = 0
  while (isGoSpace(text.charCodeAt(at))) at++
  return text[at] === '{' && byteLength(text, 0, at) < PEEK
}

class FileReader {
  readonly #text: string
  readonly #documents: CachedDocuments
  readonly #values: JsonValue[] = []
  #error: string | undefined
  #random = false

  constructor(text: string, documents: CachedDocuments) {
    this.#text = text
    this.#documents = documents
  }

  read(): { readonly values: readonly JsonValue[]; readonly error: string | undefined; readonly random: boolean } {
    if (looksLikeJson(this.#text)) this.#readJson()
    else this.#readYaml(this.#text, undefined)
    return { values: this.#values, error: this.#error, random: this.#random }
  }

  #add(value: JsonValue): void {
    if (value !== null) this.#values.push(value)
  }

  #readJson(): void {
    let at = 0
    for (let count = 0; ; count++) {
      const step = nextJsonValue(this.#text, at)
      switch (step.kind) {
        case 'end':
          return
        case 'value':
          this.#add(parseJsonExactly(this.#text.slice(step.start, step.end)))
          at = step.end
          break
        default: {
          const message = step.kind === 'invalid' ? step.message : 'unexpected EOF'
          // After two values there is no doubt that it is JSON.
          if (count > 1) this.#error = message
          else this.#readRest(at, step.kind === 'invalid' ? `json: offset ${step.offset}: ${message}` : message)
          return
        }
      }
    }
  }

  /** Reads the rest as YAML; if that fails at once, the error is that of JSON. */
  #readRest(at: number, jsonError: string): void {
    const start = startOfYaml(this.#text, at)
    if (start === undefined) this.#error = jsonError
    else this.#readYaml(this.#text.slice(start), jsonError)
  }

  #readYaml(text: string, jsonError: string | undefined): void {
    let firstError = jsonError
    for (const document of documentsOf(text)) {
      if (document.badSeparator !== undefined) {
        this.#error = firstError ?? BAD_SEPARATOR + document.badSeparator.text
        return
      }
      const { value, failure, random } = this.#documents.read(document)
      // The error of JSON hides which one YAML has.
      this.#random ||= random && !(firstError !== undefined && failure?.certain === true)
      if (failure !== undefined) {
        this.#error = firstError ?? failure.error
        return
      }
      this.#add(value ?? null)
      firstError = undefined
    }
  }
}

/**
 * Where YAML starts in what JSON could not read: after white space up to a line feed. Undefined if kubectl gives up, since the
 * decoder looks at four bytes at a time and takes U+FFFD for broken text.
 */
function startOfYaml(text: string, from: number): number | undefined {
  for (let at = from; ; at++) {
    if (text.length - at < 4 && byteLength(text, at) < 4) return undefined
    const code = text.charCodeAt(at)
    if (code === 0xfffd) return undefined
    if (code === LINE_FEED) return at + 1
    if (!isGoSpace(code)) return at
  }
}

/** The first error of strict decoding, which reads every document as YAML. */
function strictErrorOf(text: string, documents: CachedDocuments): string | undefined {
  for (const document of documentsOf(text)) {
    if (document.badSeparator !== undefined) return BAD_SEPARATOR + document.badSeparator.text
    const error = strictError(documents.read(document))
    if (error !== undefined) return error
  }
  return undefined
}
