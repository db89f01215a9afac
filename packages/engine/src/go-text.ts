const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['"', '\\"'],
  ['\\', '\\\\'],
])

// JSON decoding in Go leaves none.
const LONE_SURROGATE = /\p{Surrogate}/gu

const UNPRINTABLE = /["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu

/** The text in double quotes as Go's `%q` prints it (`strconv.Quote`, Go 1.26), for error texts that quote a value. */
export function goQuote(text: string): string {
  return `"${text.replace(LONE_SURROGATE, '\ufffd').replace(UNPRINTABLE, escapeRune)}"`
}

function escapeRune(rune: string): string {
  const short = SHORT_ESCAPES.get(rune)
  if (short !== undefined) return short
  const code = rune.codePointAt(0) ?? 0
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0')
}

/** A JSON value as Go's `json.Marshal` prints it: as JSON.stringify, but safe in HTML. */
export function goJson(value: string | readonly string[] | null): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, rune => `\\u${hex(rune.charCodeAt(0), 4)}`)
}

/** Length in bytes of the text in UTF-8, which is what Go's `len` counts. */
export function utf8Length(text: string): number {
  let length = text.length
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x80) continue
    // A surrogate is half of a rune of four bytes; alone it becomes U+FFFD of three.
    if (code < 0x800) length += 1
    else if (code >= 0xd800 && code < 0xdc00 && isLow(text.charCodeAt(at + 1))) {
      length += 2
      at++
    } else length += 2
  }
  return length
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000
}

/** An integer text as `strconv.ParseInt(text, 10, 64)` reads it, or undefined; a bigint only where a double is not exact. */
export function parseInt64(text: string): number | bigint | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined
  if (text.length <= 15) return Number(text) + 0
  const negative = text.startsWith('-')
  const digits = text.replace(/^[+-]/, '').replace(/^0+(?=[0-9])/, '')
  if (digits.length > 19) return undefined
  const value = negative ? -BigInt(digits) : BigInt(digits)
  return value === BigInt.asIntN(64, value) ? value : undefined
}
