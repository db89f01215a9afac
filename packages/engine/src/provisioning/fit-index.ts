import type { Quantities } from '../pod-requests/quantities.ts'
import type { AmountRow, AmountTable } from './amount-table.ts'
import { addType, forEachType, intersectTypes, noTypes, type TypeSet } from './type-set.ts'

/** Of one resource: the different amounts that types have, ascending, and for each the types that have at least as much. */
interface Steps {
  readonly column: number
  readonly amounts: Float64Array
  readonly sets: readonly TypeSet[]
}

/**
 * Answers which instance types are large enough, by a search among the different amounts of each resource rather than a look at each
 * type. Costs a few words per type and resource for each of the different amounts.
 */
export class FitIndex {
  private readonly table: AmountTable
  private readonly rows: readonly AmountRow[]
  private readonly steps: readonly Steps[]

  /** None of the amounts may be negative. */
  constructor(table: AmountTable, allocatable: readonly Quantities[]) {
    this.table = table
    this.rows = allocatable.map(list => table.row(list))
    this.steps = table.wide ? [] : table.names.map((_, column) => stepsOf(this.rows, column))
  }

  /** Leaves in `set` the types into which the amounts fit. */
  narrow(set: TypeSet, asked: AmountRow): void {
    if (this.table.wide) {
      forEachType(set, index => {
        if (!this.fits(index, asked)) set[index >>> 5]! &= ~(1 << (index & 31))
      })
      return
    }
    for (const { column, amounts, sets } of this.steps) {
      const amount = asked[column]!
      if (amount <= amounts[0]!) continue
      let low = 1
      let high = amounts.length
      while (low < high) {
        const middle = (low + high) >>> 1
        if (amounts[middle]! < amount) low = middle + 1
        else high = middle
      }
      if (low === amounts.length) set.fill(0)
      else intersectTypes(set, sets[low]!)
    }
  }

  fits(index: number, asked: AmountRow): boolean {
    return this.table.fits(asked, this.rows[index]!)
  }
}

function stepsOf(rows: readonly AmountRow[], column: number): Steps {
  const falling = rows.map((row, index) => ({ amount: row[column]!, index })).sort((a, b) => b.amount - a.amount)
  const amounts: number[] = []
  const sets: TypeSet[] = []
  let set = noTypes(rows.length)
  for (const { amount, index } of falling) {
    if (amounts.at(-1) !== amount) {
      set = set.slice()
      amounts.push(amount)
      sets.push(set)
    }
    addType(set, index)
  }
  return { column, amounts: Float64Array.from(amounts.reverse()), sets: sets.reverse() }
}
