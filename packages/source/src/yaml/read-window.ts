import { BYTE_ORDER_MARK, LINE_FEED, RETURN } from './characters.ts'
import { YamlProblem } from './problem.ts'

const RAW_BYTES = 512
/** No look ahead is longer than eight characters, of two units each at most. */
const MARGIN = 16

/**
 * How far libyaml's reader has come in a text that it will not take without a word. It reads 512 bytes at a time and refuses a
 * character when it reads it, which may be before or after another problem is met; and it takes the position for a byte order
 * mark when its buffer starts with one. Both depend on where the buffer starts, hence this mirror of it
 * (go.yaml.in/yaml/v2 v2.4.3, readerc.go `yaml_parser_update_buffer`, yamlprivateh.go `is_bom`).
 */
export class ReadWindow {
  readonly #text: string
  /** Position of the first unit that is not decoded yet. */
  #decoded: number
  #bytesRead: number
  readonly #byteCount: number
  #bytesDecoded: number
  #atEnd = false
  /** NULs that the reader has put behind the text. */
  #padding = 0
  #bufferStart: number

  constructor(text: string, start: number) {
    this.#text = text
    this.#decoded = start
    this.#bufferStart = start
    this.#byteCount = byteLength(text) - countLostReturns(text)
    this.#bytesRead = Math.min(RAW_BYTES, this.#byteCount)
    this.#bytesDecoded = start * 3
    this.#atEnd = this.#byteCount < 3
  }

  get startsWithByteOrderMark(): boolean {
    return this.#bufferStart < this.#decoded && this.#text.charCodeAt(this.#bufferStart) === BYTE_ORDER_MARK
  }

  /** Reads until `count` characters from `pos` on are there; returns the last position that is safe without asking again. */
  load(pos: number, count: number): number {
    let unread = this.#padding - Math.max(0, pos - this.#text.length)
    for (let at = pos; at < this.#decoded; at += this.#unitsAt(at)) unread++
    if (unread < count) this.#bufferStart = pos
    let first = true
    while (unread < count) {
      if (!first || this.#bytesRead === this.#bytesDecoded) this.#readRaw()
      first = false
      unread += this.#decode()
      if (this.#atEnd) {
        this.#padding++
        break
      }
    }
    return this.#decoded - MARGIN
  }

  #readRaw(): void {
    if (this.#bytesRead === this.#byteCount) this.#atEnd = true
    else this.#bytesRead = Math.min(this.#byteCount, this.#bytesDecoded + RAW_BYTES)
  }

  /** Decodes what is read; returns how many characters that is. */
  #decode(): number {
    let characters = 0
    while (this.#bytesDecoded < this.#bytesRead) {
      const units = this.#unitsAt(this.#decoded)
      const code = this.#text.codePointAt(this.#decoded + this.#lost(this.#decoded)) ?? 0
      const width = byteWidth(code)
      if (this.#bytesDecoded + width > this.#bytesRead) break
      if (!isAllowed(code)) {
        const span = { start: this.#decoded, end: this.#decoded + 1 }
        throw new YamlProblem('reader', 'yaml-control-character', 'control characters are not allowed', 0, span)
      }
      this.#bytesDecoded += width
      this.#decoded += units
      characters++
    }
    return characters
  }

  /** The units of the character at the position; a return before a line feed is one with it, LineReader having lost it. */
  #unitsAt(at: number): number {
    return this.#lost(at) + ((this.#text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1)
  }

  #lost(at: number): number {
    return this.#text.charCodeAt(at) === RETURN && this.#text.charCodeAt(at + 1) === LINE_FEED ? 1 : 0
  }
}

function isAllowed(code: number): boolean {
  return (
    (code >= 0x20 && code <= 0x7e) ||
    code === 0x09 ||
    code === 0x0a ||
    code === 0x0d ||
    code === 0x85 ||
    (code >= 0xa0 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    code >= 0x10000
  )
}

function byteWidth(code: number): number {
  if (code < 0x80) return 1
  if (code < 0x800) return 2
  return code < 0x10000 ? 3 : 4
}

function countLostReturns(text: string): number {
  let count = 0
  for (let at = text.indexOf('\r\n'); at >= 0; at = text.indexOf('\r\n', at + 2)) count++
  return count
}

/** How many bytes the text has in UTF-8. */
export function byteLength(text: string, start = 0, end: number = text.length): number {
  let bytes = end - start
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x80) continue
    // Each half of a pair counts two of its four bytes.
    bytes += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2
  }
  return bytes
}
