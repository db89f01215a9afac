import type { StringMap } from '../api/meta.ts'
import { type InstanceType, type Offering, offeringPrice } from '../provisioning/instance-type.ts'
import { Requirement } from '../requirements/requirement.ts'
import { Requirements } from '../requirements/requirements.ts'
import { CAPACITY_TYPE_LABEL, ZONE_LABEL } from '../requirements/well-known-labels.ts'

/** The capacity types by which a NodeClaim is launched, the first that it allows. */
const LAUNCH_ORDER: readonly Requirements[] = ['reserved', 'spot', 'on-demand'].map(type =>
  Requirements.of([Requirement.in(CAPACITY_TYPE_LABEL, [type])]),
)

/**
 * What a running node costs in USD per hour: the offering of its zone and capacity type, available or not; undefined if there is
 * none (`resolveNodePrice`, sigs.k8s.io/karpenter `pkg/controllers/disruption/types.go`, v1.14.1).
 */
export function nodePrice(type: InstanceType | undefined, labels: StringMap): number | undefined {
  if (type === undefined) return undefined
  const price = offeringPrice(type, labels[ZONE_LABEL] ?? '', labels[CAPACITY_TYPE_LABEL] ?? '')
  return price === undefined || Number.isNaN(price) ? undefined : price
}

/** What versions until 1.13 take a running node to cost: the cheapest offering that its labels allow (`getCandidatePrices`, v1.13.0). */
export function leastPrice(
  type: InstanceType | undefined,
  labels: StringMap,
  wellKnown: ReadonlySet<string>,
): number | undefined {
  return type && cheapestOffer(type, Requirements.ofLabels(labels), wellKnown, 'all')
}

/** Offerings that meet the requirements; a label of `wellKnown` may be missing from them (`Offerings.Compatible`). */
function compatible(
  offerings: readonly Offering[],
  requirements: Requirements,
  wellKnown: ReadonlySet<string>,
): readonly Offering[] {
  return offerings.filter(offering => requirements.compatible(offering.requirements, wellKnown))
}

function available({ offerings }: InstanceType): readonly Offering[] {
  return offerings.filter(offering => offering.available)
}

/** Whether any available offering meets the requirements. */
export function isOffered(type: InstanceType, requirements: Requirements, wellKnown: ReadonlySet<string>): boolean {
  return compatible(available(type), requirements, wellKnown).length > 0
}

/** The least price of the offerings that meet the requirements, in USD per hour; undefined if there is none. */
export function cheapestOffer(
  type: InstanceType,
  requirements: Requirements,
  wellKnown: ReadonlySet<string>,
  which: 'available' | 'all',
): number | undefined {
  const offerings = compatible(which === 'all' ? type.offerings : available(type), requirements, wellKnown)
  return offerings.length === 0 ? undefined : Math.min(...offerings.map(({ price }) => price))
}

/**
 * What a type may cost at most when launched, in USD per hour: the dearest available offering of the first of reserved, spot and
 * on-demand that the requirements allow; Number.MAX_VALUE if there is none (`WorstLaunchPrice`, sigs.k8s.io/karpenter
 * `pkg/cloudprovider/types.go`, v1.14.1).
 */
export function worstLaunchPrice(
  type: InstanceType,
  requirements: Requirements,
  wellKnown: ReadonlySet<string>,
): number {
  const offerings = compatible(available(type), requirements, wellKnown)
  for (const capacityType of LAUNCH_ORDER) {
    const launched = compatible(offerings, capacityType, wellKnown)
    if (launched.length > 0) return Math.max(...launched.map(({ price }) => price))
  }
  return Number.MAX_VALUE
}
