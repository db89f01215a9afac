import { MAX_JSON_DEPTH } from './go-json.ts'
import { printGoValue } from './go-print.ts'
import { GoFloat, GoMap, type GoScalar, type GoValue } from './go-value.ts'
import { ALIAS_NODE, isMerge, MAPPING_NODE, SCALAR_NODE, SEQUENCE_NODE, type YamlNode } from './nodes.ts'
import { setOwn } from './own-property.ts'
import { BINARY, resolveScalar } from './resolve.ts'
import type { JsonValue } from './types.ts'

/** A key that its map has already. kubectl takes the later value, strict decoding refuses it. */
export interface RepeatedKey {
  readonly key: GoScalar
  readonly keyNode: YamlNode
  readonly valueNode: YamlNode
  /** The mapping in which it stands. */
  readonly mapping: YamlNode
  /** It comes from a mapping that `<<` merges. */
  readonly merged: boolean
}

/** The value of a document, as JSON if it is that without a doubt. */
export type Decoded = { readonly repeated: readonly RepeatedKey[] } & (
  | { readonly kind: 'json'; readonly value: JsonValue }
  | { readonly kind: 'go'; readonly value: GoValue }
)

/**
 * Decodes a document as go.yaml.in/yaml/v2 v2.4.3 does into an empty interface (decode.go, `decoder`); throws a YamlProblem where
 * go-yaml fails. Nearly every document is JSON as soon as it is decoded; where keys are no strings or values no JSON, Go's
 * types decide, and it is decoded again with them.
 */
export function decodeDocument(root: YamlNode): Decoded {
  const plain = new Decoder(false)
  const value = plain.decode(root)
  if (value !== undefined) return { kind: 'json', value: value as JsonValue, repeated: plain.repeated }
  const exact = new Decoder(true)
  return { kind: 'go', value: exact.decode(root) as GoValue, repeated: exact.repeated }
}

/** A map while it is filled: the JSON object itself, or Go's map. */
type MapTarget = GoMap | { [key: string]: Value }
/** A value of either kind. */
type Value = GoScalar | MapTarget | Value[]

const IN_SEQUENCE = 0
const IN_MAPPING = 1
const IN_ALIAS = 2
const IN_MERGED_SEQUENCE = 3

const BEFORE_KEY = 0
const AFTER_KEY = 1
const AFTER_VALUE = 2
const AFTER_MERGE = 3

/** A node that is being decoded while one of its children is. */
class Frame {
  readonly kind: number
  readonly node: YamlNode
  at = 0
  state = BEFORE_KEY
  list: Value[] | undefined = undefined
  target: MapTarget | undefined = undefined
  merged = false
  key: GoScalar = null

  constructor(kind: number, node: YamlNode) {
    this.kind = kind
    this.node = node
  }
}

class Decoder {
  readonly repeated: RepeatedKey[] = []
  readonly #exact: boolean
  readonly #stack: Frame[] = []
  readonly #activeAliases = new Set<YamlNode>()
  /** What the last node to end was decoded to. */
  #result: Value = null
  #irregular = false
  #depth = 0
  /** The document itself is the first thing that go-yaml counts. */
  #decodeCount = 1
  #aliasCount = 0
  #aliasDepth = 0

  constructor(exact: boolean) {
    this.#exact = exact
  }

  /** The value; undefined if Go's types are needed and were not asked for. */
  decode(root: YamlNode): Value | undefined {
    let ready = this.#enter(root, undefined)
    while (!this.#irregular) {
      const frame = this.#stack.at(-1)
      if (frame === undefined) return this.#result
      ready = this.#advance(frame, ready)
    }
    return undefined
  }

