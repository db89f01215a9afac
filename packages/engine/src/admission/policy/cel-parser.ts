import { type CelToken, lexCel } from './cel-lexer.ts'
import type { CelUnsupported, CelValue } from './cel-values.ts'
import { FALSE, int, NULL, string, TRUE, unsupported } from './cel-values.ts'

/** An expression of CEL with its macros recognised. */
export type CelNode =
  | { readonly kind: 'literal'; readonly value: CelValue }
  | { readonly kind: 'ident'; readonly name: string }
  | { readonly kind: 'select'; readonly operand: CelNode; readonly field: string; readonly optional: boolean }
  | { readonly kind: 'has'; readonly operand: CelNode; readonly field: string }
  | { readonly kind: 'index'; readonly operand: CelNode; readonly index: CelNode; readonly optional: boolean }
  /** `target` is undefined for a global function; namespaced functions have names such as `optional.of`. */
  | { readonly kind: 'call'; readonly name: string; readonly target?: CelNode; readonly args: readonly CelNode[] }
  | { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly operand: CelNode }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: CelNode; readonly right: CelNode }
  | { readonly kind: 'conditional'; readonly test: CelNode; readonly yes: CelNode; readonly no: CelNode }
  | { readonly kind: 'list'; readonly items: readonly { readonly value: CelNode; readonly optional: boolean }[] }
  | { readonly kind: 'map'; readonly entries: readonly CelEntry[] }
  | { readonly kind: 'struct'; readonly type: string; readonly fields: readonly CelField[] }
  | CelMacro

/** A macro that walks a list or the keys of a map; two variables are index or key, and value. */
export interface CelMacro {
  readonly kind: 'macro'
  readonly name: 'all' | 'exists' | 'exists_one' | 'map' | 'filter' | 'transformList' | 'optMap' | 'optFlatMap'
  readonly operand: CelNode
  readonly variables: readonly string[]
  /** Of `map` and `transformList` which elements count; absent: all. */
  readonly filter?: CelNode
  readonly body: CelNode
}

interface CelEntry {
  readonly key: CelNode
  readonly value: CelNode
  readonly optional: boolean
}

/** A field of an object literal. */
export interface CelField {
  readonly name: string
  readonly value: CelNode
  readonly optional: boolean
}

const MAX_DEPTH = 250
const RELATIONS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '==', '!=', 'in'])
const NAMESPACES: ReadonlySet<string> = new Set([
  'optional',
  'jsonpatch',
  'sets',
  'math',
  'base64',
  'ip',
  'cidr',
  'format',
  'lists',
  'cel',
])
const MACROS: Readonly<Record<string, CelMacro['name']>> = {
  all: 'all',
  exists: 'exists',
  exists_one: 'exists_one',
  existsOne: 'exists_one',
  map: 'map',
  filter: 'filter',
  transformList: 'transformList',
  optMap: 'optMap',
  optFlatMap: 'optFlatMap',
}

/** Parses an expression (cel-spec `doc/langdef.md`, as cel-go v0.26.0 reads it); what is not CEL, or not known of it, is unsupported. */
export function parseCel(text: string): CelNode | CelUnsupported {
  const tokens = lexCel(text)
  if ('kind' in tokens) return unsupported(tokens.text)
  const parser = new Parser(tokens)
  const node = parser.expression()
  if (parser.problem !== undefined) return unsupported(parser.problem)
  return parser.isAtEnd() ? node : unsupported(`what follows at character ${parser.at()}`)
}

class Parser {
  /** The first thing that could not be read; nodes are meaningless from there on. */
  problem: string | undefined
  readonly #tokens: readonly CelToken[]
  #next = 0
  #depth = 0

  constructor(tokens: readonly CelToken[]) {
    this.#tokens = tokens
  }

  isAtEnd(): boolean {
    return this.#peek().kind === 'end'
  }

  at(): number {
    return this.#peek().at
  }

