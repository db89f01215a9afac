export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type SchemaNode = { readonly [key: string]: unknown }

/** A schema whose unions are told apart by `kind`, as all of ours are. */
export class SchemaReader {
  readonly root: SchemaNode
  readonly #definitions: Readonly<Record<string, SchemaNode>>

  constructor(root: SchemaNode) {
    this.root = root
    this.#definitions = (root['$defs'] ?? {}) as Record<string, SchemaNode>
  }

  definitions(): readonly (readonly [string, SchemaNode])[] {
    return [[String(this.root['title']), this.root], ...Object.entries(this.#definitions)]
  }

  /** What the schema says of a value; of a union, the member whose `kind` it has. */
  of(node: SchemaNode, value: Json): SchemaNode {
    const reference = node['$ref']
    const target = typeof reference === 'string' ? this.#definitions[reference.replace('#/$defs/', '')] : node
    if (target === undefined) throw new Error(`no definition for ${String(reference)}`)
    if (!Array.isArray(target['oneOf'])) return target
    const { kind } = value as { kind: Json }
    const members = (target['oneOf'] as SchemaNode[]).map(member => this.of(member, value))
    return members.find(member => propertiesOf(member)?.['kind']?.['const'] === kind) ?? target
  }
}

export interface Field {
  readonly path: readonly (string | number)[]
  readonly key: string
  readonly required: boolean
  /** What the schema says of the field; undefined if it does not know it. */
  readonly schema: SchemaNode | undefined
}

/** Every field of a document that the schema names; the keys of a map are data. */
export function fieldsOf(
  reader: SchemaReader,
  value: Json,
  node: SchemaNode = reader.root,
  path: readonly (string | number)[] = [],
): readonly Field[] {
  const resolved = reader.of(node, value)
  if (Array.isArray(value))
    return value.flatMap((item, index) => fieldsOf(reader, item, resolved['items'] as SchemaNode, [...path, index]))
  const properties = propertiesOf(resolved)
  if (typeof value !== 'object' || value === null || properties === undefined) return []
  const required = resolved['required'] as readonly string[]
  return Object.entries(value).flatMap(([key, child]) => {
    const schema = properties[key]
    const below = schema === undefined ? [] : fieldsOf(reader, child, schema, [...path, key])
    return [{ path, key, required: required.includes(key), schema }, ...below]
  })
}

export function propertiesOf(node: SchemaNode): Readonly<Record<string, SchemaNode>> | undefined {
  return node['properties'] as Record<string, SchemaNode> | undefined
}

/** Objects of the schema that take fields it does not name. */
export function openObjects(reader: SchemaReader): readonly string[] {
  const open: string[] = []
  const visit = (name: string, node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { properties, additionalProperties } = node as SchemaNode
    if (properties !== undefined && additionalProperties !== false) open.push(name)
    for (const [key, child] of Object.entries(node)) visit(`${name}.${key}`, child)
  }
  for (const [name, node] of reader.definitions()) visit(name, node)
  return open
}

/** Every change of one field that makes the document wrong: retyped, dropped where it is required, one more beside it. Each is undone before the next. */
export function* spoiled(reader: SchemaReader, document: Json): Iterable<string> {
  for (const { path, key, required } of fieldsOf(reader, document)) {
    const parent = parentOf(document, path)
    const value = parent[key] as Json
    for (const other of otherTypes(value)) {
      parent[key] = other
      yield `${[...path, key].join('.')} = ${JSON.stringify(other)}`
    }
    delete parent[key]
    if (required) yield `${[...path, key].join('.')} dropped`
    parent[key] = value
    parent['everynode'] = 1
    yield `${path.join('.')} with a field more`
    delete parent['everynode']
  }
}

function parentOf(document: Json, path: readonly (string | number)[]): { [key: string]: Json } {
  return path.reduce((at: Json, step) => (at as { [key: string]: Json })[step] ?? null, document) as {
    [key: string]: Json
  }
}

function otherTypes(value: Json): readonly Json[] {
  const all: readonly Json[] = [null, true, -1.5, 'of a type that nobody expects', [null], { no: 'such field' }]
  return all.filter(other => kindOf(other) !== kindOf(value))
}

function kindOf(value: Json): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}
