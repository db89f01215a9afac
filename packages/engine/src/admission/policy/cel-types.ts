import type { CelMacro, CelNode } from './cel-parser.ts'

/** A type as the checker of cel-go tells it: `dyn`, `int`, `list` of one, `map` of two. `free` fits all: the elements of `[]`, and what is not known. */
export interface CelType {
  readonly name: string
  readonly of: readonly CelType[]
}

/** The types of the names that an expression may use. */
export type CelTypes = ReadonlyMap<string, CelType>

/** A type, or why there is none. */
type CheckedType =
  | { readonly kind: 'type'; readonly type: CelType }
  | { readonly kind: 'problem'; readonly text: string }

const type = (name: string, ...of: readonly CelType[]): CelType => ({ name, of })
const DYN = type('dyn')
const FREE = type('free')
const BOOL = type('bool')
const INT = type('int')
const STRING = type('string')
const PATCH_FIELDS: ReadonlySet<string> = new Set(['op', 'path', 'from', 'value'])
const NUMBERS: ReadonlySet<string> = new Set(['int', 'uint', 'double'])
const KIND = type('record kind')

/** What policies see besides `variables`: the object has no type, the request has (apiserver `pkg/admission/plugin/cel/compile.go`, v0.36.2). */
export const POLICY_TYPES: CelTypes = new Map([
  ['object', DYN],
  ['oldObject', DYN],
  ['request', type('record request')],
  ['namespaceObject', type('record namespace')],
])

/** What a mutation sees besides: the types of what it gives. */
export const MUTATION_TYPES: CelTypes = new Map([
  ['new Object', FREE],
  ['new JSONPatch', FREE],
])

const RECORDS: Readonly<Record<string, Readonly<Record<string, CelType>>>> = {
  'record request': {
    kind: KIND,
    resource: KIND,
    requestKind: KIND,
    requestResource: KIND,
    subResource: STRING,
    requestSubResource: STRING,
    name: STRING,
    namespace: STRING,
    operation: STRING,
    dryRun: BOOL,
  },
  'record kind': { group: STRING, version: STRING, kind: STRING, resource: STRING },
  'record namespace': { metadata: type('record metadata') },
  'record metadata': {
    name: STRING,
    labels: type('map', STRING, STRING),
    annotations: type('map', STRING, STRING),
  },
}

/** What functions and methods give; those not named here have a type that is not known. */
const RESULTS: Readonly<Record<string, CelType>> = {
  size: INT,
  int: INT,
  string: STRING,
  double: type('double'),
  bool: BOOL,
  dyn: DYN,
  quantity: type('quantity'),
  isQuantity: BOOL,
  startsWith: BOOL,
  endsWith: BOOL,
  contains: BOOL,
  matches: BOOL,
  hasValue: BOOL,
  isGreaterThan: BOOL,
  isLessThan: BOOL,
  lowerAscii: STRING,
  upperAscii: STRING,
  trim: STRING,
  replace: STRING,
  substring: STRING,
  charAt: STRING,
  indexOf: INT,
  compareTo: INT,
  split: type('list', STRING),
  'jsonpatch.escapeKey': STRING,
  'optional.none': type('optional_type', FREE),
}

/**
 * The type of an expression, or why it is none: elements of a literal differ, operands don't fit. The server refuses a policy whose
 * expressions have no type (github.com/google/cel-go v0.26.0 `checker/checker.go` and `cel/validator.go`).
 */
export function checkCel(node: CelNode, types: CelTypes): CheckedType {
  const checker = new Checker()
  const found = checker.check(node, types)
  return checker.problem === undefined ? { kind: 'type', type: found } : { kind: 'problem', text: checker.problem }
}

/** True if a value of the type can be what is asked for: `list` of `JSONPatch`. */
export function isExactly(found: CelType, name: string, element?: string): boolean {
  if (found.name === 'free') return true
  const [inner] = found.of
  return found.name === name && (element === undefined || inner === undefined || inner.name === element)
}

class Checker {
  problem: string | undefined

