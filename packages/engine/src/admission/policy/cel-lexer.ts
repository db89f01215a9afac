/** A token of CEL; `at` is its place in the text. */
export interface CelToken {
  readonly kind: 'ident' | 'int' | 'uint' | 'double' | 'string' | 'symbol' | 'end'
  /** Of a string its content, of everything else what is written. */
  readonly text: string
  readonly at: number
}

interface CelLexError {
  readonly kind: 'error'
  readonly text: string
}

const SYMBOLS = ['&&', '||', '==', '!=', '<=', '>=', ...'.,:?()[]{}<>+-*/%!'] as const
const NUMBER = /^(?:0x[0-9a-fA-F]+u?|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?u?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)/
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '?': '?',
  "'": "'",
  '"': '"',
  '`': '`',
}

/** Cuts an expression into tokens, the last of which is `end`; bytes literals are not known (CEL language definition, "Syntax"). */
export function lexCel(text: string): readonly CelToken[] | CelLexError {
  const tokens: CelToken[] = []
  let at = 0
  while (at < text.length) {
    const blank = /^(?:[\t\n\f\r ]+|\/\/[^\n]*)/.exec(text.slice(at))
    if (blank !== null) {
      at += blank[0].length
      continue
    }
    const token = stringAt(text, at) ?? plainAt(text, at)
    if (token === undefined) return { kind: 'error', text: `character ${at} of the expression` }
    if ('error' in token) return { kind: 'error', text: token.error }
    tokens.push(token.token)
    at += token.length
  }
  tokens.push({ kind: 'end', text: '', at })
  return tokens
}

type Lexed = { readonly token: CelToken; readonly length: number } | { readonly error: string }

function plainAt(text: string, at: number): Lexed | undefined {
  const rest = text.slice(at)
  const ident = /^[_a-zA-Z][_a-zA-Z0-9]*/.exec(rest)?.[0]
  if (ident !== undefined) return { token: { kind: 'ident', text: ident, at }, length: ident.length }
  const number = NUMBER.exec(rest)?.[0]
  if (number !== undefined) {
    const isHex = number.startsWith('0x')
    const kind = number.endsWith('u') ? 'uint' : !isHex && /[.eE]/.test(number) ? 'double' : 'int'
    return { token: { kind, text: kind === 'uint' ? number.slice(0, -1) : number, at }, length: number.length }
  }
  const symbol = SYMBOLS.find(each => rest.startsWith(each))
  return symbol === undefined ? undefined : { token: { kind: 'symbol', text: symbol, at }, length: symbol.length }
}

function stringAt(text: string, at: number): Lexed | undefined {
  const opening = /^([rR]?)("""|'''|"|')/.exec(text.slice(at))
  if (opening === null) return /^[bB][rR]?["']/.test(text.slice(at)) ? { error: 'a literal of bytes' } : undefined
  const [start, raw = '', quote = ''] = opening
  let content = ''
  let i = at + start.length
  for (;;) {
    if (i >= text.length) return { error: 'a string without end' }
    if (text.startsWith(quote, i)) break
    if (quote.length === 1 && text[i] === '\n') return { error: 'a string without end' }
    if (raw !== '' || text[i] !== '\\') {
      content += text[i]
      i++
      continue
    }
    const escaped = escapeAt(text, i + 1)
    if (escaped === undefined) return { error: `an escape at character ${i}` }
    content += escaped.text
    i += 1 + escaped.length
  }
  return { token: { kind: 'string', text: content, at }, length: i + quote.length - at }
}

function escapeAt(text: string, at: number): { readonly text: string; readonly length: number } | undefined {
  const rest = text.slice(at, at + 9)
  const simple = SIMPLE_ESCAPES[rest[0] ?? '']
  if (simple !== undefined) return { text: simple, length: 1 }
  const match = /^(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))/.exec(rest)
  if (match === null) return undefined
  const [all, hex, short, long, octal] = match
  const code = octal === undefined ? Number.parseInt(hex ?? short ?? long ?? '', 16) : Number.parseInt(octal, 8)
  if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined
  return { text: String.fromCodePoint(code), length: all.length }
}
