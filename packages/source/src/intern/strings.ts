import { HashSlots } from './hash-slots.ts'

/** Longer strings, mostly messages, are decoded anew each time. */
const MAX_KEPT_BYTES = 512

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Strings by their UTF-8 bytes: a text that was seen before is given again without being decoded. */
export class StringTable {
  /** Hash of the text that was read last; equal bytes have equal hashes. */
  hash = 0
  /** Whether the text that was read last was no valid UTF-8 or had a bad escape; what is bad reads as U+FFFD. */
  invalid = false
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  private readonly strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true })
  private readonly slots = new HashSlots()
  private readonly texts: string[] = []

  /** The text of ASCII bytes without escapes. `keep` makes equal texts one string: right for all but names and uids. */
  read(bytes: Uint8Array, start: number, end: number, keep: boolean): string {
    this.invalid = false
    const hash = hashBytes(bytes, start, end)
    this.hash = hash
    if (!keep || end - start > MAX_KEPT_BYTES) return this.decoder.decode(bytes.subarray(start, end))
    let slot = this.slots.first(hash)
    for (;;) {
      const entry = this.slots.entryAt(slot)
      if (entry < 0) break
      if (this.slots.hasHash(entry, hash)) {
        const text = this.texts[entry]!
        if (spells(text, bytes, start, end)) return text
      }
      slot = this.slots.next(slot)
    }
    const text = this.decoder.decode(bytes.subarray(start, end))
    this.slots.add(hash)
    this.texts.push(text)
    return text
  }

  /** The text of a JSON string with escapes or with bytes outside ASCII. */
  readCoded(bytes: Uint8Array, start: number, end: number): string {
    this.invalid = false
    this.hash = hashBytes(bytes, start, end)
    const part = bytes.subarray(start, end)
    const raw = this.decode(part)
    if (!raw.includes('\\')) return raw
    try {
      // A lone surrogate becomes U+FFFD, as in Go.
      return String(JSON.parse(`"${raw}"`)).replace(LONE_SURROGATE, '\ufffd')
    } catch {
      this.invalid = true
      return raw.replaceAll('\\', '\ufffd')
    }
  }

  private decode(part: Uint8Array): string {
    try {
      return this.strict.decode(part)
    } catch {
      this.invalid = true
      return this.decoder.decode(part)
    }
  }
}

function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  return hash | 0
}

function spells(text: string, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false
  for (let i = start; i < end; i++) if (text.charCodeAt(i - start) !== bytes[i]) return false
  return true
}
