import type { Quantities } from '../pod-requests/quantities.ts'
import type { Quantity } from '../quantity/types.ts'

/** Up to here sums are exact in doubles, with room for those that are not foreseen. */
const NARROW_LIMIT = 2 ** 51
/** Where a sum may be larger each cell is two numbers: the upper one counts this many of the lower one, which is not negative. */
const RADIX = 2 ** 50

/**
 * Amounts of all resources of a table, whole numbers of the resource's unit (1, or a power of ten below it), 0 where a list names
 * none. In a wide table the upper parts come first, then the lower ones.
 */
export type AmountRow = Float64Array

interface Column {
  /** The unit is 10 to this power; 0 at most. */
  scale: number
  /** Bound of the sum of all amounts that are summed, in units of 1. */
  total: number
  /** The largest amount, in units of 1. */
  largest: number
}

/** Gathers the amounts that a table is to hold, so that it can choose units in which they and their sums are whole and exact. */
export class AmountTableBuilder {
  private readonly columns = new Map<string, Column>()

  /** Counts amounts that may be summed `times` times; with 0 they are compared only. */
  add(list: Quantities, times = 1): this {
    for (const [name, { unscaled, scale }] of list) {
      let column = this.columns.get(name)
      if (column === undefined) {
        column = { scale: 0, total: 0, largest: 0 }
        this.columns.set(name, column)
      }
      if (scale < column.scale && unscaled !== 0n) column.scale = scale
      const amount = Math.abs(Number(unscaled)) * 10 ** scale
      column.total += amount * times
      if (amount > column.largest) column.largest = amount
    }
    return this
  }

  build(): AmountTable {
    const columns = [...this.columns.values()]
    return new AmountTable(
      [...this.columns.keys()],
      columns.map(({ scale }) => scale),
      columns.some(({ scale, total, largest }) => (total + largest) * 10 ** -scale >= NARROW_LIMIT),
    )
  }
}

/** Exact sums and comparisons of resource lists, as rows of whole numbers (`Merge`, `Subtract` and `Fits`, karpenter `pkg/utils/resources/resources.go`, v1.14.1). */
export class AmountTable {
  readonly names: readonly string[]
  /** Some sum may exceed what a double holds; cells are two numbers. */
  readonly wide: boolean
  private readonly scales: readonly number[]
  private readonly columns: ReadonlyMap<string, number>

  constructor(names: readonly string[], scales: readonly number[], wide: boolean) {
    this.names = names
    this.scales = scales
    this.wide = wide
    this.columns = new Map(names.map((name, index) => [name, index]))
  }

  /** Whether every amount of the list can be held exactly. */
  holds(list: Quantities): boolean {
    for (const [name, { unscaled, scale }] of list) {
      const column = this.columns.get(name)
      if (column === undefined || (unscaled !== 0n && scale < this.scales[column]!)) return false
    }
    return true
  }

  empty(): AmountRow {
    return new Float64Array(this.wide ? 2 * this.names.length : this.names.length)
  }

  row(list: Quantities): AmountRow {
    const row = this.empty()
    for (const [name, quantity] of list) {
      const column = this.columns.get(name)
      if (column !== undefined) this.set(row, column, this.units(quantity, column))
    }
    return row
  }

  columnOf(name: string): number {
    return this.columns.get(name) ?? -1
  }

  private units({ unscaled, scale }: Quantity, column: number): bigint {
    if (unscaled === 0n) return 0n
    return unscaled * 10n ** BigInt(scale - this.scales[column]!)
  }

  private set(row: AmountRow, column: number, units: bigint): void {
    if (!this.wide) {
      row[column] = Number(units)
      return
    }
    const low = BigInt.asUintN(50, units)
    row[column] = Number((units - low) / BigInt(RADIX))
    row[column + this.names.length] = Number(low)
  }

  sum(a: AmountRow, b: AmountRow): AmountRow {
    const sum = new Float64Array(a.length)
    this.sumInto(sum, a, b)
    return sum
  }

  sumInto(sum: AmountRow, a: AmountRow, b: AmountRow): void {
    for (let at = 0; at < a.length; at++) sum[at] = a[at]! + b[at]!
    if (this.wide) this.carry(sum)
  }

  difference(a: AmountRow, b: AmountRow): AmountRow {
    const rest = new Float64Array(a.length)
    for (let at = 0; at < a.length; at++) rest[at] = a[at]! - b[at]!
    if (this.wide) this.carry(rest)
    return rest
  }

  private carry(row: AmountRow): void {
    const width = this.names.length
    for (let column = 0; column < width; column++) {
      const low = row[column + width]!
      if (low >= RADIX) {
        row[column + width] = low - RADIX
        row[column]! += 1
      } else if (low < 0) {
        row[column + width] = low + RADIX
        row[column]! -= 1
      }
    }
  }

  /** −1, 0 or 1 as the resource's amount in `a` is below, equal to or above that in `b`. */
  compare(a: AmountRow, b: AmountRow, column: number): number {
    const upper = a[column]! - b[column]!
    if (upper !== 0 || !this.wide) return Math.sign(upper)
    return Math.sign(a[column + this.names.length]! - b[column + this.names.length]!)
  }

  /** Whether `asked` fits into `total`, of which no amount may be negative. */
  fits(asked: AmountRow, total: AmountRow): boolean {
    const width = this.names.length
    for (let column = 0; column < width; column++) {
      const least = total[column]!
      if (least < 0) return false
      const upper = asked[column]! - least
      if (upper > 0) return false
      if (this.wide && upper === 0 && asked[column + width]! > total[column + width]!) return false
    }
    return true
  }
}
