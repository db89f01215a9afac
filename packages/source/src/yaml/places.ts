import { isBlank, isBreak } from './characters.ts'
import type { LineIndex } from './line-index.ts'
import { dereference, findEntry, type NodeEntry } from './node-keys.ts'
import { MAPPING_NODE, SEQUENCE_NODE, type YamlNode } from './nodes.ts'
import type { Places, SourceRange, ValuePath } from './types.ts'

/** The places of a document that could not be composed. */
export const NO_PLACES: Places = { of: () => undefined, keyOf: () => undefined }

/** Finds places in the tree of a document when they are asked for; each step of a path costs a walk over its mapping. */
export class NodePlaces implements Places {
  readonly #root: YamlNode
  readonly #text: string
  readonly #lines: LineIndex

  constructor(root: YamlNode, text: string, lines: LineIndex) {
    this.#root = root
    this.#text = text
    this.#lines = lines
  }

  of(path: ValuePath): SourceRange | undefined {
    if (path.length === 0) return this.#rangeOf(this.#root)
    const entry = this.#find(path)
    return entry === undefined ? undefined : this.#rangeOf(entry.value)
  }

  keyOf(path: ValuePath): SourceRange | undefined {
    const key = this.#find(path)?.key
    return key === undefined ? undefined : this.#rangeOf(key)
  }

  #find(path: ValuePath): (Partial<NodeEntry> & { readonly value: YamlNode }) | undefined {
    let entry: { readonly key?: YamlNode; readonly value: YamlNode } = { value: this.#root }
    for (const step of path) {
      const next = entryOf(dereference(entry.value), step)
      if (next === undefined) return undefined
      entry = next
    }
    return entry
  }

  #rangeOf(node: YamlNode): SourceRange {
    const span = trimmedSpan(this.#text, node.start, node.end)
    return this.#lines.range(span.start, span.end)
  }
}

function entryOf(
  node: YamlNode,
  step: string | number,
): { readonly key?: YamlNode; readonly value: YamlNode } | undefined {
  if (node.kind === MAPPING_NODE) return findEntry(node, String(step))
  const value = node.kind === SEQUENCE_NODE && typeof step === 'number' ? node.children[step] : undefined
  return value === undefined ? undefined : { value }
}

/** Without the white space at its end, which belongs to a block scalar. */
export function trimmedSpan(
  text: string,
  start: number,
  end: number,
): { readonly start: number; readonly end: number } {
  let to = Math.min(end, text.length)
  for (; to > start; to--) {
    const code = text.charCodeAt(to - 1)
    if (!isBlank(code) && !isBreak(code)) break
  }
  return { start, end: Math.max(start, to) }
}
