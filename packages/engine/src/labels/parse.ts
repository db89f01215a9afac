import { DEFAULT_VERSION, DIFFERENCES, type KubernetesVersion } from '../versions.ts'
import { aggregate, invalid } from './field-error.ts'
import { checkRequirement, type LabelOperator, type LabelRequirement } from './requirement.ts'
import { type CompiledLabelSelector, type LabelSelectorError, selectorOf } from './selector.ts'
import { labelKeyErrors } from './syntax.ts'

/**
 * Reads the text form of a label selector, as `kubectl -l` takes it: `a=1,b!=2,c in (x,y),!d,e>3`; empty selects everything.
 * Grammar and error texts are those of `labels.Parse` (apimachinery `pkg/labels/selector.go`, v0.36.2).
 */
export function parseLabelSelector(
  text: string,
  version: KubernetesVersion = DEFAULT_VERSION,
): CompiledLabelSelector | LabelSelectorError {
  const parsed = new Parser(scan(text), version).parse()
  return typeof parsed === 'string' ? { kind: 'error', text: parsed } : selectorOf(parsed)
}

type TokenKind = 'identifier' | 'end' | 'error' | keyof typeof SYMBOLS

/** Tokens by their text; `in` and `notin` are identifiers where a value may stand. */
const SYMBOLS = {
  ')': true,
  ',': true,
  '!': true,
  '==': true,
  '=': true,
  '>': true,
  in: true,
  '<': true,
  '!=': true,
  notin: true,
  '(': true,
}
const SPECIAL = '=!(),><'
const BLANK = ' \t\r\n'

interface Token {
  readonly kind: TokenKind
  readonly text: string
}

function isSymbol(text: string): text is keyof typeof SYMBOLS {
  return Object.hasOwn(SYMBOLS, text)
}

function scan(text: string): readonly Token[] {
  // A NUL ends the text for upstream's lexer wherever it stands.
  const nul = text.indexOf('\0')
  const source = nul < 0 ? text : text.slice(0, nul)
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    if (BLANK.includes(source.charAt(at))) {
      at++
      continue
    }
    const token = SPECIAL.includes(source.charAt(at)) ? scanSymbol(source, at) : scanWord(source, at)
    tokens.push(token.token)
    at = token.end
  }
  tokens.push({ kind: 'end', text: '' })
  return tokens
}

function scanWord(source: string, from: number): { readonly token: Token; readonly end: number } {
  let end = from
  while (end < source.length && !SPECIAL.includes(source.charAt(end)) && !BLANK.includes(source.charAt(end))) end++
  const text = source.slice(from, end)
  return { token: { kind: isSymbol(text) ? text : 'identifier', text }, end }
}

/** The longest symbol. Every special character is a symbol by itself, so there is always one. */
function scanSymbol(source: string, from: number): { readonly token: Token; readonly end: number } {
  const two = source.slice(from, from + 2)
  const text = two.length === 2 && isSymbol(two) ? two : source.charAt(from)
  return { token: { kind: isSymbol(text) ? text : 'error', text }, end: from + text.length }
}

const OPERATORS: ReadonlyMap<TokenKind, LabelOperator> = new Map([
  ['in', 'In'],
  ['=', 'Equals'],
  ['==', 'DoubleEquals'],
  ['>', 'Gt'],
  ['<', 'Lt'],
  ['notin', 'NotIn'],
  ['!=', 'NotEquals'],
])

const BINARY_OPERATORS = 'in, notin, =, ==, !=, gt, lt'

/** Recursive descent; a result that is a string is an error. */
class Parser {
  readonly #tokens: readonly Token[]
  readonly #version: KubernetesVersion
  #at = 0

  constructor(tokens: readonly Token[], version: KubernetesVersion) {
    this.#tokens = tokens
    this.#version = version
  }

  parse(): readonly LabelRequirement[] | string {
    const requirements: LabelRequirement[] = []
    for (;;) {
      const first = this.#peek()
      if (first.kind === 'end') return requirements
      if (first.kind !== 'identifier' && first.kind !== '!') {
        return `found '${first.text}', expected: !, identifier, or 'end of string'`
      }
      const requirement = this.#requirement()
      if (typeof requirement === 'string') return `unable to parse requirement: ${requirement}`
      requirements.push(requirement)
      const after = this.#take()
      if (after.kind === 'end') return requirements
      if (after.kind !== ',') return `found '${after.text}', expected: ',' or 'end of string'`
      const next = this.#peek()
      if (next.kind !== 'identifier' && next.kind !== '!') return `found '${next.text}', expected: identifier after ','`
    }
  }

  #requirement(): LabelRequirement | string {
    let token = this.#take()
    const negated = token.kind === '!'
    if (negated) token = this.#take()
    if (token.kind !== 'identifier') return `found '${token.text}', expected: identifier`
    const key = token.text
    const { labelKeyNoun, lengthUnit } = DIFFERENCES[this.#version]
    const keyErrors = labelKeyErrors(key, labelKeyNoun, lengthUnit)
    if (keyErrors.length > 0) return invalid('<nil>', key, keyErrors.join('; '))
    if (negated) return this.#check(key, 'DoesNotExist', [])
    const next = this.#peek()
    if (next.kind === 'end' || next.kind === ',') return this.#check(key, 'Exists', [])

    const operatorToken = this.#take('operator')
    const operator = OPERATORS.get(operatorToken.kind)
    if (operator === undefined) return `found '${operatorToken.text}', expected: ${BINARY_OPERATORS}`
    const values = operator === 'In' || operator === 'NotIn' ? this.#list() : this.#exact()
    return typeof values === 'string' ? values : this.#check(key, operator, values)
  }

  #check(key: string, operator: LabelOperator, values: readonly string[]): LabelRequirement | string {
    const distinct = [...new Set(values)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    const checked = checkRequirement(key, operator, distinct, '', this.#version)
    return checked.kind === 'requirement' ? checked.requirement : (aggregate(checked.errors) ?? '')
  }

  #exact(): readonly string[] | string {
    const next = this.#peek()
    if (next.kind === 'end' || next.kind === ',') return ['']
    const token = this.#take()
    return token.kind === 'identifier' ? [token.text] : `found '${token.text}', expected: identifier`
  }

  #list(): readonly string[] | string {
    const open = this.#take()
    if (open.kind !== '(') return `found '${open.text}' expected: '('`
    const first = this.#peek()
    if (first.kind === ')') {
      this.#take()
      return ['']
    }
    if (first.kind !== 'identifier' && first.kind !== ',')
      return `found '${first.text}', expected: ',', ')' or identifier`
    const values: string[] = []
    for (;;) {
      const token = this.#take()
      const next = this.#peek()
      if (token.kind === 'identifier') {
        values.push(token.text)
        if (next.kind !== ',' && next.kind !== ')') return `found '${next.text}', expected: ',' or ')'`
      } else if (token.kind === ',') {
        if (values.length === 0 || next.kind === ')' || next.kind === ',') values.push('')
      } else return `found '${token.text}', expected: ',', or identifier`
      if (next.kind === ')') {
        this.#take()
        return values
      }
    }
  }

  #peek(context: 'value' | 'operator' = 'value'): Token {
    const token = this.#tokens[this.#at] ?? { kind: 'end', text: '' }
    const word = context === 'value' && (token.kind === 'in' || token.kind === 'notin')
    return word ? { kind: 'identifier', text: token.text } : token
  }

  #take(context: 'value' | 'operator' = 'value'): Token {
    const token = this.#peek(context)
    this.#at++
    return token
  }
}
