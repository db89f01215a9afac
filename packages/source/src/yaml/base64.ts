const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const NO_DIGIT = 64
const DIGITS = new Uint8Array(128).fill(NO_DIGIT)
for (let digit = 0; digit < ALPHABET.length; digit++) DIGITS[ALPHABET.charCodeAt(digit)] = digit

/** Decodes as Go's base64.StdEncoding does: breaks do not count, padding must be there; undefined if it is malformed. */
export function decodeBase64(text: string): Uint8Array | undefined {
  const plain = text.replace(/[\r\n]+/g, '')
  if (plain.length % 4 !== 0) return undefined
  let length = plain.length
  if (plain.endsWith('==')) length -= 2
  else if (plain.endsWith('=')) length--
  const bytes = new Uint8Array(Math.floor((length * 3) / 4))
  let at = 0
  let bits = 0
  let count = 0
  for (let i = 0; i < length; i++) {
    const digit = DIGITS[plain.charCodeAt(i)] ?? NO_DIGIT
    if (digit === NO_DIGIT) return undefined
    bits = ((bits << 6) | digit) & 0xffffff
    count += 6
    if (count >= 8) {
      count -= 8
      bytes[at++] = (bits >> count) & 0xff
    }
  }
  return bytes
}

/** The bytes as text. A byte that is not part of valid UTF-8 becomes the low surrogate U+DC00 + byte. */
export function decodeUtf8(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const width = sequenceWidth(bytes, at)
    if (width === 0) {
      parts.push(String.fromCharCode(0xdc00 + (bytes[at] ?? 0)))
      at++
      continue
    }
    let code = width === 1 ? (bytes[at] ?? 0) : (bytes[at] ?? 0) & (0x7f >> width)
    for (let i = 1; i < width; i++) code = code * 64 + ((bytes[at + i] ?? 0) & 0x3f)
    parts.push(String.fromCodePoint(code))
    at += width
  }
  return parts.join('')
}

/** How many bytes the valid character at the position has, 0 if there is none. */
function sequenceWidth(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0
  if (lead < 0x80) return 1
  const width = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
  if (lead < 0xc2 || lead > 0xf4) return 0
  const second = bytes[at + 1] ?? 0
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < lowest || second > highest) return 0
  for (let i = 2; i < width; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0
  return width
}
