import type { NodePool } from '../api/karpenter.ts'
import { type Quantities, readQuantities } from '../pod-requests/quantities.ts'
import type { Quantity } from '../quantity/types.ts'
import type { InstanceType } from './instance-type.ts'
import { forEachType, hasType, type TypeSet } from './type-set.ts'

/** Amounts in 10^-9 of a unit. */
type Nano = bigint

/** What the types of a NodePool have of one resource. */
interface Capacities {
  /** By type. */
  readonly amounts: readonly Nano[]
  /** Types by amount descending. */
  readonly largestFirst: readonly number[]
}

/**
 * What NodePools may still add within their limits. Each new NodeClaim counts as the largest of its types, whatever it becomes
 * (`subtractMax`, `filterByRemainingResources` and `updateRemainingResources`, karpenter
 * `pkg/controllers/provisioning/scheduling/scheduler.go`, v1.14.1).
 */
export class Limits {
  private readonly remaining = new Map<string, Map<string, Nano>>()
  private readonly capacities = new Map<readonly InstanceType[], Map<string, Capacities>>()

  constructor(pools: readonly NodePool[]) {
    for (const { metadata, spec } of pools) {
      const limits = new Map<string, Nano>()
      for (const [name, quantity] of readQuantities(spec?.limits)) limits.set(name, nano(quantity))
      this.remaining.set(metadata.name ?? '', limits)
    }
  }

  /** Counts a node that is there. */
  charge(pool: string | undefined, capacity: Quantities): void {
    const limits = pool === undefined ? undefined : this.remaining.get(pool)
    if (limits === undefined) return
    for (const [name, left] of limits) {
      const quantity = capacity.get(name)
      if (quantity !== undefined) limits.set(name, left - nano(quantity))
    }
  }

  /** Whether the NodePool may add no node at all. */
  noNodesLeft(pool: string): boolean {
    return this.remaining.get(pool)?.get('nodes') === 0n
  }

  /** The types that are small enough; the same set where all are. */
  within(pool: string, instanceTypes: readonly InstanceType[], types: TypeSet): TypeSet {
    let kept = types
    for (const [name, left] of this.remaining.get(pool) ?? []) {
      const { amounts, largestFirst } = this.capacitiesOf(instanceTypes, name)
      if (amounts[largestFirst[0] ?? -1]! <= left) continue
      if (kept === types) kept = types.slice()
      forEachType(types, index => {
        if (amounts[index]! > left) kept[index >>> 5]! &= ~(1 << (index & 31))
      })
    }
    return kept
  }

  /** Counts a new NodeClaim of these types. */
  take(pool: string, instanceTypes: readonly InstanceType[], types: TypeSet): void {
    const limits = this.remaining.get(pool)
    if (limits === undefined) return
    for (const [name, left] of limits) {
      const { amounts, largestFirst } = this.capacitiesOf(instanceTypes, name)
      const largest = largestFirst.find(index => hasType(types, index))
      if (largest !== undefined) limits.set(name, left - amounts[largest]!)
    }
  }

  private capacitiesOf(instanceTypes: readonly InstanceType[], name: string): Capacities {
    let byName = this.capacities.get(instanceTypes)
    if (byName === undefined) {
      byName = new Map()
      this.capacities.set(instanceTypes, byName)
    }
    let capacities = byName.get(name)
    if (capacities === undefined) {
      const amounts = instanceTypes.map(({ capacity }) => {
        const quantity = capacity.get(name)
        return quantity === undefined ? 0n : nano(quantity)
      })
      const largestFirst = amounts
        .map((_, index) => index)
        .sort((a, b) => (amounts[a]! < amounts[b]! ? 1 : amounts[a]! > amounts[b]! ? -1 : 0))
      capacities = { amounts, largestFirst }
      byName.set(name, capacities)
    }
    return capacities
  }
}

function nano({ unscaled, scale }: Quantity): Nano {
  return unscaled === 0n ? 0n : unscaled * 10n ** BigInt(scale + 9)
}
