/** Typed columns that grow by doubling; cells beyond what was written are 0. */
export class GrowableFloat64 {
  cells: Float64Array

  constructor(capacity: number) {
    this.cells = new Float64Array(Math.max(16, capacity))
  }

  set(index: number, value: number): void {
    if (index >= this.cells.length) {
      const larger = new Float64Array(Math.max(index + 1, this.cells.length * 2))
      larger.set(this.cells)
      this.cells = larger
    }
    this.cells[index] = value
  }
}

export class GrowableInt32 {
  cells: Int32Array

  constructor(capacity: number) {
    this.cells = new Int32Array(Math.max(16, capacity))
  }

  set(index: number, value: number): void {
    if (index >= this.cells.length) {
      const larger = new Int32Array(Math.max(index + 1, this.cells.length * 2))
      larger.set(this.cells)
      this.cells = larger
    }
    this.cells[index] = value
  }
}
