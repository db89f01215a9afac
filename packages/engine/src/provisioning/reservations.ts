import type { KarpenterDifferences } from '../karpenter-versions.ts'
import type { InstanceType, Offering } from './instance-type.ts'
import type { RequirementState } from './requirement-state.ts'
import { forEachType, type TypeSet } from './type-set.ts'

/** The capacity type of reserved capacity. */
export const RESERVED = 'reserved'

export interface ReservationOptions {
  readonly differences: KarpenterDifferences
  /** The gate ReservedCapacity; without it nothing is reserved. */
  readonly enabled: boolean
  /** Fail rather than take other capacity where a reservation that could be used is taken. */
  readonly strict: boolean
  readonly idLabel: string
  readonly wellKnown: ReadonlySet<string>
}

/** Why nothing could be reserved. */
export interface ReservationRefusal {
  /** `reserved` puts the decision off: nothing is given up for it and no other NodePool is tried. */
  readonly kind: 'reserved' | 'unschedulable'
  readonly text: string
}

export const NO_RESERVATIONS: readonly string[] = []

/**
 * Reservations that are left in a round. A NodeClaim holds one of each that it may be launched into (`ReservationManager`, karpenter
 * `pkg/controllers/provisioning/scheduling/reservationmanager.go`, and `offeringsToReserve`, `nodeclaim.go`, v1.14.1 and v1.15.0).
 */
export class Reservations {
  private readonly options: ReservationOptions
  private readonly capacity = new Map<string, number>()

  constructor(instanceTypes: Iterable<readonly InstanceType[]>, options: ReservationOptions) {
    this.options = options
    for (const types of instanceTypes) {
      for (const { offerings } of types) {
        for (const offering of offerings) {
          if (offering.capacityType !== RESERVED) continue
          const id = this.idOf(offering)
          const known = this.capacity.get(id)
          // Of several NodePools' views of one reservation the smallest counts.
          if (known === undefined || known > offering.reservationCapacity) {
            this.capacity.set(id, offering.reservationCapacity)
          }
        }
      }
    }
  }

  /** Whether there is anything to reserve. */
  get any(): boolean {
    return this.options.enabled && this.capacity.size > 0
  }

  /** The reservations that a NodeClaim of these types would hold, which holds some already. */
  wanted(
    held: readonly string[],
    instanceTypes: readonly InstanceType[],
    types: TypeSet,
    state: RequirementState,
  ): readonly string[] | ReservationRefusal {
    const { differences, strict, wellKnown } = this.options
    const ids: string[] = []
    let compatible = false
    let full = false
    let unreserved = false
    forEachType(types, index => {
      for (const offering of instanceTypes[index]!.offerings) {
        if (!offering.available || !state.requirements.compatible(offering.requirements, wellKnown)) continue
        if (offering.capacityType !== RESERVED) {
          unreserved = true
          continue
        }
        if (!differences.fullReservationFails && offering.reservationCapacity === 0) {
          full = true
          continue
        }
        compatible = true
        const id = this.idOf(offering)
        if (held.includes(id) || (this.capacity.get(id) ?? 0) > 0) ids.push(id)
      }
    })
    if (ids.length > 0) return ids
    if (strict && compatible) return refusal(TAKEN)
    if (full && !compatible && !unreserved) {
      return strict ? refusal(ALL_FULL) : { kind: 'unschedulable', text: ONLY_FULL }
    }
    return strict && held.length > 0 ? refusal(LOST) : NO_RESERVATIONS
  }

  /** Gives a NodeClaim what it wants and takes back what it holds and no longer wants. */
  exchange(held: readonly string[], wanted: readonly string[]): void {
    for (const id of new Set(wanted)) if (!held.includes(id)) this.capacity.set(id, (this.capacity.get(id) ?? 0) - 1)
    for (const id of new Set(held)) if (!wanted.includes(id)) this.capacity.set(id, (this.capacity.get(id) ?? 0) + 1)
  }

  private idOf({ requirements }: Offering): string {
    return requirements.find(this.options.idLabel)?.values[0] ?? ''
  }
}

const TAKEN = 'one or more instance types with compatible reserved offerings are available, but could not be reserved'
const ALL_FULL = 'all compatible reserved offerings are full and no on-demand or spot fallback is available'
const ONLY_FULL = 'the only compatible reserved offering is full; falling through to other NodePools'
const LOST = 'satisfying updated nodeclaim constraints would remove all compatible reserved offering options'

function refusal(text: string): ReservationRefusal {
  return { kind: 'reserved', text }
}
