import { type YamlErrorCode, YamlProblem } from './problem.ts'

export const SCALAR_NODE = 0
export const ALIAS_NODE = 1
export const SEQUENCE_NODE = 2
export const MAPPING_NODE = 3

type NodeKind = typeof SCALAR_NODE | typeof ALIAS_NODE | typeof SEQUENCE_NODE | typeof MAPPING_NODE

const NO_CHILDREN: readonly YamlNode[] = []

/** A node of a document, with the place of its text. */
export class YamlNode {
  readonly kind: NodeKind
  /** The line on which it starts, anchor and tag included, from 0. */
  readonly line: number
  /** Where its content starts, after anchor and tag. */
  readonly start: number
  end: number
  /** The text of a scalar, the anchor that an alias names. */
  readonly value: string
  /** The tag of a scalar in its long form; a collection's is not kept, since go-yaml pays no heed to it. */
  readonly tag: string
  /** Whether a scalar without a tag is resolved: it is plain, or its tag is `!`. */
  readonly implicit: boolean
  /** Entries of a sequence; keys and values of a mapping in turns. */
  children: YamlNode[] = NO_CHILDREN as YamlNode[]
  /** What an alias stands for. */
  target: YamlNode | undefined = undefined

  constructor(kind: NodeKind, line: number, start: number, end: number, value: string, tag: string, implicit: boolean) {
    this.kind = kind
    this.line = line
    this.start = start
    this.end = end
    this.value = value
    this.tag = tag
    this.implicit = implicit
    if (kind >= SEQUENCE_NODE) this.children = []
  }

  /** A problem that decoding meets at the node. */
  problem(code: YamlErrorCode, message: string): YamlProblem {
    return new YamlProblem('decoder', code, message, this.line, this)
  }
}

/** Whether a key is `<<`, which takes over the entries of another mapping (go.yaml.in/yaml/v2, decode.go, `isMerge`). */
export function isMerge(key: YamlNode): boolean {
  return key.value === '<<' && key.kind === SCALAR_NODE && (key.implicit || key.tag === 'tag:yaml.org,2002:merge')
}
