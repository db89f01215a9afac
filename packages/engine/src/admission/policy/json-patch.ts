import { isJsonObject, type Json, type JsonObject, sameJson } from '../json.ts'

/** One operation of a JSON patch; without `value` the value is absent, which is not null. */
export interface PatchOperation {
  readonly op: string
  readonly path: string
  readonly from?: string
  readonly value?: Json
}

type Patched =
  | { readonly kind: 'patched'; readonly document: Json }
  /** A `test` did not hold: the document stays as it is. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'error'; readonly text: string }

const MISSING = 'missing value'

/** Applies operations in order, with the oddities and error texts of gopkg.in/evanphx/json-patch.v4 v4.13.0 (`patch.go`). */
export function applyJsonPatch(document: JsonObject, operations: readonly PatchOperation[]): Patched {
  const box: Box = { root: mutable(document) }
  for (const operation of operations) {
    const failure = apply(box, operation)
    if (failure === undefined) continue
    return failure === TEST_FAILED ? { kind: 'unchanged' } : { kind: 'error', text: failure }
  }
  return { kind: 'patched', document: box.root as Json }
}

const TEST_FAILED = Symbol('test failed')

/** A private copy that may be changed; absent values, which upstream can put into a document, are null. */
type Node = string | number | boolean | null | Node[] | { [key: string]: Node }

interface Box {
  root: Node
}

function apply(box: Box, operation: PatchOperation): string | typeof TEST_FAILED | undefined {
  const { op, path, value } = operation
  switch (op) {
    case 'add': {
      const found = find(box.root, path)
      if (found === undefined) return `add operation does not apply: doc is missing path: "${path}": ${MISSING}`
      const failure = add(found.container, found.key, mutable(value ?? null))
      return failure === undefined ? undefined : `error in add for path: '${path}': ${failure}`
    }
    case 'remove': {
      const found = find(box.root, path)
      if (found === undefined) return `remove operation does not apply: doc is missing path: "${path}": ${MISSING}`
      const failure = remove(found.container, found.key)
      return failure === undefined ? undefined : `error in remove for path: '${path}': ${failure}`
    }
    case 'replace':
      return replace(box, path, value)
    case 'test':
      return test(box, path, value)
    case 'move':
    case 'copy':
      return transfer(box, operation, op)
    default:
      return `Unexpected kind: ${op}`
  }
}

function replace(box: Box, path: string, value: Json | undefined): string | undefined {
  if (path === '') {
    if (typeof value !== 'object' || value === null)
      return 'replace operation value must be object or array: %!w(<nil>)'
    box.root = mutable(value)
    return undefined
  }
  const found = find(box.root, path)
  if (found === undefined) return `replace operation does not apply: doc is missing path: ${path}: ${MISSING}`
  const { container, key } = found
  if (!Array.isArray(container)) {
    put(container, key, mutable(value ?? null))
    return undefined
  }
  const index = indexOf(key, container.length)
  if (typeof index === 'string') return `replace operation does not apply: doc is missing key: ${path}: ${MISSING}`
  container[index] = mutable(value ?? null)
  return undefined
}

function test(box: Box, path: string, value: Json | undefined): string | typeof TEST_FAILED | undefined {
  if (path === '') return sameJson(box.root, value ?? null) ? undefined : TEST_FAILED
  const found = find(box.root, path)
  if (found === undefined) return `test operation does not apply: is missing path: ${path}: ${MISSING}`
  const actual = get(found.container, found.key)
  if (actual.failure !== undefined) return `error in test for path: '${path}': ${actual.failure}`
  return sameJson(actual.value ?? null, value ?? null) ? undefined : TEST_FAILED
}

function transfer(box: Box, { from = '', path }: PatchOperation, op: 'move' | 'copy'): string | undefined {
  const source = find(box.root, from)
  if (source === undefined) return `${op} operation does not apply: doc is missing from path: ${from}: ${MISSING}`
  const { value, failure } = get(source.container, source.key)
  if (failure !== undefined)
    return op === 'move'
      ? `error in move for path: '${source.key}': ${failure}`
      : `error in copy for from: '${from}': ${failure}`
  if (op === 'move') {
    const removed = remove(source.container, source.key)
    if (removed !== undefined) return `error in move for path: '${source.key}': ${removed}`
  }
  const target = find(box.root, path)
  if (target === undefined) {
    return `${op} operation does not apply: doc is missing destination path: ${path}: ${MISSING}`
  }
  const added = add(target.container, target.key, mutable((value ?? null) as Json))
  if (added === undefined) return undefined
  return op === 'move'
    ? `error in move for path: '${path}': ${added}`
    : `error while adding value during copy: ${added}`
}

type Container = Node[] | { [key: string]: Node }

/** The container that a path ends in, and the key inside it; undefined if something on the way is missing. */
function find(root: Node, path: string): { readonly container: Container; readonly key: string } | undefined {
  const parts = path.split('/')
  if (parts.length < 2) return undefined
  let node: Node | undefined = root
  for (const part of parts.slice(1, -1)) {
    if (typeof node !== 'object' || node === null) return undefined
    node = get(node, plainKey(part)).value
  }
  if (typeof node !== 'object' || node === null) return undefined
  return { container: node, key: plainKey(parts.at(-1) ?? '') }
}

function plainKey(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}

function get(container: Container, key: string): { readonly value?: Node; readonly failure?: string } {
  if (!Array.isArray(container)) {
    const value = Object.hasOwn(container, key) ? container[key] : undefined
    return value === undefined ? {} : { value }
  }
  const index = indexOf(key, container.length)
  if (typeof index === 'string') return { failure: index }
  return { value: container[index] ?? null }
}

function add(container: Container, key: string, value: Node): string | undefined {
  if (!Array.isArray(container)) {
    put(container, key, value)
    return undefined
  }
  if (key === '-') {
    container.push(value)
    return undefined
  }
  if (!isNumber(key)) return `value was not a proper array index: '${key}': ${atoiError(key)}`
  const index = indexOf(key, container.length + 1)
  if (typeof index === 'string') return index
  container.splice(index, 0, value)
  return undefined
}

function remove(container: Container, key: string): string | undefined {
  if (!Array.isArray(container)) {
    if (!Object.hasOwn(container, key)) return `Unable to remove nonexistent key: ${key}: ${MISSING}`
    delete container[key]
    return undefined
  }
  const index = indexOf(key, container.length)
  if (typeof index === 'string') return index
  container.splice(index, 1)
  return undefined
}

/** The index that a key stands for in a list of this length; negative ones count from the end. A text is an error. */
function indexOf(key: string, length: number): number | string {
  if (!isNumber(key)) return atoiError(key)
  const index = Number(key)
  if (index >= length || index < -length) return `Unable to access invalid index: ${index}: invalid index referenced`
  return index < 0 ? index + length : index
}

function isNumber(key: string): boolean {
  return /^[+-]?[0-9]{1,15}$/.test(key)
}

function atoiError(key: string): string {
  return `strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`
}

/** Not by assignment, which would take a key `__proto__` for the prototype. */
function put(container: { [key: string]: Node }, key: string, value: Node): void {
  Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true })
}

function mutable(value: Json | Node): Node {
  if (Array.isArray(value)) return value.map(mutable)
  if (!isJsonObject(value)) return value as Node
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mutable(each)]))
}
