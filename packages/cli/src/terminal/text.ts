/** Characters that move the cursor, hide or reorder text: controls, format characters (zero-width, bidirectional), line separators, lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Text from a cluster made harmless for a terminal: what would act on it is shown as an escape. */
export function harmless(text: string): string {
  return text.replace(UNSAFE, escapeOf)
}

/** JSON text whose strings cannot act on a terminal either; the parsed value is the same. */
export function harmlessJson(json: string): string {
  return json.replace(UNSAFE, character => (character === '\n' ? character : unicodeEscape(character)))
}

function escapeOf(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\t') return '\\t'
  if (character === '\r') return '\\r'
  return unicodeEscape(character)
}

/** `\\u001b`; two of them for a character outside the basic plane, as in JSON. */
function unicodeEscape(character: string): string {
  return Array.from(
    { length: character.length },
    (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
  ).join('')
}

const ASCII_FOR: Readonly<Record<string, string>> = {
  '✗': 'x',
  '✓': '+',
  '…': '..',
  '·': '-',
  '→': '->',
  '×': 'x',
  '≥': '>=',
  '≤': '<=',
  '−': '-',
  '–': '-',
  '’': "'",
}

/** The same text for a terminal that shows ASCII only; what has no likeness becomes an escape. */
export function ascii(text: string): string {
  return text.replace(/\P{ASCII}/gu, character => ASCII_FOR[character] ?? unicodeEscape(character))
}

/** Columns that the text takes; East Asian wide characters and emoji take two, combining marks none. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x300) return 1
  if (/\p{Mn}|\p{Me}/u.test(character)) return 0
  return isWide(code) ? 2 : 1
}

/** Blocks of Unicode that terminals draw two columns wide (UAX 11, classes W and F, by block). */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  )
}
