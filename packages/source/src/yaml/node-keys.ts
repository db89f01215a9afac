import type { GoScalar } from './go-value.ts'
import { ALIAS_NODE, isMerge, MAPPING_NODE, SCALAR_NODE, SEQUENCE_NODE, type YamlNode } from './nodes.ts'
import { YamlProblem } from './problem.ts'
import { resolveScalar } from './resolve.ts'
import { jsonKey } from './to-json.ts'

/** Merges of merges are followed so deep and no deeper, to find an entry; they are decoded whatever their depth. */
const DEEPEST_MERGE = 50

/** A key and its value as they stand in a mapping. */
export interface NodeEntry {
  readonly key: YamlNode
  readonly value: YamlNode
}

/** The node itself, or what it is an alias of. */
export function dereference(node: YamlNode): YamlNode {
  return node.kind === ALIAS_NODE ? (node.target ?? node) : node
}

/** What the node is as a key; undefined if it can be none. */
export function scalarKey(node: YamlNode): GoScalar | undefined {
  const scalar = dereference(node)
  if (scalar.kind !== SCALAR_NODE) return undefined
  try {
    return resolveScalar(scalar)
  } catch (problem) {
    if (problem instanceof YamlProblem) return undefined
    throw problem
  }
}

/** The entry that decides about a key: the last one, merged ones being where their `<<` stands. */
export function findEntry(mapping: YamlNode, name: string, depth = 0): NodeEntry | undefined {
  const { children } = mapping
  let found: NodeEntry | undefined
  for (let at = 0; at + 1 < children.length; at += 2) {
    const key = children[at] as YamlNode
    const value = children[at + 1] as YamlNode
    if (isMerge(key)) found = (depth < DEEPEST_MERGE ? findMerged(value, name, depth + 1) : undefined) ?? found
    else if (isNamed(key, name)) found = { key, value }
  }
  return found
}

function isNamed(key: YamlNode, name: string): boolean {
  const resolved = scalarKey(key)
  return resolved !== undefined && jsonKey(resolved) === name
}

function findMerged(value: YamlNode, name: string, depth: number): NodeEntry | undefined {
  const node = dereference(value)
  if (node.kind === MAPPING_NODE) return findEntry(node, name, depth)
  if (node.kind !== SEQUENCE_NODE) return undefined
  for (const child of node.children) {
    const mapping = dereference(child)
    const found = mapping.kind === MAPPING_NODE ? findEntry(mapping, name, depth) : undefined
    if (found !== undefined) return found
  }
  return undefined
}
