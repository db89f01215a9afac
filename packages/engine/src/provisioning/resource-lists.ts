import type { Pod } from '../api/core.ts'
import type { KarpenterDifferences } from '../karpenter-versions.ts'
import { type Quantities, type QuantitySums, raiseAll } from '../pod-requests/quantities.ts'
import { boundRequests, podRequests } from '../pod-requests.ts'
import { compareQuantity, quantityOf, quantitySign, subQuantity } from '../quantity/arithmetic.ts'
import { ResourceSum } from './resource-sum.ts'

// Sums of resource lists as Karpenter makes them, exact (karpenter `pkg/utils/resources/resources.go`, v1.14.1). A resource that a
// list does not name counts as 0 where amounts are compared.

const NO_AMOUNTS: Quantities = new Map()
const ZERO = quantityOf(0n, 'DecimalSI')

/** The sum of each resource that any list names (`Merge`). */
export function mergeResources(lists: Iterable<Quantities>): Quantities {
  const sums = new Map<string, ResourceSum>()
  for (const list of lists) {
    for (const [name, quantity] of list) {
      const sum = sums.get(name)
      if (sum === undefined) sums.set(name, new ResourceSum(quantity))
      else sum.add(quantity)
    }
  }
  return new Map([...sums].map(([name, sum]) => [name, sum.value()]))
}

/** What is left of each resource of `from`; what only `taken` names is left out (`Subtract`). */
export function subtractResources(from: Quantities, taken: Quantities): Quantities {
  const rest: QuantitySums = new Map()
  for (const [name, quantity] of from) {
    const less = taken.get(name)
    rest.set(name, less === undefined ? quantity : subQuantity(quantity, less))
  }
  return rest
}

/** What is left of each resource that either names, at least 0 (`SubtractFrom`, then as `NewExistingNode` clamps it). */
export function subtractToZero(from: Quantities, taken: Quantities): Quantities {
  const rest = new Map(subtractResources(from, taken))
  for (const name of taken.keys()) if (!rest.has(name)) rest.set(name, ZERO)
  for (const [name, quantity] of rest) if (quantitySign(quantity) < 0) rest.set(name, ZERO)
  return rest
}

/** The greatest amount of each resource that any list names (`MaxResources`). */
export function maxResources(lists: Iterable<Quantities>): Quantities {
  const greatest: QuantitySums = new Map()
  for (const list of lists) raiseAll(greatest, list)
  return greatest
}

/** The smallest amount of each resource that all lists name (`MinResources`). */
export function minResources(lists: Iterable<Quantities>): Quantities {
  let smallest: QuantitySums | undefined
  for (const list of lists) {
    if (smallest === undefined) {
      smallest = new Map(list)
      continue
    }
    for (const [name, quantity] of smallest) {
      const other = list.get(name)
      if (other === undefined) smallest.delete(name)
      else if (compareQuantity(other, quantity) < 0) smallest.set(name, other)
    }
  }
  return smallest ?? NO_AMOUNTS
}

/** Whether some amount is below 0, which keeps every pod away. */
export function hasNegative(list: Quantities): boolean {
  for (const quantity of list.values()) if (quantitySign(quantity) < 0) return true
  return false
}

/** Whether `asked` fits into `total`: no amount of `total` is negative, and each that is asked for is there (`Fits`). */
export function resourcesFit(asked: Quantities, total: Quantities): boolean {
  if (hasNegative(total)) return false
  for (const [name, quantity] of asked) if (compareQuantity(quantity, total.get(name) ?? ZERO) > 0) return false
  return true
}

/** What one pod asks for, with 1 of `pods`; until 1.13 from its spec alone (`Ceiling`, `RequestsForPods`). */
export function requestsOfPod(pod: Pod, differences: KarpenterDifferences): Quantities {
  // Karpenter sums with the helpers of 1.35, which count what statuses report as 1.36 does.
  const requests = new Map(differences.statusResources ? boundRequests(pod, '1.36') : podRequests(pod))
  return requests.set('pods', quantityOf(1n, 'DecimalSI'))
}

/** The sum of what pods ask for; `pods` is always there, 0 for no pod. */
export function requestsOfPods(requests: readonly Quantities[]): Quantities {
  return requests.length === 0 ? new Map([['pods', ZERO]]) : mergeResources(requests)
}
