import Ajv2020 from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import schema from '../schema/coverage.schema.json' with { type: 'json' }
import { COMPLETE, coverage } from './sample.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type SchemaNode = { readonly [key: string]: unknown }

const validate = new Ajv2020({ allErrors: false, strict: true, allowUnionTypes: true }).compile(schema)

function isValid(document: unknown): boolean {
  return validate(document) === true
}

/** What the schema says of a value; of a union, the member whose `kind` it has. */
function schemaOf(node: SchemaNode, value: Json): SchemaNode {
  const target =
    typeof node['$ref'] === 'string'
      ? (schema.$defs as Record<string, SchemaNode>)[node['$ref'].replace('#/$defs/', '')]
      : node
  if (target === undefined) throw new Error(`no definition for ${String(node['$ref'])}`)
  if (!Array.isArray(target['oneOf'])) return target
  const members = (target['oneOf'] as SchemaNode[]).map(member => schemaOf(member, value))
  const kind = (value as { kind: Json }).kind
  return (
    members.find(member => (member['properties'] as Record<string, SchemaNode>)['kind']?.['const'] === kind) ?? target
  )
}

interface Field {
  readonly path: readonly (string | number)[]
  readonly key: string
  readonly required: boolean
}

/** Every field of a document that the schema names; the keys of a map are data. */
function fieldsOf(value: Json, node: SchemaNode, path: readonly (string | number)[] = []): readonly Field[] {
  const resolved = schemaOf(node, value)
  if (Array.isArray(value))
    return value.flatMap((item, index) => fieldsOf(item, resolved['items'] as SchemaNode, [...path, index]))
  if (typeof value !== 'object' || value === null) return []
  const properties = resolved['properties'] as Record<string, SchemaNode> | undefined
  if (properties === undefined) return []
  const required = resolved['required'] as readonly string[]
  return Object.entries(value).flatMap(([key, child]) => [
    { path, key, required: required.includes(key) },
    ...fieldsOf(child, properties[key] ?? {}, [...path, key]),
  ])
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

function definitions(): readonly (readonly [string, SchemaNode])[] {
  return [['Coverage', schema], ...Object.entries(schema.$defs as Record<string, SchemaNode>)]
}

describe('the published schema of Coverage', () => {
  it('takes documents that the contract allows', () => {
    expect(isValid(COMPLETE), JSON.stringify(validate.errors)).toBe(true)
    expect(isValid(coverage([])), JSON.stringify(validate.errors)).toBe(true)
  })
  it('closes every object', () => {
    const open: string[] = []
    const visit = (name: string, node: unknown): void => {
      if (typeof node !== 'object' || node === null) return
      const { properties, additionalProperties } = node as SchemaNode
      if (properties !== undefined && additionalProperties !== false) open.push(name)
      for (const [key, child] of Object.entries(node)) visit(`${name}.${key}`, child)
    }
    for (const [name, node] of definitions()) visit(name, node)
    expect(open).toEqual([])
  })
  it('knows no field that the sample of all fields has not', () => {
    const document = JSON.parse(JSON.stringify(COMPLETE)) as Json
    const seen = new Set<unknown>()
    const visit = (value: Json, node: SchemaNode): void => {
      const resolved = schemaOf(node, value)
      if (Array.isArray(value)) for (const item of value) visit(item, resolved['items'] as SchemaNode)
      const properties = resolved['properties'] as Record<string, SchemaNode> | undefined
      if (properties === undefined || typeof value !== 'object' || value === null) return
      for (const [key, child] of Object.entries(value)) {
        const next = properties[key]
        seen.add(next)
        if (next !== undefined) visit(child, next)
      }
    }
    visit(document, schema)
    const unseen = definitions().flatMap(([name, node]) =>
      Object.entries((node['properties'] ?? {}) as Record<string, SchemaNode>)
        .filter(([, property]) => !seen.has(property))
        .map(([key]) => `${name}.${key}`),
    )
    expect(unseen).toEqual([])
  })
  it('refuses a document with any one field retyped, any one required field dropped, or a field more', () => {
    const document = JSON.parse(JSON.stringify(COMPLETE)) as Json
    const fields = fieldsOf(document, schema)
    expect(fields.length).toBeGreaterThan(300)
    const taken: string[] = []
    for (const { path, key, required } of fields) {
      const parent = parentOf(document, path)
      const value = parent[key] as Json
      for (const other of otherTypes(value)) {
        parent[key] = other
        if (isValid(document)) taken.push(`${[...path, key].join('.')} = ${JSON.stringify(other)}`)
      }
      delete parent[key]
      if (required && isValid(document)) taken.push(`${[...path, key].join('.')} dropped`)
      parent[key] = value
      parent['everynode'] = 1
      if (isValid(document)) taken.push(`${path.join('.')} has a field more`)
      delete parent['everynode']
    }
    expect(taken).toEqual([])
    expect(isValid(document)).toBe(true)
  })
})