  expression(): CelNode {
    if (++this.#depth > MAX_DEPTH) return this.#fail('an expression nested too deep')
    const test = this.#binary(0)
    let result = test
    if (this.#take('?')) {
      const yes = this.#binary(0)
      this.#expect(':')
      result = { kind: 'conditional', test, yes, no: this.expression() }
    }
    this.#depth--
    return result
  }

  /** Levels from the loosest: or, and, relation, sum, product. */
  #binary(level: number): CelNode {
    if (level === LEVELS.length) return this.#unary()
    let left = this.#binary(level + 1)
    while (this.problem === undefined) {
      const { text, kind } = this.#peek()
      const isOperator = kind === 'symbol' || (kind === 'ident' && text === 'in')
      if (!isOperator || !LEVELS[level]?.has(text)) return left
      this.#next++
      left = { kind: 'binary', operator: text, left, right: this.#binary(level + 1) }
    }
    return left
  }

  #unary(): CelNode {
    const operator = this.#peek().text
    if (this.#peek().kind !== 'symbol' || (operator !== '!' && operator !== '-')) return this.#member()
    let count = 0
    while (this.#take(operator)) count++
    const operand = this.#member()
    // An integer takes its sign before it is read, so that the smallest one can be written.
    if (operator === '-' && operand.kind === 'literal' && operand.value.kind === 'int' && count === 1) {
      return literal(int(-operand.value.value))
    }
    if (count % 2 === 0) return operand
    return { kind: 'unary', operator, operand }
  }

  #member(): CelNode {
    let node = this.#primary()
    while (this.problem === undefined) {
      if (this.#take('.')) {
        const optional = this.#take('?')
        const field = this.#ident()
        if (!optional && this.#take('(')) node = this.#method(node, field)
        else node = { kind: 'select', operand: node, field, optional }
      } else if (this.#take('[')) {
        const optional = this.#take('?')
        const index = this.expression()
        this.#expect(']')
        node = { kind: 'index', operand: node, index, optional }
      } else return node
    }
    return node
  }

  #method(operand: CelNode, name: string): CelNode {
    if (operand.kind === 'ident' && NAMESPACES.has(operand.name)) {
      return { kind: 'call', name: `${operand.name}.${name}`, args: this.#arguments() }
    }
    const macro = Object.hasOwn(MACROS, name) ? MACROS[name] : undefined
    const args = this.#arguments()
    if (macro === undefined || args.length < 2) return { kind: 'call', name, target: operand, args }
    return this.#macro(macro, operand, args)
  }

  #macro(name: CelMacro['name'], operand: CelNode, args: readonly CelNode[]): CelNode {
    const takesTwo = name === 'all' || name === 'exists' || name === 'exists_one' || name === 'transformList'
    const count = takesTwo && (args.length > 2 || name === 'transformList') ? 2 : 1
    const variables = args.slice(0, count).map(arg => (arg.kind === 'ident' ? arg.name : undefined))
    const rest = args.slice(count)
    const body = rest.at(-1)
    const isFiltered = rest.length === 2 && (name === 'map' || name === 'transformList')
    if (body === undefined || variables.includes(undefined) || (rest.length !== 1 && !isFiltered)) {
      return this.#fail(`the arguments of ${name}`)
    }
    const filter = isFiltered ? rest[0] : undefined
    const names = variables.filter(variable => variable !== undefined)
    return { kind: 'macro', name, operand, variables: names, ...(filter === undefined ? {} : { filter }), body }
  }

  #primary(): CelNode {
    const token = this.#peek()
    this.#next++
    switch (token.kind) {
      case 'int':
      case 'uint':
        return this.#integer(token)
      case 'double':
        return literal({ kind: 'double', value: Number(token.text) })
      case 'string':
        return literal(string(token.text))
      case 'ident':
        return this.#identifier(token.text)
      case 'symbol':
        if (token.text === '(') {
          const inner = this.expression()
          this.#expect(')')
          return inner
        }
        if (token.text === '[') return { kind: 'list', items: this.#list() }
        if (token.text === '{') return { kind: 'map', entries: this.#entries() }
        return this.#fail(`${token.text} at character ${token.at}`)
      case 'end':
        return this.#fail('the end of the expression')
    }
  }

  #integer({ kind, text }: CelToken): CelNode {
    const value = BigInt(text)
    if (kind === 'uint')
      return value < 2n ** 64n ? literal({ kind: 'uint', value }) : this.#fail('a number beyond 64 bits')
    // The smallest int64 is written with a sign, which is read after the digits.
    return value <= 2n ** 63n ? literal(int(value)) : this.#fail('a number beyond 64 bits')
  }

  #identifier(name: string): CelNode {
    if (name === 'true') return literal(TRUE)
    if (name === 'false') return literal(FALSE)
    if (name === 'null') return literal(NULL)
    const type = this.#structType(name)
    if (type !== undefined) return { kind: 'struct', type, fields: this.#fields() }
    if (!this.#take('(')) return { kind: 'ident', name }
    const args = this.#arguments()
    if (name !== 'has') return { kind: 'call', name, args }
    const [operand] = args
    if (args.length !== 1 || operand?.kind !== 'select' || operand.optional) return this.#fail('the argument of has')
    return { kind: 'has', operand: operand.operand, field: operand.field }
  }

  /** Reads on to the brace if names and points lead there. */
  #structType(name: string): string | undefined {
    let end = this.#next
    let type = name
    while (this.#tokens[end]?.text === '.' && this.#tokens[end + 1]?.kind === 'ident') {
      type += `.${this.#tokens[end + 1]?.text}`
      end += 2
    }
    const brace = this.#tokens[end]
    if (brace?.kind !== 'symbol' || brace.text !== '{') return undefined
    this.#next = end + 1
    return type
  }

  #arguments(): readonly CelNode[] {
    const args: CelNode[] = []
    if (this.#take(')')) return args
    do args.push(this.expression())
    while (this.#take(','))
    this.#expect(')')
    return args
  }

  #list(): readonly { readonly value: CelNode; readonly optional: boolean }[] {
    return this.#sequence(']', optional => ({ value: this.expression(), optional }))
  }

  #entries(): readonly CelEntry[] {
    return this.#sequence('}', optional => {
      const key = this.expression()
      this.#expect(':')
      return { key, value: this.expression(), optional }
    })
  }

  #fields(): readonly CelField[] {
    return this.#sequence('}', optional => {
      const name = this.#ident()
      this.#expect(':')
      return { name, value: this.expression(), optional }
    })
  }

  /** Elements separated by commas, with one more at the end if one likes. */
  #sequence<T>(closing: string, element: (optional: boolean) => T): readonly T[] {
    const elements: T[] = []
    while (this.problem === undefined && !this.#take(closing)) {
      elements.push(element(this.#take('?')))
      if (this.#take(',')) continue
      this.#expect(closing)
      break
    }
    return elements
  }

  #ident(): string {
    const { kind, text, at } = this.#peek()
    if (kind !== 'ident') {
      this.#fail(`a name at character ${at}`)
      return ''
    }
    this.#next++
    return text
  }

  #take(symbol: string): boolean {
    const { kind, text } = this.#peek()
    if (kind !== 'symbol' || text !== symbol) return false
    this.#next++
    return true
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) this.#fail(`${symbol} missing at character ${this.at()}`)
  }

  #peek(): CelToken {
    return this.#tokens[Math.min(this.#next, this.#tokens.length - 1)] as CelToken
  }

  #fail(what: string): CelNode {
    this.problem ??= what
    this.#next = this.#tokens.length - 1
    return { kind: 'literal', value: NULL }
  }
}

const LEVELS: readonly ReadonlySet<string>[] = [
  new Set(['||']),
  new Set(['&&']),
  RELATIONS,
  new Set(['+', '-']),
  new Set(['*', '/', '%']),
]

function literal(value: CelValue): CelNode {
  return { kind: 'literal', value }
}
