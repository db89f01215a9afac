import { SPACE } from './byte-classes.ts'

const FIRST_BYTES = 1 << 12
const FOUR_SPACES = 0x20202020

/** Bytes that arrived and are not released yet, in one piece. Positions count from the first of them. */
export class ByteWindow {
  bytes = new Uint8Array(FIRST_BYTES)
  /** Position behind the last byte. */
  end = 0
  /** First position that may still be asked for; what is before it goes when room is needed. */
  keepFrom = 0
  /** The same memory four bytes at a time. */
  private words = new Uint32Array(this.bytes.buffer)

  /** Adds a chunk and returns by how much all positions have become smaller. */
  append(chunk: Uint8Array): number {
    const shift = this.end + chunk.length > this.bytes.length ? this.release() : 0
    const needed = this.end + chunk.length
    if (needed > this.bytes.length) {
      let size = this.bytes.length
      while (size < needed) size *= 2
      const grown = new Uint8Array(size)
      grown.set(this.bytes.subarray(0, this.end))
      this.bytes = grown
      this.words = new Uint32Array(grown.buffer)
    }
    this.bytes.set(chunk, this.end)
    this.end = needed
    return shift
  }

  /** The first position from `at` that holds no space. Indented dumps are spaces for the most part. */
  skipSpaces(at: number): number {
    const { bytes, words, end } = this
    while (at < end && bytes[at] === SPACE) {
      if ((at & 3) !== 0 || end - at < 4) at++
      else {
        const lastWord = end >> 2
        let word = at >> 2
        while (word < lastWord && words[word] === FOUR_SPACES) word++
        if (word << 2 === at) at++
        else at = word << 2
      }
    }
    return at
  }

  private release(): number {
    const shift = this.keepFrom
    if (shift === 0) return 0
    this.bytes.copyWithin(0, shift, this.end)
    this.end -= shift
    this.keepFrom = 0
    return shift
  }
}
