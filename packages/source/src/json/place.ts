import { NEWLINE } from './byte-classes.ts'

/** Column of a position, from 1: characters since the line's start, or bytes where the line's start is released already. */
export function columnAt(bytes: Uint8Array, lineStart: number, at: number): number {
  if (lineStart < 0 || at - lineStart > 10_000) return at - lineStart + 1
  let column = 1
  for (let i = lineStart; i < at; i++) if ((bytes[i]! & 0xc0) !== 0x80) column++
  return column
}

/** Line and column of a position in a value whose own place is known. */
export function placeInside(
  bytes: Uint8Array,
  value: { readonly start: number; readonly line: number; readonly column: number },
  at: number,
): { readonly line: number; readonly column: number } {
  let line = value.line
  let lineStart = -1
  for (let i = value.start; i < at; i++) {
    if (bytes[i] !== NEWLINE) continue
    line++
    lineStart = i + 1
  }
  if (lineStart >= 0) return { line, column: columnAt(bytes, lineStart, at) }
  return { line, column: value.column + columnAt(bytes, value.start, at) - 1 }
}

const MAX_EXCERPT = 160
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/g

/** The line around a position as far as it lies in [from, to), a long one cut; and the position of its first byte. */
export function excerptAt(
  bytes: Uint8Array,
  from: number,
  to: number,
  at: number,
): { readonly text: string; readonly start: number } {
  let start = at
  while (start > from && bytes[start - 1] !== NEWLINE && at - start < MAX_EXCERPT / 2) start--
  while (start < at && (bytes[start]! & 0xc0) === 0x80) start++
  let end = at
  while (end < to && bytes[end] !== NEWLINE && end - start < MAX_EXCERPT) end++
  const text = new TextDecoder().decode(bytes.subarray(start, end))
  return { text: text.replace(/\r$/, '').replace(CONTROLS, '\ufffd'), start }
}
