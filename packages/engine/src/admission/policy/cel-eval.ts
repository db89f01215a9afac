import { allOf, arithmetic, callFunction, callMethod, ordering } from './cel-functions.ts'
import type { CelField, CelMacro, CelNode } from './cel-parser.ts'
import {
  bool,
  type CelMap,
  type CelPatch,
  type CelResult,
  type CelValue,
  equal,
  error,
  FALSE,
  int,
  isFailure,
  keyText,
  NO_OVERLOAD,
  TRUE,
  typeName,
  unsupported,
} from './cel-values.ts'

/** Variables by name; a function is asked when the variable is used, as some cost or are not known. */
export type CelScope = ReadonlyMap<string, CelValue | (() => CelResult)>

/** Enough for any policy that a server's own budget lets pass. */
const MAX_STEPS = 200_000

/** Evaluates an expression; an error is a value, as cel-go's are, and what is not known here makes the whole unsupported. */
export function evaluateCel(node: CelNode, scope: CelScope): CelResult {
  return new Evaluator().evaluate(node, scope)
}

class Evaluator {
  #steps = 0

  evaluate(node: CelNode, scope: CelScope): CelResult {
    if (++this.#steps > MAX_STEPS) return unsupported('an evaluation of so many steps')
    switch (node.kind) {
      case 'literal':
        return node.value
      case 'ident':
        return this.#variable(node.name, scope)
      case 'select':
        return this.#select(this.evaluate(node.operand, scope), node.field, node.optional)
      case 'has':
        return hasField(this.evaluate(node.operand, scope), node.field)
      case 'index':
        return this.#index(node, scope)
      case 'call':
        return this.#call(node, scope)
      case 'unary':
        return negate(node.operator, this.evaluate(node.operand, scope))
      case 'binary':
        return this.#binary(node, scope)
      case 'conditional': {
        const test = this.evaluate(node.test, scope)
        if (isFailure(test)) return test
        if (test.kind !== 'bool') return NO_OVERLOAD
        return this.evaluate(test.value ? node.yes : node.no, scope)
      }
      case 'list':
        return this.#list(node.items, scope)
      case 'map':
        return this.#map(node.entries, scope)
      case 'struct':
        return this.#struct(node.type, node.fields, scope)
      case 'macro':
        return this.#macro(node, scope)
    }
  }

  #variable(name: string, scope: CelScope): CelResult {
    const value = scope.get(name)
    if (value === undefined) return unsupported(`the name ${name}`)
    return typeof value === 'function' ? value() : value
  }

  #select(operand: CelResult, field: string, optional: boolean): CelResult {
    if (isFailure(operand)) return operand
    if (operand.kind === 'optional') {
      if (operand.value === undefined) return operand
      return optionalOf(this.#select(operand.value, field, true))
    }
    if (optional) {
      const has = hasField(operand, field)
      if (isFailure(has)) return has
      if (has.kind !== 'bool' || !has.value) return { kind: 'optional', value: undefined }
      return optionalOf(this.#select(operand, field, false))
    }
    switch (operand.kind) {
      case 'map':
        return operand.entries.get(`s${field}`)?.value ?? error(`no such key: ${field}`)
      case 'list':
        return error("unsupported index type 'string' in list")
      case 'null':
      case 'bool':
      case 'int':
      case 'uint':
      case 'double':
      case 'string':
        return error(`no such key: ${field}`)
      default:
        return unsupported(`the field ${field} of ${typeName(operand)}`)
    }
  }

  #index(node: Extract<CelNode, { kind: 'index' }>, scope: CelScope): CelResult {
    const operand = this.evaluate(node.operand, scope)
    if (isFailure(operand)) return operand
    const index = this.evaluate(node.index, scope)
    if (isFailure(index)) return index
    if (operand.kind === 'optional') {
      return operand.value === undefined ? operand : optionalOf(elementOf(operand.value, index), true)
    }
    const element = elementOf(operand, index)
    return node.optional ? optionalOf(element, true) : element
  }

