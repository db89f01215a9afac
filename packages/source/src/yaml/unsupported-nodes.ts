import { GoFloat } from './go-value.ts'
import { scalarKey } from './node-keys.ts'
import { isMerge, MAPPING_NODE, SCALAR_NODE, type YamlNode } from './nodes.ts'
import type { YamlErrorCode } from './problem.ts'
import { jsonKey } from './to-json.ts'

/** Two keys of a mapping that are one in JSON, though not in YAML. */
interface MetKeys {
  readonly first: YamlNode
  readonly second: YamlNode
}

/** Each node of the tree once, in the order of the text. */
function* nodesOf(root: YamlNode): Generator<YamlNode, void, undefined> {
  const stack = [root]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    yield node
    for (let at = node.children.length - 1; at >= 0; at--) stack.push(node.children[at] as YamlNode)
  }
}

/** The node that JSON has no form for, by what kubectl complains of. */
export function findUnsupported(root: YamlNode, code: YamlErrorCode): YamlNode | undefined {
  for (const node of nodesOf(root)) {
    const found = code === 'yaml-unsupported-key' ? unsupportedKey(node) : isInfinite(node) ? node : undefined
    if (found !== undefined) return found
  }
  return undefined
}

function isInfinite(node: YamlNode): boolean {
  const value = node.kind === SCALAR_NODE ? scalarKey(node) : undefined
  return value instanceof GoFloat && !Number.isFinite(value.value)
}

function unsupportedKey(node: YamlNode): YamlNode | undefined {
  if (node.kind !== MAPPING_NODE) return undefined
  return node.children.find((key, at) => {
    if (at % 2 === 1 || isMerge(key)) return false
    const value = scalarKey(key)
    return value !== undefined && jsonKey(value) === undefined
  })
}

/** The keys between which Go chooses by the order of a map. */
export function findMetKeys(root: YamlNode, most: number): readonly MetKeys[] {
  const met: MetKeys[] = []
  for (const node of nodesOf(root)) {
    if (met.length >= most) break
    if (node.kind === MAPPING_NODE) met.push(...metKeysOf(node))
  }
  return met.slice(0, most)
}

function metKeysOf(mapping: YamlNode): readonly MetKeys[] {
  const byName = new Map<string, { readonly node: YamlNode; readonly type: string }>()
  const met: MetKeys[] = []
  for (let at = 0; at < mapping.children.length; at += 2) {
    const second = mapping.children[at] as YamlNode
    const key = isMerge(second) ? undefined : scalarKey(second)
    const name = key === undefined ? undefined : jsonKey(key)
    if (name === undefined) continue
    const type = key instanceof GoFloat ? 'float' : typeof key
    const known = byName.get(name)
    if (known === undefined) byName.set(name, { node: second, type })
    else if (known.type !== type) met.push({ first: known.node, second })
  }
  return met
}
