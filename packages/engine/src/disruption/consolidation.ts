import { satisfiesMinValues } from '../provisioning/min-values.ts'
import { byPrice } from '../provisioning/planned-claim.ts'
import type { PlannedNodeClaim } from '../provisioning/types.ts'
import { Requirement } from '../requirements/requirement.ts'
import type { Requirements } from '../requirements/requirements.ts'
import { CAPACITY_TYPE_LABEL } from '../requirements/well-known-labels.ts'
import { sumPrices } from './balanced.ts'
import type { Candidate } from './candidate.ts'
import type { Attempt } from './command.ts'
import { NarrowedClaim } from './narrowed-claim.ts'
import { isProvisionable } from './pods.ts'
import { cheapestOffer, isOffered, worstLaunchPrice } from './prices.ts'
import type { Simulate, Simulation } from './simulation.ts'

/** What consolidation knows beside the candidates. */
export interface ConsolidationSettings {
  /** Labels that an offering may leave undefined. */
  readonly wellKnownLabels: ReadonlySet<string>
  /** Whether the gate SpotToSpotConsolidation is on. */
  readonly spotToSpot: boolean
}

/** How many cheaper types a single spot node needs before another spot node replaces it, and how many are then offered. */
const SPOT_TO_SPOT_TYPES = 15
/** How many pods an event names. */
const MAX_ERRORS = 5

/**
 * Tries to remove nodes together: their pods fit elsewhere, or on one new node that costs less (`computeConsolidation`,
 * sigs.k8s.io/karpenter `pkg/controllers/disruption/consolidation.go`, v1.14.1). Texts are those of Karpenter's events, which it
 * writes for single nodes only.
 */
export function consolidate(
  candidates: readonly Candidate[],
  simulate: Simulate,
  settings: ConsolidationSettings,
  now: number,
): Attempt {
  const simulation = simulate(candidates, { now, consolidation: true })
  if (simulation === undefined) return none(undefined)
  const text = unplacedText(simulation)
  if (text !== undefined) return none(sentence(text))
  const [claim, ...more] = simulation.claims
  const price = priceOf(candidates)
  if (claim === undefined) {
    return {
      kind: 'command',
      command: { decision: 'delete', candidates, replacements: [], simulation, savings: price },
    }
  }
  if (more.length > 0) return none(`Can't remove without creating ${simulation.claims.length} candidates`)
  const replacement = cheaper(claim, candidates, price, settings)
  if (typeof replacement === 'string') return none(replacement)
  const replaced = { ...simulation, claims: [replacement] }
  return {
    kind: 'command',
    command: {
      decision: 'replace',
      candidates,
      replacements: [replacement],
      simulation: replaced,
      savings: savingsOf(price, [replacement], settings.wellKnownLabels),
    },
  }
}

/** Until 1.13 one node without a price makes them all free, so that nothing is cheaper. */
function priceOf(candidates: readonly Candidate[]): number {
  const free = candidates.some(({ rules, price }) => rules.price === 'cheapestCompatible' && price === undefined)
  return free ? 0 : sumPrices(candidates)
}

function none(text: string | undefined): Attempt {
  return { kind: 'none', text }
}

