export const TAB = 0x09
export const LINE_FEED = 0x0a
export const RETURN = 0x0d
export const SPACE = 0x20
export const BYTE_ORDER_MARK = 0xfeff
const NEXT_LINE = 0x85
const LINE_SEPARATOR = 0x2028
const PARAGRAPH_SEPARATOR = 0x2029

/** A break of YAML 1.1: line feed, carriage return, next line, line separator, paragraph separator. */
export function isBreak(code: number): boolean {
  return (
    code === LINE_FEED ||
    code === RETURN ||
    code === NEXT_LINE ||
    code === LINE_SEPARATOR ||
    code === PARAGRAPH_SEPARATOR
  )
}

export function isBlank(code: number): boolean {
  return code === SPACE || code === TAB
}

/** A break or the text's end, which reads as 0. */
export function isBreakOrEnd(code: number): boolean {
  return code === 0 || isBreak(code)
}

export function isBlankOrEnd(code: number): boolean {
  return code === SPACE || code === TAB || code === 0 || isBreak(code)
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** What an anchor, a directive's name and a tag's handle are made of: letters, digits, `_` and `-`. */
export function isWord(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d
  )
}

/** The value of a hexadecimal digit, -1 if it is none. */
export function hexValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  if (code >= 0x41 && code <= 0x46) return code - 0x37
  if (code >= 0x61 && code <= 0x66) return code - 0x57
  return -1
}

export function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff
}

/** White space as Go's unicode.IsSpace has it. */
export function isGoSpace(code: number): boolean {
  if (code <= 0xff) return (code >= 0x09 && code <= 0x0d) || code === SPACE || code === NEXT_LINE || code === 0xa0
  return (
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x1680 ||
    code === LINE_SEPARATOR ||
    code === PARAGRAPH_SEPARATOR ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  )
}

/** The text without the white space around it, as Go's strings.TrimSpace cuts it. */
export function trimGoSpace(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isGoSpace(text.charCodeAt(start))) start++
  while (end > start && isGoSpace(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}