  check(node: CelNode, types: CelTypes): CelType {
    switch (node.kind) {
      case 'literal':
        return type(node.value.kind)
      case 'ident':
        return types.get(node.name) ?? FREE
      case 'select': {
        const selected = this.#select(this.check(node.operand, types), node.field)
        return node.optional && selected.name !== 'optional_type' ? type('optional_type', selected) : selected
      }
      case 'has':
        this.#select(this.check(node.operand, types), node.field)
        return BOOL
      case 'index':
        return this.#index(this.check(node.operand, types), this.check(node.index, types), node.optional)
      case 'call':
        return this.#call(node, types)
      case 'unary': {
        const operand = this.check(node.operand, types)
        if (node.operator === '-') return operand
        this.#fit(operand, BOOL)
        return BOOL
      }
      case 'binary':
        return this.#binary(node.operator, this.check(node.left, types), this.check(node.right, types))
      case 'conditional': {
        this.#fit(this.check(node.test, types), BOOL)
        const yes = this.check(node.yes, types)
        const no = this.check(node.no, types)
        this.#fit(yes, no)
        return join(yes, no)
      }
      case 'list': {
        const items = node.items.map(({ value, optional }) => this.#given(this.check(value, types), optional))
        return type('list', this.#alike(items))
      }
      case 'map': {
        const keys = node.entries.map(({ key }) => this.check(key, types))
        const values = node.entries.map(({ value, optional }) => this.#given(this.check(value, types), optional))
        return type('map', this.#alike(keys), this.#alike(values))
      }
      case 'struct':
        if (!types.has(`new ${node.type.split('.')[0]}`)) this.problem ??= `the type ${node.type}`
        for (const { name, value } of node.fields) {
          const found = this.check(value, types)
          if (node.type !== 'JSONPatch') continue
          if (!PATCH_FIELDS.has(name)) this.problem ??= `JSONPatch has no field ${name}`
          if (name !== 'value') this.#fit(found, STRING)
        }
        return type(node.type)
      case 'macro':
        return this.#macro(node, types)
    }
  }

  #fit(found: CelType, wanted: CelType): void {
    if (!fits(found, wanted)) this.problem ??= `${typeText(found)} where ${typeText(wanted)} is wanted`
  }

  /** Elements of a literal have one type, to which `dyn` is just another. */
  #alike(types: readonly CelType[]): CelType {
    const [first = FREE] = types
    const other = types.find(each => !alike(first, each))
    if (other !== undefined) this.problem ??= `a literal of ${typeText(first)} and ${typeText(other)}`
    return types.reduce((a, b) => (a.name === 'free' || hasFree(a) ? b : a), first)
  }

  #given(found: CelType, optional: boolean): CelType {
    if (!optional) return found
    return found.name === 'optional_type' ? (found.of[0] ?? FREE) : FREE
  }

  #select(operand: CelType, field: string): CelType {
    const record = RECORDS[operand.name]
    if (record !== undefined) {
      const found = Object.hasOwn(record, field) ? record[field] : undefined
      if (found === undefined) this.problem ??= `no field ${field} of the ${operand.name.replace('record ', '')}`
      return found ?? FREE
    }
    switch (operand.name) {
      case 'dyn':
        return DYN
      case 'map':
        return operand.of[1] ?? FREE
      case 'optional_type':
        return type('optional_type', this.#select(operand.of[0] ?? FREE, field))
      case 'free':
        return FREE
      default:
        if (operand.name.startsWith('Object')) return FREE
        this.problem ??= `the field ${field} of ${typeText(operand)}`
        return FREE
    }
  }

  #index(operand: CelType, index: CelType, optional: boolean): CelType {
    const wrap = (found: CelType): CelType => (optional ? type('optional_type', found) : found)
    switch (operand.name) {
      case 'list':
        this.#fit(index, INT)
        return wrap(operand.of[0] ?? FREE)
      case 'map':
        this.#fit(index, operand.of[0] ?? FREE)
        return wrap(operand.of[1] ?? FREE)
      case 'optional_type':
        return type('optional_type', FREE)
      case 'dyn':
        return optional ? type('optional_type', FREE) : DYN
      case 'free':
        return FREE
      default:
        this.problem ??= `an index of ${typeText(operand)}`
        return FREE
    }
  }