/** The claim with only what costs less than the nodes that it replaces, or why nothing does. */
function cheaper(
  claim: PlannedNodeClaim,
  candidates: readonly Candidate[],
  price: number,
  { wellKnownLabels, spotToSpot }: ConsolidationSettings,
): PlannedNodeClaim | string {
  const sorted = byPrice(claim.instanceTypes, claim.requirements, wellKnownLabels)
  const capacityType = claim.requirements.get(CAPACITY_TYPE_LABEL)
  const allSpot = candidates.every(candidate => candidate.capacityType === 'spot')
  if (!allSpot || !capacityType.has('spot')) {
    const filtered = withoutDearer(new NarrowedClaim(claim, sorted), price, wellKnownLabels)
    // The prices are those of spot: if spot cannot be had, a dearer on-demand node must not be launched instead.
    const mixed = capacityType.has('spot') && capacityType.has('on-demand')
    if (typeof filtered === 'string' || !mixed) return filtered
    return new NarrowedClaim(claim, filtered.instanceTypes, spotOnly(claim.requirements))
  }
  if (!spotToSpot) return "SpotToSpotConsolidation is disabled, can't replace a spot node with a spot node"
  const requirements = spotOnly(claim.requirements)
  const offered = sorted.filter(type => isOffered(type, requirements, wellKnownLabels))
  const filtered = withoutDearer(new NarrowedClaim(claim, offered, requirements), price, wellKnownLabels)
  if (typeof filtered === 'string' || candidates.length > 1) return filtered
  const { instanceTypes } = filtered
  if (instanceTypes.length < SPOT_TO_SPOT_TYPES) {
    return `SpotToSpotConsolidation requires ${SPOT_TO_SPOT_TYPES} cheaper instance type options than the current candidate to consolidate, got ${instanceTypes.length}`
  }
  const { needed } = satisfiesMinValues(instanceTypes, requirements)
  return new NarrowedClaim(claim, instanceTypes.slice(0, Math.max(SPOT_TO_SPOT_TYPES, needed)), requirements)
}

function spotOnly(requirements: Requirements): Requirements {
  return requirements.add([Requirement.in(CAPACITY_TYPE_LABEL, ['spot'])])
}

function withoutDearer(
  claim: PlannedNodeClaim,
  price: number,
  wellKnown: ReadonlySet<string>,
): PlannedNodeClaim | string {
  const filtered = removeByPrice(claim, price, wellKnown)
  if (typeof filtered === 'string') return `Filtering by price: ${filtered}`
  return filtered.instanceTypes.length === 0 ? "Can't replace with a cheaper node" : filtered
}

/**
 * The claim with only the types that are sure to cost less than `maxPrice` (USD per hour), or why their variety is then too small
 * (`RemoveInstanceTypeOptionsByPriceAndMinValues`, `pkg/controllers/provisioning/scheduling/nodeclaim.go`, v1.14.1).
 */
export function removeByPrice(
  claim: PlannedNodeClaim,
  maxPrice: number,
  wellKnown: ReadonlySet<string>,
): PlannedNodeClaim | string {
  const { requirements } = claim
  const instanceTypes = claim.instanceTypes.filter(type => worstLaunchPrice(type, requirements, wellKnown) < maxPrice)
  const { unmet } = satisfiesMinValues(instanceTypes, requirements)
  if (unmet.size > 0) return `minValues requirement is not met for label(s) (label(s)=[${[...unmet.keys()].join(' ')}])`
  return new NarrowedClaim(claim, instanceTypes)
}

/** What a command saves in USD per hour; a replacement without an available offering counts 0 (`EstimatedSavings`). */
export function savingsOf(
  price: number,
  replacements: readonly PlannedNodeClaim[],
  wellKnown: ReadonlySet<string>,
): number {
  let spent = 0
  for (const { instanceTypes, requirements } of replacements) {
    const [first] = instanceTypes
    if (first !== undefined) spent += cheapestOffer(first, requirements, wellKnown, 'available') ?? 0
  }
  return price - spent
}

/** Why pods that had a node would have none, in Karpenter's words; undefined if each has one (`NonPendingPodSchedulingErrors`). */
export function unplacedText({ unplaced }: Simulation): string | undefined {
  const errors = unplaced.filter(({ pod }) => !isProvisionable(pod))
  if (errors.length === 0) return undefined
  const named = errors
    .slice(0, MAX_ERRORS)
    .map(({ pod, text }) => `${pod.metadata.namespace ?? 'default'}/${pod.metadata.name ?? ''} => ${text} `)
  // Upstream counts the rest also where there is none.
  const rest = errors.length >= MAX_ERRORS ? ` and ${errors.length - MAX_ERRORS} other(s)` : ''
  return `not all pods would schedule, ${named.join('')}${rest}`
}

/** With its first letter in upper case, as events have it. */
export function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