  #call(node: Extract<CelNode, { kind: 'call' }>, scope: CelScope): CelResult {
    const target = node.target === undefined ? undefined : this.evaluate(node.target, scope)
    // The right side of these is asked only if it counts.
    if (target?.kind === 'optional' && target.value !== undefined && (node.name === 'orValue' || node.name === 'or')) {
      return node.name === 'or' ? target : target.value
    }
    const args = allOf([...(target === undefined ? [] : [target]), ...node.args.map(arg => this.evaluate(arg, scope))])
    if ('kind' in args) return args
    const [first, ...rest] = args
    if (node.target === undefined) return callFunction(node.name, args)
    return first === undefined ? NO_OVERLOAD : callMethod(node.name, first, rest)
  }

  #binary(node: Extract<CelNode, { kind: 'binary' }>, scope: CelScope): CelResult {
    const { operator } = node
    const left = this.evaluate(node.left, scope)
    if (operator === '&&' || operator === '||') return this.#logic(operator, left, node.right, scope)
    if (left.kind === 'unsupported') return left
    const right = this.evaluate(node.right, scope)
    if (right.kind === 'unsupported') return right
    if (isFailure(left)) return left
    if (isFailure(right)) return right
    switch (operator) {
      case '==':
        return bool(equal(left, right))
      case '!=':
        return bool(!equal(left, right))
      case 'in':
        return contains(left, right)
      case '<':
      case '<=':
      case '>':
      case '>=':
        return ordering(operator, left, right)
      default:
        return arithmetic(operator, left, right)
    }
  }

  /** Either side may decide, whatever the other is; else an error on the left comes first. */
  #logic(operator: '&&' | '||', left: CelResult, rightNode: CelNode, scope: CelScope): CelResult {
    const deciding = operator === '||'
    if (left.kind === 'unsupported') return left
    if (left.kind === 'bool' && left.value === deciding) return left
    const right = this.evaluate(rightNode, scope)
    if (right.kind === 'unsupported') return right
    if (right.kind === 'bool' && right.value === deciding) return right
    if (isFailure(left)) return left
    if (left.kind !== 'bool') return NO_OVERLOAD
    if (isFailure(right)) return right
    return right.kind === 'bool' ? right : NO_OVERLOAD
  }

  #list(items: Extract<CelNode, { kind: 'list' }>['items'], scope: CelScope): CelResult {
    const values: CelValue[] = []
    for (const { value, optional } of items) {
      const result = this.evaluate(value, scope)
      if (isFailure(result)) return result
      if (!optional) values.push(result)
      else if (result.kind !== 'optional') return unsupported('an optional element that is none')
      else if (result.value !== undefined) values.push(result.value)
    }
    return { kind: 'list', items: values }
  }

  #map(entries: Extract<CelNode, { kind: 'map' }>['entries'], scope: CelScope): CelResult {
    const result = new Map<string, { key: CelValue; value: CelValue }>()
    for (const { key: keyNode, value: valueNode, optional } of entries) {
      const key = this.evaluate(keyNode, scope)
      if (isFailure(key)) return key
      const value = this.evaluate(valueNode, scope)
      if (isFailure(value)) return value
      const text = keyText(key)
      if (text === undefined) return unsupported(`a key that is ${typeName(key)}`)
      const given = optional && value.kind === 'optional' ? value.value : value
      if (optional && value.kind !== 'optional') return unsupported('an optional entry that is none')
      if (given === undefined) continue
      if (result.has(text)) return error(`Failed with repeated key: ${text.slice(1)}`)
      result.set(text, { key, value: given })
    }
    return { kind: 'map', entries: result }
  }

  #struct(type: string, nodes: readonly CelField[], scope: CelScope): CelResult {
    const fields = new Map<string, CelValue>()
    for (const { name, value: node, optional } of nodes) {
      const value = this.evaluate(node, scope)
      if (isFailure(value)) return value
      const given = optional && value.kind === 'optional' ? value.value : value
      if (given !== undefined) fields.set(name, given)
    }
    if (type === 'JSONPatch') return patchOf(fields)
    if (type === 'Object' || type.startsWith('Object.')) return { kind: 'object', type, fields }
    return unsupported(`the type ${type}`)
  }

  #macro(node: CelMacro, scope: CelScope): CelResult {
    const operand = this.evaluate(node.operand, scope)
    if (isFailure(operand)) return operand
    if (node.name === 'optMap' || node.name === 'optFlatMap') {
      if (operand.kind !== 'optional') return NO_OVERLOAD
      if (operand.value === undefined) return operand
      const mapped = this.evaluate(node.body, new Map([...scope, [node.variables[0] ?? '', operand.value]]))
      if (isFailure(mapped) || node.name === 'optFlatMap') return mapped
      return { kind: 'optional', value: mapped }
    }
    const elements = elementsOf(operand, node.variables.length)
    if (elements === undefined) return notIterable(operand)
    const scopes = elements.map(
      values => new Map([...scope, ...node.variables.map((name, at) => [name, values[at] ?? FALSE] as const)]),
    )
    switch (node.name) {
      case 'all':
        return this.#fold(node.body, scopes, '&&')
      case 'exists':
        return this.#fold(node.body, scopes, '||')
      case 'exists_one':
        return this.#count(node.body, scopes)
      case 'filter':
        return this.#collect({ kind: 'ident', name: node.variables[0] ?? '' }, node.body, scopes)
      default:
        return this.#collect(node.body, node.filter, scopes)
    }
  }

  #fold(body: CelNode, scopes: readonly CelScope[], operator: '&&' | '||'): CelResult {
    let result: CelResult = operator === '&&' ? TRUE : FALSE
    for (const scope of scopes) {
      result = this.#logic(operator, result, body, scope)
      if (result.kind === 'unsupported') return result
      if (result.kind === 'bool' && result.value === (operator === '||')) return result
    }
    return result
  }

  #count(body: CelNode, scopes: readonly CelScope[]): CelResult {
    let count = 0
    for (const scope of scopes) {
      const result = this.evaluate(body, scope)
      if (isFailure(result)) return result
      if (result.kind !== 'bool') return NO_OVERLOAD
      if (result.value) count++
    }
    return bool(count === 1)
  }

  #collect(body: CelNode, filter: CelNode | undefined, scopes: readonly CelScope[]): CelResult {
    const items: CelValue[] = []
    for (const scope of scopes) {
      const counts = filter === undefined ? TRUE : this.evaluate(filter, scope)
      if (isFailure(counts)) return counts
      if (counts.kind !== 'bool') return NO_OVERLOAD
      if (!counts.value) continue
      const item = this.evaluate(body, scope)
      if (isFailure(item)) return item
      items.push(item)
    }
    return { kind: 'list', items }
  }
}

