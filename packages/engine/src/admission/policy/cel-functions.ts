import {
  addQuantity,
  compareQuantity,
  parseQuantity,
  type Quantity,
  quantitySign,
  quantityValue,
  subQuantity,
} from '../../quantity.ts'
import {
  bool,
  type CelMap,
  type CelResult,
  type CelValue,
  compareNumbers,
  error,
  int,
  isFailure,
  NO_OVERLOAD,
  string,
  unsupported,
} from './cel-values.ts'

// Functions and methods of CEL and of Kubernetes' libraries that policies use (cel-go v0.26.0 `ext`, apiserver
// `pkg/cel/library`, v0.36.2). Strings count code points, as upstream's do.

const MIN_INT = -(2n ** 63n)
const MAX_INT = 2n ** 63n - 1n

/** A function without target, or of a namespace. */
export function callFunction(name: string, args: readonly CelValue[]): CelResult {
  const [first, second] = args
  if (first === undefined) {
    return name === 'optional.none' ? { kind: 'optional', value: undefined } : unsupported(`the function ${name}`)
  }
  if (second !== undefined) return unsupported(`the function ${name} of ${args.length} arguments`)
  switch (name) {
    case 'size':
      return sizeOf(first)
    case 'string':
      return toText(first)
    case 'int':
      return toInt(first)
    case 'double':
      return toDouble(first)
    case 'bool':
      return toBool(first)
    case 'dyn':
      return first
    case 'quantity':
      return toQuantity(first)
    case 'isQuantity':
      return first.kind === 'string' ? bool(parseQuantity(first.value).kind === 'quantity') : NO_OVERLOAD
    case 'optional.of':
      return { kind: 'optional', value: first }
    case 'optional.ofNonZeroValue':
      return { kind: 'optional', value: isZero(first) ? undefined : first }
    case 'jsonpatch.escapeKey':
      return first.kind === 'string' ? string(first.value.replaceAll('~', '~0').replaceAll('/', '~1')) : NO_OVERLOAD
    default:
      return unsupported(`the function ${name}`)
  }
}

/** A method of a value. */
export function callMethod(name: string, target: CelValue, args: readonly CelValue[]): CelResult {
  if (name === 'size' && args.length === 0) return sizeOf(target)
  switch (target.kind) {
    case 'string':
      return stringMethod(name, target.value, args)
    case 'list':
      return listMethod(name, target.items, args)
    case 'quantity':
      return quantityMethod(name, target.value, args)
    case 'optional':
      return optionalMethod(name, target.value, args)
    default:
      return METHODS.has(name) ? NO_OVERLOAD : unsupported(`the method ${name}`)
  }
}

const METHODS: ReadonlySet<string> = new Set(['startsWith', 'endsWith', 'contains', 'lowerAscii', 'upperAscii', 'trim'])

function stringMethod(name: string, text: string, args: readonly CelValue[]): CelResult {
  const texts = args.map(arg => (arg.kind === 'string' ? arg.value : undefined))
  const [first] = texts
  if (args.length === 0) {
    switch (name) {
      case 'lowerAscii':
        return string(text.replace(/[A-Z]/g, letter => letter.toLowerCase()))
      case 'upperAscii':
        return string(text.replace(/[a-z]/g, letter => letter.toUpperCase()))
      case 'trim':
        return string(text.trim())
    }
    return unsupported(`the method ${name} of a string`)
  }
  switch (name) {
    case 'startsWith':
      return first === undefined ? NO_OVERLOAD : bool(text.startsWith(first))
    case 'endsWith':
      return first === undefined ? NO_OVERLOAD : bool(text.endsWith(first))
    case 'contains':
      return first === undefined ? NO_OVERLOAD : bool(text.includes(first))
    case 'matches':
      return first === undefined ? NO_OVERLOAD : matches(text, first)
    case 'replace':
      if (args.length !== 2 || first === undefined || texts[1] === undefined) break
      return string(
        first === ''
          ? [texts[1], ...[...text].flatMap(rune => [rune, texts[1] ?? ''])].join('')
          : text.replaceAll(first, texts[1]),
      )
    case 'split':
      if (args.length !== 1 || first === undefined) break
      return { kind: 'list', items: (first === '' ? [...text] : text.split(first)).map(string) }
    case 'substring':
      return substring([...text], args)
    case 'charAt':
      return substring(
        [...text],
        args.length === 1 && args[0]?.kind === 'int' ? [args[0], int(args[0].value + 1n)] : args,
      )
    case 'indexOf':
      if (args.length !== 1 || first === undefined) break
      return int(BigInt(text.includes(first) ? [...text.slice(0, text.indexOf(first))].length : -1))
  }
  return unsupported(`the method ${name} of a string with these arguments`)
}