  #binary(operator: string, left: CelType, right: CelType): CelType {
    switch (operator) {
      case '&&':
      case '||':
        this.#fit(left, BOOL)
        this.#fit(right, BOOL)
        return BOOL
      case '==':
      case '!=':
        this.#fit(left, right)
        return BOOL
      case '<':
      case '<=':
      case '>':
      case '>=':
        if (!(NUMBERS.has(left.name) && NUMBERS.has(right.name))) this.#fit(left, right)
        return BOOL
      case 'in':
        if (right.name === 'list' || right.name === 'map') this.#fit(left, right.of[0] ?? FREE)
        else this.#fit(right, DYN.name === right.name ? DYN : type('list', left))
        return BOOL
      default:
        this.#fit(left, right)
        if (left.name === 'dyn' || left.name === 'free') return right
        return left.name === 'list' && right.name === 'list' ? join(left, right) : left
    }
  }

  #call(node: Extract<CelNode, { kind: 'call' }>, types: CelTypes): CelType {
    const target = node.target === undefined ? undefined : this.check(node.target, types)
    const args = node.args.map(arg => this.check(arg, types))
    const [first = FREE] = args
    switch (node.name) {
      case 'optional.of':
      case 'optional.ofNonZeroValue':
        return type('optional_type', first)
      case 'value':
        return target?.of[0] ?? FREE
      case 'orValue': {
        const held = target?.of[0] ?? FREE
        this.#fit(held, first)
        return held.name === 'free' ? first : held
      }
      case 'or':
        return target ?? FREE
      case 'size':
        if (target === undefined && ['int', 'bool', 'double', 'uint'].includes(first.name)) this.#fit(first, STRING)
        return INT
      case 'startsWith':
      case 'endsWith':
      case 'contains':
      case 'matches':
        this.#fit(target ?? FREE, STRING)
        this.#fit(first, STRING)
        return BOOL
      case 'add':
      case 'sub':
        return target?.name === 'quantity' ? target : FREE
      default:
        return Object.hasOwn(RESULTS, node.name) ? (RESULTS[node.name] ?? FREE) : FREE
    }
  }

  #macro(node: CelMacro, types: CelTypes): CelType {
    const range = this.check(node.operand, types)
    const bind = (...bound: readonly CelType[]): CelTypes =>
      new Map([...types, ...node.variables.map((name, at) => [name, bound[at] ?? FREE] as const)])
    if (node.name === 'optMap' || node.name === 'optFlatMap') {
      const body = this.check(node.body, bind(range.of[0] ?? FREE))
      return node.name === 'optMap' ? type('optional_type', body) : body
    }
    if (!['list', 'map', 'dyn', 'free'].includes(range.name)) this.problem ??= `a walk over ${typeText(range)}`
    const element = range.name === 'dyn' ? DYN : (range.of[0] ?? FREE)
    const second = range.name === 'dyn' ? DYN : ((range.name === 'map' ? range.of[1] : range.of[0]) ?? FREE)
    const key = range.name === 'list' ? INT : element
    const scope = node.variables.length === 2 ? bind(key, second) : bind(element)
    if (node.filter !== undefined) this.#fit(this.check(node.filter, scope), BOOL)
    const body = this.check(node.body, scope)
    switch (node.name) {
      case 'map':
      case 'transformList':
        return type('list', body)
      case 'filter':
        this.#fit(body, BOOL)
        return type('list', element)
      default:
        this.#fit(body, BOOL)
        return BOOL
    }
  }
}

/** True if one may stand for the other; `dyn` may for everything. */
function fits(a: CelType, b: CelType): boolean {
  if (a.name === 'dyn' || b.name === 'dyn' || a.name === 'free' || b.name === 'free') return true
  if (a.name !== b.name) return a.name === 'null' ? takesNull(b) : b.name === 'null' && takesNull(a)
  return a.of.every((inner, at) => fits(inner, b.of[at] ?? FREE))
}

function takesNull({ name }: CelType): boolean {
  return name.startsWith('Object') || name.startsWith('record') || name === 'JSONPatch' || name === 'quantity'
}

function alike(a: CelType, b: CelType): boolean {
  if (a.name === 'free' || b.name === 'free') return true
  return a.name === b.name && a.of.every((inner, at) => alike(inner, b.of[at] ?? FREE))
}

function hasFree(a: CelType): boolean {
  return a.of.some(inner => inner.name === 'free' || hasFree(inner))
}

function join(a: CelType, b: CelType): CelType {
  if (a.name === 'free') return b
  if (a.name === 'dyn' || b.name === 'dyn') return DYN
  return type(a.name, ...a.of.map((inner, at) => join(inner, b.of[at] ?? FREE)))
}

function typeText({ name, of }: CelType): string {
  return of.length === 0 ? name : `${name}(${of.map(typeText).join(', ')})`
}
