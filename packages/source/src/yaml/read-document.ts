import { composeDocument } from './composer.ts'
import { Cursor } from './cursor.ts'
import { type Decoded, decodeDocument, type RepeatedKey } from './decode.ts'
import { printGoValue } from './go-print.ts'
import type { YamlNode } from './nodes.ts'
import { ParserContext } from './parser-context.ts'
import { YamlProblem } from './problem.ts'
import { Scanner } from './scanner.ts'
import { type Converted, toJson } from './to-json.ts'
import type { JsonValue } from './types.ts'

/** One document read as kubectl reads it. `root` is there as far as the text could be composed. */
export interface DocumentReading {
  readonly root: YamlNode | undefined
  readonly value: JsonValue | undefined
  /** Why there is no value. */
  readonly problem: YamlProblem | undefined
  /** The error as kubectl prints it, of the problem or of the conversion to JSON. */
  readonly error: string | undefined
  readonly repeated: readonly RepeatedKey[]
  readonly random: boolean
  /** Goes on where the document ends, to see what kubectl overlooks. */
  readonly rest: ParserContext | undefined
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
    if (root === undefined) return reading(root, rest, { kind: 'json', value: null, repeated: [] })
    return reading(root, rest, decodeDocument(root))
  } catch (problem) {
    if (!(problem instanceof YamlProblem)) throw problem
    const error = `error converting YAML to JSON: ${problem.goText}`
    return { root, rest, value: undefined, problem, error, repeated: [], random: false }
  }
}

function reading(root: YamlNode | undefined, rest: ParserContext, decoded: Decoded): DocumentReading {
  const { repeated } = decoded
  const converted: Converted =
    decoded.kind === 'json' ? { kind: 'value', value: decoded.value, random: false } : toJson(decoded.value)
  const common = { root, rest, problem: undefined, repeated, random: converted.random }
  return converted.kind === 'value'
    ? { ...common, value: converted.value, error: undefined }
    : { ...common, value: undefined, error: converted.error }
}

/** What `UnmarshalStrict` says of the document; undefined if nothing. */
export function strictError(reading: DocumentReading): string | undefined {
  if (reading.repeated.length === 0) return reading.error
  const lines = reading.repeated.map(
    ({ key, valueNode }) => `\n  line ${valueNode.line + 1}: key ${printGoValue(key)} already set in map`,
  )
  return `error converting YAML to JSON: yaml: unmarshal errors:${lines.join('')}`
}