/** Only patterns that mean the same in RE2 and here: no groups with names or flags, no look-around, no back references. */
function matches(text: string, pattern: string): CelResult {
  if (!/^(?:[\w\-./:@,= ^$|*+?()]|\[[\w\-./:@,= ^]*\]|\\[.dws\\/-])*$/.test(pattern) || /\(\?|[*+?]{2}/.test(pattern)) {
    return unsupported(`the regular expression ${pattern}`)
  }
  try {
    return bool(new RegExp(pattern, 'u').test(text))
  } catch {
    return unsupported(`the regular expression ${pattern}`)
  }
}

function substring(runes: readonly string[], args: readonly CelValue[]): CelResult {
  const [start, end] = args
  if (start?.kind !== 'int' || (end !== undefined && end.kind !== 'int')) return NO_OVERLOAD
  const to = end?.value ?? BigInt(runes.length)
  for (const index of [start.value, to]) {
    if (index < 0n || index > BigInt(runes.length)) return error(`index out of range: ${index}`)
  }
  if (start.value > to) return error(`invalid substring range. start: ${start.value}, end: ${to}`)
  return string(runes.slice(Number(start.value), Number(to)).join(''))
}

function listMethod(name: string, items: readonly CelValue[], args: readonly CelValue[]): CelResult {
  if (name === 'join' && args.length <= 1) {
    const [separator] = args
    const texts: string[] = []
    for (const item of items) {
      if (item.kind !== 'string') return NO_OVERLOAD
      texts.push(item.value)
    }
    if (separator !== undefined && separator.kind !== 'string') return NO_OVERLOAD
    return string(texts.join(separator?.value ?? ''))
  }
  return METHODS.has(name) ? NO_OVERLOAD : unsupported(`the method ${name} of a list`)
}

function quantityMethod(name: string, amount: Quantity, args: readonly CelValue[]): CelResult {
  const [other] = args
  if (other === undefined) {
    if (name === 'sign') return int(BigInt(quantitySign(amount)))
    if (name === 'asInteger') return int(quantityValue(amount))
    return unsupported(`the method ${name} of a quantity`)
  }
  if (other.kind !== 'quantity') return unsupported(`the method ${name} of a quantity`)
  switch (name) {
    case 'compareTo':
      return int(BigInt(compareQuantity(amount, other.value)))
    case 'isGreaterThan':
      return bool(compareQuantity(amount, other.value) > 0)
    case 'isLessThan':
      return bool(compareQuantity(amount, other.value) < 0)
    case 'add':
      return { kind: 'quantity', value: addQuantity(amount, other.value) }
    case 'sub':
      return { kind: 'quantity', value: subQuantity(amount, other.value) }
    default:
      return unsupported(`the method ${name} of a quantity`)
  }
}

function optionalMethod(name: string, value: CelValue | undefined, args: readonly CelValue[]): CelResult {
  const [other] = args
  switch (name) {
    case 'hasValue':
      return bool(value !== undefined)
    case 'value':
      return value ?? error('optional.none() dereference')
    case 'orValue':
      return value ?? other ?? NO_OVERLOAD
    case 'or':
      return value === undefined ? (other ?? NO_OVERLOAD) : { kind: 'optional', value }
    default:
      return unsupported(`the method ${name} of an optional value`)
  }
}

/** `a + b` and the other operators on numbers, texts and lists. */
export function arithmetic(operator: string, left: CelValue, right: CelValue): CelResult {
  if (left.kind === 'int' && right.kind === 'int') return intArithmetic(operator, left.value, right.value)
  if (left.kind === 'double' && right.kind === 'double') return doubleArithmetic(operator, left.value, right.value)
  if (operator === '+') {
    if (left.kind === 'string' && right.kind === 'string') return string(left.value + right.value)
    if (left.kind === 'list' && right.kind === 'list') return { kind: 'list', items: [...left.items, ...right.items] }
  }
  if (left.kind === 'uint' && right.kind === 'uint') return unsupported('arithmetic of unsigned numbers')
  return NO_OVERLOAD
}

function intArithmetic(operator: string, a: bigint, b: bigint): CelResult {
  if ((operator === '/' || operator === '%') && b === 0n) {
    return error(operator === '/' ? 'division by zero' : 'modulus by zero')
  }
  const result =
    operator === '+' ? a + b : operator === '-' ? a - b : operator === '*' ? a * b : operator === '/' ? a / b : a % b
  return result < MIN_INT || result > MAX_INT ? error('integer overflow') : int(result)
}

function doubleArithmetic(operator: string, a: number, b: number): CelResult {
  switch (operator) {
    case '+':
      return { kind: 'double', value: a + b }
    case '-':
      return { kind: 'double', value: a - b }
    case '*':
      return { kind: 'double', value: a * b }
    case '/':
      return { kind: 'double', value: a / b }
    default:
      return NO_OVERLOAD
  }
}

/** `<`, `<=`, `>` and `>=` on numbers, texts and booleans. */
export function ordering(operator: string, left: CelValue, right: CelValue): CelResult {
  let order = compareNumbers(left, right)
  if (left.kind === 'string' && right.kind === 'string') order = compareTexts(left.value, right.value)
  if (left.kind === 'bool' && right.kind === 'bool') order = Number(left.value) - Number(right.value)
  if (order === undefined) return NO_OVERLOAD
  switch (operator) {
    case '<':
      return bool(order < 0)
    case '<=':
      return bool(order <= 0)
    case '>':
      return bool(order > 0)
    default:
      return bool(order >= 0)
  }
}

/** By code points, as Go compares by bytes of UTF-8. */
function compareTexts(a: string, b: string): number {
  const left = [...a]
  const right = [...b]
  for (let at = 0; at < left.length && at < right.length; at++) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}

function sizeOf(value: CelValue): CelResult {
  switch (value.kind) {
    case 'string':
      return int(BigInt([...value.value].length))
    case 'list':
      return int(BigInt(value.items.length))
    case 'map':
      return int(BigInt((value as CelMap).entries.size))
    default:
      return NO_OVERLOAD
  }
}

function toText(value: CelValue): CelResult {
  switch (value.kind) {
    case 'string':
      return value
    case 'bool':
    case 'int':
    case 'uint':
      return string(String(value.value))
    case 'double':
      return Number.isInteger(value.value) && Math.abs(value.value) < 1e15
        ? string(String(value.value))
        : /^-?[0-9]{1,6}\.[0-9]{1,9}$/.test(String(value.value))
          ? string(String(value.value))
          : unsupported('the text of this number')
    default:
      return unsupported(`the conversion of ${value.kind} to text`)
  }
}

function toInt(value: CelValue): CelResult {
  if (value.kind === 'int') return value
  if (value.kind === 'uint') return value.value > MAX_INT ? error('integer overflow') : int(value.value)
  if (value.kind !== 'string') return unsupported(`the conversion of ${value.kind} to an integer`)
  if (!/^[+-]?[0-9]{1,18}$/.test(value.value)) return error("type conversion error from 'string' to 'int'")
  return int(BigInt(value.value.replace('+', '')))
}

function toDouble(value: CelValue): CelResult {
  if (value.kind === 'double') return value
  if (value.kind === 'int') return { kind: 'double', value: Number(value.value) }
  return unsupported(`the conversion of ${value.kind} to a double`)
}

function toBool(value: CelValue): CelResult {
  if (value.kind === 'bool') return value
  if (value.kind !== 'string') return unsupported(`the conversion of ${value.kind} to a boolean`)
  if (/^(1|t|T|TRUE|true|True)$/.test(value.value)) return bool(true)
  if (/^(0|f|F|FALSE|false|False)$/.test(value.value)) return bool(false)
  return error("type conversion error from 'string' to 'bool'")
}

function toQuantity(value: CelValue): CelResult {
  if (value.kind !== 'string') return NO_OVERLOAD
  const read = parseQuantity(value.value)
  return read.kind === 'error' ? error(read.text) : { kind: 'quantity', value: read }
}

function isZero(value: CelValue): boolean {
  switch (value.kind) {
    case 'null':
      return true
    case 'bool':
      return !value.value
    case 'string':
      return value.value === ''
    case 'int':
    case 'uint':
      return value.value === 0n
    case 'double':
      return value.value === 0
    case 'list':
      return value.items.length === 0
    case 'map':
      return value.entries.size === 0
    case 'object':
      return value.fields.size === 0
    case 'optional':
      return value.value === undefined || isZero(value.value)
    default:
      return false
  }
}

/** The values, or the first that failed. */
export function allOf(
  results: readonly CelResult[],
): readonly CelValue[] | Extract<CelResult, { kind: 'error' | 'unsupported' }> {
  const values: CelValue[] = []
  let failure: Extract<CelResult, { kind: 'error' | 'unsupported' }> | undefined
  for (const result of results) {
    if (result.kind === 'unsupported') return result
    if (isFailure(result)) failure ??= result
    else values.push(result)
  }
  return failure ?? values
}