function hasField(operand: CelResult, field: string): CelResult {
  if (isFailure(operand)) return operand
  switch (operand.kind) {
    case 'map':
      return bool(operand.entries.has(`s${field}`))
    case 'list':
      return error("unsupported index type 'string' in list")
    case 'null':
    case 'bool':
    case 'int':
    case 'uint':
    case 'double':
    case 'string':
      return FALSE
    case 'optional':
      return operand.value === undefined ? FALSE : hasField(operand.value, field)
    default:
      return unsupported(`has with the field ${field} of ${typeName(operand)}`)
  }
}

function elementOf(operand: CelValue, index: CelValue): CelResult {
  switch (operand.kind) {
    case 'list': {
      if (index.kind !== 'int') return error(`unsupported index type '${typeName(index)}' in list`)
      const element = index.value < 0n ? undefined : operand.items[Number(index.value)]
      return element ?? error(`index out of bounds: ${index.value}`)
    }
    case 'map': {
      const key = keyText(index)
      const entry = key === undefined ? undefined : operand.entries.get(key)
      return entry?.value ?? error(`no such key: ${keyName(index)}`)
    }
    case 'null':
    case 'bool':
    case 'int':
    case 'uint':
    case 'double':
    case 'string':
      return error(`no such key: ${keyName(index)}`)
    default:
      return unsupported(`an element of ${typeName(operand)}`)
  }
}

function keyName(index: CelValue): string {
  return index.kind === 'string' || index.kind === 'int' || index.kind === 'bool'
    ? String(index.value)
    : typeName(index)
}

/** The value as an optional one; a missing key or index is none. */
function optionalOf(result: CelResult, missingIsNone = false): CelResult {
  if (result.kind === 'optional') return result
  if (result.kind === 'error' && missingIsNone && /^(no such key|index out of bounds)/.test(result.text)) {
    return { kind: 'optional', value: undefined }
  }
  return isFailure(result) ? result : { kind: 'optional', value: result }
}

function negate(operator: '!' | '-', operand: CelResult): CelResult {
  if (isFailure(operand)) return operand
  if (operator === '!') return operand.kind === 'bool' ? bool(!operand.value) : NO_OVERLOAD
  if (operand.kind === 'int') return arithmetic('-', int(0n), operand)
  return operand.kind === 'double' ? { kind: 'double', value: -operand.value } : NO_OVERLOAD
}

function contains(element: CelValue, collection: CelValue): CelResult {
  if (collection.kind === 'list') return bool(collection.items.some(item => equal(item, element)))
  if (collection.kind !== 'map') return NO_OVERLOAD
  const key = keyText(element)
  return bool(key !== undefined && collection.entries.has(key))
}

/** What a macro walks: for each element as many values as it has variables. Maps go by their keys, in order. */
function elementsOf(operand: CelValue, variables: number): readonly (readonly CelValue[])[] | undefined {
  if (operand.kind === 'list') {
    return operand.items.map((item, index) => (variables === 2 ? [int(BigInt(index)), item] : [item]))
  }
  if (operand.kind !== 'map') return undefined
  const entries = [...(operand as CelMap).entries].toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return entries.map(([, { key, value }]) => [key, value])
}

function patchOf(
  fields: ReadonlyMap<string, CelValue>,
): CelPatch | Extract<CelResult, { kind: 'error' | 'unsupported' }> {
  const text = (name: string): string => {
    const value = fields.get(name)
    return value?.kind === 'string' ? value.value : ''
  }
  for (const name of ['op', 'path', 'from']) {
    const value = fields.get(name)
    if (value !== undefined && value.kind !== 'string')
      return unsupported(`the field ${name} of a JSONPatch that is no text`)
  }
  return { kind: 'patch', op: text('op'), path: text('path'), from: text('from'), value: fields.get('value') }
}

function notIterable(value: CelValue): CelResult {
  const name = GO_NAMES[value.kind]
  return name === undefined
    ? unsupported(`a walk over ${typeName(value)}`)
    : error(`got 'types.${name}', expected iterable type`)
}

const GO_NAMES: Readonly<Record<string, string>> = {
  string: 'String',
  int: 'Int',
  uint: 'Uint',
  double: 'Double',
  bool: 'Bool',
  null: 'Null',
}
