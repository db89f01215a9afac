import { addQuantity } from '../quantity/arithmetic.ts'
import type { Quantity } from '../quantity/types.ts'

/** From here on a power of ten is not worth a double. */
const MOST_DIGITS = 12

/**
 * A sum of quantities, exact. As long as a double holds it, it is kept as one, `total` × 10^`scale`, which costs a tenth of adding
 * quantities one by one.
 */
export class ResourceSum {
  private exact: Quantity
  private total = 0
  private scale = 0

  constructor(first: Quantity) {
    this.exact = first
    this.split()
  }

  add(quantity: Quantity): void {
    const number = plain(quantity)
    const scale = Math.min(this.scale, quantity.scale)
    const total = scaled(this.total, this.scale - scale) + scaled(number, quantity.scale - scale)
    if (Number.isSafeInteger(total)) {
      this.total = total
      this.scale = scale
    } else {
      this.exact = addQuantity(this.value(), quantity)
      this.split()
    }
  }

  value(): Quantity {
    if (Number.isNaN(this.total)) return this.exact
    return {
      kind: 'quantity',
      format: this.exact.format,
      unscaled: BigInt(this.total),
      scale: this.scale,
      form: 'int64',
    }
  }

  private split(): void {
    this.total = plain(this.exact)
    this.scale = this.exact.scale
  }
}

/** The unscaled amount, NaN where a double does not hold it. */
function plain({ form, unscaled }: Quantity): number {
  if (form !== 'int64') return Number.NaN
  const number = Number(unscaled)
  return Number.isSafeInteger(number) ? number : Number.NaN
}

function scaled(number: number, digits: number): number {
  if (digits === 0) return number
  const result = digits > MOST_DIGITS ? Number.NaN : number * 10 ** digits
  return Number.isSafeInteger(result) ? result : Number.NaN
}
