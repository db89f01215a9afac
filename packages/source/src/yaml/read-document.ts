import { composeDocument } from './composer.ts'
import { Cursor } from './cursor.ts'
import { type Decoded, decodeDocument, type RepeatedKey } from './decode.ts'
import { printGoValue } from './go-print.ts'
import type { YamlNode } from './nodes.ts'
import { ParserContext } from './parser-context.ts'
import { type YamlErrorCode, YamlProblem } from './problem.ts'
import { Scanner } from './scanner.ts'
import { type Converted, toJson } from './to-json.ts'
import type { JsonValue } from './types.ts'

/** One document read as kubectl reads it. `root` is there if the text could be composed. */
export interface DocumentReading {
  readonly root: YamlNode | undefined
  /** Absent where there is an error. */
  readonly value: JsonValue | undefined
  readonly failure: Failure | undefined
  readonly repeated: readonly RepeatedKey[]
  /** The order of a Go map decides about the value or the error. */
  readonly random: boolean
  /** Goes on where the document ends, to see what kubectl overlooks. */
  readonly rest: ParserContext | undefined
}

export interface Failure {
  readonly code: YamlErrorCode
  /** The error as kubectl prints it. */
  readonly error: string
  /** Where go-yaml gave up; absent if only JSON cannot hold the value. */
  readonly problem: YamlProblem | undefined
  /** kubectl fails whatever the order of Go's maps. */
  readonly certain: boolean
}

/**
 * Reads the first YAML document of a text as `yaml.Unmarshal` of sigs.k8s.io/yaml v1.6.0 does. The text is what apimachinery's
 * YAMLReader cuts from a file: whole lines, the last of which ends in a line break.
 */
export function readDocument(text: string): DocumentReading {
  let root: YamlNode | undefined
  let rest: ParserContext | undefined
  try {
    const parser = new ParserContext(new Scanner(new Cursor(text)))
    root = composeDocument(parser)
    rest = parser
    const decoded: Decoded = root === undefined ? { kind: 'json', value: null, repeated: [] } : decodeDocument(root)
    const converted: Converted =
      decoded.kind === 'json' ? { kind: 'value', value: decoded.value, random: false } : toJson(decoded.value)
    const common = { root, rest, repeated: decoded.repeated, random: converted.random }
    return converted.kind === 'value'
      ? { ...common, value: converted.value, failure: undefined }
      : { ...common, value: undefined, failure: { ...converted, problem: undefined } }
  } catch (problem) {
    if (!(problem instanceof YamlProblem)) throw problem
    const error = `error converting YAML to JSON: ${problem.goText}`
    const failure = { code: problem.code, error, problem, certain: true }
    return { root, rest, value: undefined, failure, repeated: [], random: false }
  }
}

/** What `UnmarshalStrict` says of the document; undefined if nothing. */
export function strictError(reading: DocumentReading): string | undefined {
  if (reading.repeated.length === 0) return reading.failure?.error
  const lines = reading.repeated.map(
    ({ key, valueNode }) => `\n  line ${valueNode.line + 1}: key ${printGoValue(key)} already set in map`,
  )
  return `error converting YAML to JSON: yaml: unmarshal errors:${lines.join('')}`
}
