import type { Diagnostic } from '../diagnostic.ts'
import { decode } from './decode.ts'
import { JsonFile } from './json-file.ts'
import type { ObjectReader } from './object-reader.ts'
import { YamlFile } from './yaml-file.ts'

/** A file or stream: its name for diagnostics, and its bytes in chunks cut anywhere. */
export interface SourceInput {
  readonly name: string
  readonly chunks: AsyncIterable<Uint8Array>
}

/** Begins as JSON does: objects, or lists of them. A YAML flow mapping has a plain key there. */
const JSON_HEAD = /^\s*(?:\[\s*)*(?:\{\s*["}]|\])/
const UNDECIDED = /^\s*(?:\[\s*)*(?:\{\s*)?$/
/** Of RFC 7464, before each text of a JSON sequence. */
const RECORD_SEPARATOR = '\u001e'
const MAX_HEAD = 1 << 16

/** Reads one input to its end, whatever it holds; its format is told by its bytes, not by its name. */
export async function readInput(
  input: SourceInput,
  reader: ObjectReader,
  report: (diagnostic: Diagnostic) => void,
): Promise<void> {
  const file = input.name
  const chunks = decode(input.chunks, (code, message) =>
    report({ code, severity: 'error', message, place: { file, line: 1, column: 1 } }),
  )
  let head: Uint8Array[] = []
  let headText = ''
  let json: JsonFile | undefined
  let yaml: YamlFile | undefined
  const pushJson = (target: JsonFile, chunk: Uint8Array): void => {
    if (target.push(chunk)) return
    const rest = target.rest()
    json = undefined
    yaml = new YamlFile(file, reader, report, rest?.line)
    if (rest !== undefined) yaml.push(rest.bytes)
  }
  const begin = (): void => {
    const isJson = JSON_HEAD.test(headText) || (/^\s*[[{]/.test(headText) && UNDECIDED.test(headText))
    if (isJson) json = new JsonFile(file, reader, report)
    else yaml = new YamlFile(file, reader, report)
    for (const chunk of head) {
      if (json !== undefined) pushJson(json, chunk)
      else yaml?.push(chunk)
    }
    head = []
  }
  const latin1 = new TextDecoder('latin1')
  for await (const chunk of chunks) {
    if (json !== undefined) pushJson(json, chunk)
    else if (yaml !== undefined) yaml.push(chunk)
    else {
      head.push(chunk)
      headText += latin1.decode(chunk.subarray(0, MAX_HEAD)).replaceAll(RECORD_SEPARATOR, ' ')
      if (!UNDECIDED.test(headText) || headText.length > MAX_HEAD) begin()
    }
  }
  if (json === undefined && yaml === undefined) {
    if (headText.trim() === '') {
      report({
        code: 'empty-input',
        severity: 'warning',
        message: `${file} is empty`,
        place: { file, line: 1, column: 1 },
      })
      return
    }
    begin()
  }
  // Both are set by closures.
  ;(json as JsonFile | undefined)?.finish()
  ;(yaml as YamlFile | undefined)?.finish()
}
