import type { Quantities } from '../pod-requests/quantities.ts'
import { quantityOf, quantitySign, subQuantity } from '../quantity/arithmetic.ts'
import type { Requirements } from '../requirements/requirements.ts'
import { CAPACITY_TYPE_LABEL, ZONE_LABEL } from '../requirements/well-known-labels.ts'
import { mergeResources, subtractResources } from './resource-lists.ts'

/** One way to buy an instance type (`Offering`, karpenter `pkg/cloudprovider/types.go`, v1.14.1). */
export interface Offering {
  readonly requirements: Requirements
  readonly zone: string
  readonly capacityType: string
  /** USD per hour. */
  readonly price: number
  readonly available: boolean
  /** How many instances of a reservation are left; 0 of what is not reserved. */
  readonly reservationCapacity: number
}

/** What the kubelet and the system keep of a node's capacity. */
export interface KubeletOverhead {
  readonly kubeReserved: Quantities
  readonly systemReserved: Quantities
  readonly evictionThreshold: Quantities
}

/** A machine that a provider offers (`InstanceType`, karpenter `pkg/cloudprovider/types.go`, v1.14.1). */
export interface InstanceType {
  readonly name: string
  /** The labels that a node of it has or may have; one of several zones is chosen with the offering. */
  readonly requirements: Requirements
  readonly offerings: readonly Offering[]
  readonly capacity: Quantities
  readonly kubeletOverhead: KubeletOverhead
  /** What pods may use; may be negative. */
  readonly allocatable: Quantities
}

/** An instance type with its allocatable: capacity less overhead, and memory less huge pages, which comes to 0 at least. */
export function instanceType(parts: Omit<InstanceType, 'allocatable'>): InstanceType {
  const { kubeReserved, systemReserved, evictionThreshold } = parts.kubeletOverhead
  const overhead = mergeResources([kubeReserved, systemReserved, evictionThreshold])
  const allocatable = new Map(subtractResources(parts.capacity, overhead))
  for (const [name, quantity] of parts.capacity) {
    if (!name.startsWith('hugepages-')) continue
    const memory = subQuantity(allocatable.get('memory') ?? quantityOf(0n, 'DecimalSI'), quantity)
    allocatable.set('memory', quantitySign(memory) < 0 ? quantityOf(0n, 'BinarySI') : memory)
  }
  return { ...parts, allocatable }
}

/** An offering with its zone and capacity type read from its requirements; the first value where there are several, empty where none. */
export function offering(parts: Omit<Offering, 'zone' | 'capacityType'>): Offering {
  return {
    ...parts,
    zone: soleValue(parts.requirements, ZONE_LABEL),
    capacityType: soleValue(parts.requirements, CAPACITY_TYPE_LABEL),
  }
}

function soleValue(requirements: Requirements, key: string): string {
  const requirement = requirements.find(key)
  return requirement === undefined || requirement.complement ? '' : (requirement.values[0] ?? '')
}

/** The price of the first offering of exactly this zone and capacity type, available or not (`OfferingPrice`). */
export function offeringPrice(type: InstanceType, zone: string, capacityType: string): number | undefined {
  return type.offerings.find(one => one.zone === zone && one.capacityType === capacityType)?.price
}
