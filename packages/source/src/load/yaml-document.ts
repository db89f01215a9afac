import type { Diagnostic } from '../diagnostic.ts'
import { readDocument } from '../yaml/read-document.ts'
import type { DocumentOrigin, YamlDocument } from '../yaml/types.ts'

export function parseYamlDocument(text: string, origin: DocumentOrigin): YamlDocument {
  const reading = readDocument(text.endsWith('\n') ? text : `${text}\n`)
  const firstLine = origin.firstLine ?? 1
  const diagnostics: Diagnostic[] =
    reading.error === undefined
      ? []
      : [
          {
            code: 'yaml-syntax',
            severity: 'error',
            message: reading.error,
            place: { file: origin.file, line: firstLine, column: 1 },
          },
        ]
  const range = { line: firstLine, column: 1, endLine: firstLine, endColumn: 1, offset: 0, endOffset: 0 }
  return {
    ...(reading.value === undefined ? {} : { value: reading.value }),
    places: { of: () => range, keyOf: () => range },
    diagnostics,
  }
}
