import type { ResourceList } from '../api/meta.ts'
import { addQuantity, maxQuantity } from '../quantity/arithmetic.ts'
import { readQuantity } from '../quantity/parse.ts'
import type { Quantity } from '../quantity/types.ts'

/** Exact amounts by resource name. */
export type Quantities = ReadonlyMap<string, Quantity>

/** Amounts that are being summed. */
export type QuantitySums = Map<string, Quantity>

/** The amounts of a resource list. A text that is no quantity is left out: no API server stores one. */
export function readQuantities(list: ResourceList | undefined): Quantities {
  const read: QuantitySums = new Map()
  for (const name in list) {
    const quantity = readQuantity(list[name]!)
    if (quantity.kind === 'quantity') read.set(name, quantity)
  }
  return read
}

/** Adds amounts to sums (`addResourceList`, component-helpers `resource/helpers.go`, v0.36.2). */
export function addAll(sums: QuantitySums, amounts: Quantities): void {
  for (const [name, quantity] of amounts) {
    const sum = sums.get(name)
    sums.set(name, sum === undefined ? quantity : addQuantity(sum, quantity))
  }
}

/** Raises amounts to others that are greater (`maxResourceList`, component-helpers `resource/helpers.go`, v0.36.2). */
export function raiseAll(greatest: QuantitySums, amounts: Quantities): void {
  for (const [name, quantity] of amounts) {
    const known = greatest.get(name)
    greatest.set(name, known === undefined ? quantity : maxQuantity(known, quantity))
  }
}

/** The greatest of each resource. */
export function greatestOf(first: Quantities, ...others: readonly Quantities[]): Quantities {
  const greatest = new Map(first)
  for (const other of others) raiseAll(greatest, other)
  return greatest
}
