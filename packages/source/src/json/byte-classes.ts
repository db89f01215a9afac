export const QUOTE = 0x22
export const BACKSLASH = 0x5c
export const NEWLINE = 0x0a
export const SPACE = 0x20
export const COMMA = 0x2c
export const COLON = 0x3a
export const DASH = 0x2d
export const OPEN_ARRAY = 0x5b
export const CLOSE_ARRAY = 0x5d
export const OPEN_OBJECT = 0x7b
export const CLOSE_OBJECT = 0x7d

function classes(classOf: (byte: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => classOf(byte))
}

export const IN_STRING_QUOTE = 1
export const IN_STRING_ESCAPE = 2
export const IN_STRING_HIGH = 3
export const IN_STRING_CONTROL = 4

/** What a byte inside a string means; 0 is plain text. */
export const IN_STRING = classes(byte => {
  if (byte === QUOTE) return IN_STRING_QUOTE
  if (byte === BACKSLASH) return IN_STRING_ESCAPE
  if (byte < 0x20) return IN_STRING_CONTROL
  return byte >= 0x80 ? IN_STRING_HIGH : 0
})

/** 1 for bytes that a number or a literal is spelled with. */
export const IN_SCALAR = classes(byte => (/[-+.0-9A-Za-z_]/.test(String.fromCharCode(byte)) ? 1 : 0))

export const SKIP_QUOTE = 1
export const SKIP_OPEN = 2
export const SKIP_CLOSE = 3
export const SKIP_NEWLINE = 4

/** What a byte means while a value that nothing reads is passed over; 0 means nothing. */
export const IN_SKIPPED = classes(byte => {
  if (byte === QUOTE) return SKIP_QUOTE
  if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) return SKIP_OPEN
  if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) return SKIP_CLOSE
  return byte === NEWLINE ? SKIP_NEWLINE : 0
})

/** True for space, tab, line feed, carriage return and the record separator of RFC 7464. */
export function isBlank(byte: number): boolean {
  return byte === SPACE || byte === NEWLINE || byte === 0x0d || byte === 0x09 || byte === 0x1e
}

/** What stands between values where a broken one was left out. */
export function isLeftOver(byte: number): boolean {
  return byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || byte === COMMA || byte === COLON
}

/** Whether the key is `items`. */
export function isItems(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start === 5 &&
    bytes[start] === 0x69 &&
    bytes[start + 1] === 0x74 &&
    bytes[start + 2] === 0x65 &&
    bytes[start + 3] === 0x6d &&
    bytes[start + 4] === 0x73
  )
}
