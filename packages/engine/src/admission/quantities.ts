import type { QuantityText, ResourceList } from '../api/meta.ts'
import { addQuantity, formatQuantity, maxQuantity, type Quantity, quantityOf, readQuantity } from '../quantity.ts'
import { sortedKeys } from './json.ts'

/** Quantities by resource name, in the order of the names. */
export type Quantities = ReadonlyMap<string, Quantity>

const ZERO = quantityOf(0n, 'DecimalSI')

/** Reads a quantity that the decoder has accepted. */
export function quantity(text: QuantityText): Quantity {
  const read = readQuantity(text)
  return read.kind === 'error' ? ZERO : read
}

/** Reads a resource list; names are sorted, as upstream walks it in random order. */
export function quantities(list: ResourceList | undefined): Quantities {
  return new Map(sortedKeys(list).map(name => [name, quantity(list?.[name] ?? 0)]))
}

/** The resource list again, each quantity as Go prints it. */
export function resourceList(list: Quantities): ResourceList {
  return Object.fromEntries([...list].map(([name, amount]) => [name, formatQuantity(amount)]))
}

/** Adds to the sums, name by name. */
export function addTo(sums: Map<string, Quantity>, list: Quantities): void {
  for (const [name, amount] of list) {
    const sum = sums.get(name)
    sums.set(name, sum === undefined ? amount : addQuantity(sum, amount))
  }
}

/** Raises each name to at least the amount in the list. */
export function raiseTo(maxima: Map<string, Quantity>, list: Quantities): void {
  for (const [name, amount] of list) {
    const maximum = maxima.get(name)
    maxima.set(name, maximum === undefined ? amount : maxQuantity(maximum, amount))
  }
}
