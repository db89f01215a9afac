import { ARRAY, OBJECT } from './tape.ts'

const FIRST_CELLS = 1 << 10

/** The cells of a tape while it is written. */
export class TokenBuffer {
  cells = new Int32Array(FIRST_CELLS)
  count = 0

  add(start: number, tail: number): void {
    const at = 2 * this.count
    if (at + 2 > this.cells.length) {
      const grown = new Int32Array(this.cells.length * 2)
      grown.set(this.cells)
      this.cells = grown
    }
    this.cells[at] = start
    this.cells[at + 1] = tail
    this.count++
  }

  /** The object or array at `token` ends before the next token. */
  close(token: number, type: typeof OBJECT | typeof ARRAY): void {
    this.cells[2 * token + 1] = (this.count << 3) | type
  }

  shift(by: number): void {
    for (let token = 0; token < this.count; token++) {
      this.cells[2 * token]! -= by
      const tail = this.cells[2 * token + 1]!
      const type = tail & 7
      if (type !== OBJECT && type !== ARRAY) this.cells[2 * token + 1] = tail - (by << 3)
    }
  }
}