  /** Starts on a node; returns whether it is done, its result being there. A mapping may be decoded into another's map. */
  #enter(node: YamlNode, into: MapTarget | undefined): boolean {
    this.#count(node)
    switch (node.kind) {
      case SCALAR_NODE:
        this.#result = this.#scalar(node)
        return true
      case ALIAS_NODE:
        if (this.#activeAliases.has(node))
          throw node.problem('yaml-alias-cycle', `anchor '${node.value}' value contains itself`)
        this.#activeAliases.add(node)
        this.#aliasDepth++
        this.#stack.push(new Frame(IN_ALIAS, node))
        return this.#enter(node.target ?? node, into)
      case SEQUENCE_NODE: {
        const frame = new Frame(IN_SEQUENCE, node)
        frame.list = []
        this.#push(frame)
        return false
      }
      case MAPPING_NODE: {
        const frame = new Frame(IN_MAPPING, node)
        frame.merged = into !== undefined
        frame.target = into ?? (this.#exact ? new GoMap() : {})
        this.#push(frame)
        return false
      }
    }
  }

  #push(frame: Frame): void {
    this.#stack.push(frame)
    if (frame.merged) return
    this.#depth++
    if (this.#depth > MAX_JSON_DEPTH && !this.#exact) this.#irregular = true
  }

  #count(node: YamlNode): void {
    this.#decodeCount++
    if (this.#aliasDepth === 0) return
    this.#aliasCount++
    if (this.#aliasCount <= 100 || this.#decodeCount <= 1000) return
    if (this.#aliasCount / this.#decodeCount > allowedAliasRatio(this.#decodeCount)) {
      throw node.problem('yaml-excessive-aliasing', 'document contains excessive aliasing')
    }
  }

  #scalar(node: YamlNode): Value {
    const value = resolveScalar(node)
    if (this.#exact) return value
    if (value instanceof GoFloat) {
      if (!Number.isFinite(value.value)) this.#irregular = true
      return value.value
    }
    if (node.tag === BINARY) this.#irregular = true
    return value
  }

  /** Goes on with a node; `ready` tells that a child has its result. Returns whether the node is done. */
  #advance(frame: Frame, ready: boolean): boolean {
    switch (frame.kind) {
      case IN_SEQUENCE:
        return this.#advanceSequence(frame, ready)
      case IN_MAPPING:
        return this.#advanceMapping(frame)
      case IN_MERGED_SEQUENCE:
        return this.#advanceMergedSequence(frame)
      default:
        this.#stack.pop()
        this.#aliasDepth--
        this.#activeAliases.delete(frame.node)
        return true
    }
  }

  #advanceSequence(frame: Frame, ready: boolean): boolean {
    const { children } = frame.node
    const list = frame.list ?? []
    if (ready) list.push(this.#result)
    while (frame.at < children.length) {
      const child = children[frame.at++] as YamlNode
      if (!this.#enter(child, undefined)) return false
      // An alias of a scalar is ready and still has its frame on top.
      if (this.#stack.at(-1) !== frame) return true
      list.push(this.#result)
    }
    this.#stack.pop()
    this.#depth--
    this.#result = list
    return true
  }

  #advanceMapping(frame: Frame): boolean {
    const { children } = frame.node
    for (;;) {
      const key = children[frame.at]
      const value = children[frame.at + 1]
      switch (frame.state) {
        case AFTER_KEY:
          frame.key = this.#asKey(key as YamlNode)
          frame.state = AFTER_VALUE
          if (this.#irregular) return false
          if (!this.#enter(value as YamlNode, undefined)) return false
          break
        case AFTER_VALUE:
          this.#store(frame, key as YamlNode, value as YamlNode)
          frame.at += 2
          frame.state = BEFORE_KEY
          continue
        case AFTER_MERGE:
          frame.at += 2
          frame.state = BEFORE_KEY
          continue
        default:
          if (key === undefined || value === undefined) return this.#endMapping(frame)
          if (isMerge(key)) {
            frame.state = AFTER_MERGE
            this.#merge(value, frame.target)
            return false
          }
          frame.state = AFTER_KEY
          if (!this.#enter(key, undefined)) return false
      }
      if (this.#stack.at(-1) !== frame) return true
    }
  }

  #endMapping(frame: Frame): boolean {
    this.#stack.pop()
    if (!frame.merged) this.#depth--
    this.#result = frame.target ?? null
    return true
  }

  /** The result as a key; collections cannot be one. */
  #asKey(node: YamlNode): GoScalar {
    const key = this.#result
    if (typeof key === 'string') return key
    if (!this.#exact) {
      this.#irregular = true
      return null
    }
    if (Array.isArray(key) || key instanceof GoMap) {
      throw node.problem('yaml-unsupported-key', `invalid map key: ${printGoValue(key as GoValue)}`)
    }
    return key as GoScalar
  }

  #store(frame: Frame, keyNode: YamlNode, valueNode: YamlNode): void {
    const { target, key } = frame
    const value = this.#result
    let repeats: boolean
    if (target instanceof GoMap) {
      repeats = target.has(key)
      target.set(key, value as GoValue)
    } else {
      repeats = setOwn(target as { [key: string]: Value }, key as string, value)
    }
    if (repeats) this.repeated.push({ key, keyNode, valueNode, mapping: frame.node, merged: frame.merged })
  }

  /** Decodes the mappings that `<<` names into the map. */
  #merge(node: YamlNode, into: MapTarget | undefined): void {
    if (node.kind === SEQUENCE_NODE) {
      const frame = new Frame(IN_MERGED_SEQUENCE, node)
      frame.target = into
      frame.at = node.children.length
      this.#stack.push(frame)
    } else this.#mergeOne(node, into)
  }

  #mergeOne(node: YamlNode, into: MapTarget | undefined): void {
    const mapping = node.kind === ALIAS_NODE ? node.target : node
    if (mapping?.kind !== MAPPING_NODE) {
      throw node.problem('yaml-merge', 'map merge requires map or sequence of maps as the value')
    }
    this.#enter(node, into)
  }

  /** The first of a sequence takes precedence, so it is the last to be decoded. */
  #advanceMergedSequence(frame: Frame): boolean {
    frame.at--
    const node = frame.node.children[frame.at]
    if (node === undefined) {
      this.#stack.pop()
      return true
    }
    this.#mergeOne(node, frame.target)
    return false
  }
}

const FEW_DECODES = 400_000
const MANY_DECODES = 4_000_000

/** How much of the decoding may come from aliases, so that a few lines cannot grow into gigabytes. */
function allowedAliasRatio(decodeCount: number): number {
  if (decodeCount <= FEW_DECODES) return 0.99
  if (decodeCount >= MANY_DECODES) return 0.1
  return 0.99 - 0.89 * ((decodeCount - FEW_DECODES) / (MANY_DECODES - FEW_DECODES))
}
