import type { Pod } from '../api/core.ts'
import type { NodePool } from '../api/karpenter.ts'
import { goSort } from '../go-sort.ts'
import type { KarpenterDifferences } from '../karpenter-versions.ts'
import type { Quantities } from '../pod-requests/quantities.ts'
import { Requirement } from '../requirements/requirement.ts'
import type { Requirements } from '../requirements/requirements.ts'
import { CAPACITY_TYPE_LABEL } from '../requirements/well-known-labels.ts'
import type { Choices } from './choices.ts'
import { type Claim, listTypes } from './claim.ts'
import type { InstanceType, Offering } from './instance-type.ts'
import { satisfiesMinValues } from './min-values.ts'
import { wrapped } from './pod-volumes.ts'
import { minValuesText } from './refusals.ts'
import { RESERVED } from './reservations.ts'
import { mergeResources, minResources } from './resource-lists.ts'
import { intersectTypes, isEmptySet } from './type-set.ts'
import type { ClaimDaemonGroup, PlannedNodeClaim, PodFailure } from './types.ts'
import type { PoolGroup, ResolvedSettings } from './world.ts'

/**
 * The NodeClaims of a round as they would be made: reserved ones narrowed, types by price and no more than may be named. One whose
 * types are then too little varied is left out, and its pods fail (`FinalizeScheduling`, karpenter
 * `pkg/controllers/provisioning/scheduling/nodeclaim.go`, and `TruncateInstanceTypes`, `scheduler.go`, v1.14.1).
 */
export function plannedClaims(
  claims: readonly Claim[],
  settings: ResolvedSettings,
  errors: Map<Pod, PodFailure>,
): readonly PlannedNodeClaim[] {
  const orders = new Map<readonly PoolGroup[], readonly PoolGroup[]>()
  const orderOf = (groups: readonly PoolGroup[]): readonly PoolGroup[] => {
    let order = orders.get(groups)
    if (order === undefined) {
      order = shuffled(groups, settings.choices)
      orders.set(groups, order)
    }
    return order
  }
  const prices: PriceTable = new Map()
  return claims.flatMap(claim => {
    const planned = new Planned(claim, orderOf(claim.pool.groups), settings, prices)
    if (settings.minValuesPolicy === 'BestEffort' || !planned.requirements.hasMinValues) return [planned]
    const { unmet } = satisfiesMinValues(planned.instanceTypes, planned.requirements, settings.differences)
    if (unmet.size === 0) return [planned]
    const text = wrapped(
      `pod didn’t schedule because NodePool couldn’t meet minValues requirements, validating minValues, ${minValuesText(
        unmet.keys(),
        settings.choices,
      )}`,
      { NodePool: claim.pool.name },
    )
    for (const pod of claim.pods) errors.set(pod, { kind: 'unschedulable', texts: [text] })
    return []
  })
}

/** Groups in one of their orders; upstream walks a map. */
function shuffled(groups: readonly PoolGroup[], choices: Choices): readonly PoolGroup[] {
  if (groups.length < 2) return groups
  const left = [...groups]
  const order: PoolGroup[] = []
  while (left.length > 0) {
    const next = left.length < 2 ? 0 : choices.pick('daemon-group-order', left.length)
    order.push(...left.splice(next, 1))
  }
  return order
}

/** The cheapest prices of types under requirements that many NodeClaims share. */
type PriceTable = Map<Requirements, Map<InstanceType, number>>

/** A NodeClaim of a round; what takes time is worked out when it is asked for. */
class Planned implements PlannedNodeClaim {
  readonly nodePool: NodePool
  readonly nodePoolName: string
  readonly pods: readonly Pod[]
  readonly requirements: Requirements
  private readonly claim: Claim
  private readonly groups: readonly PoolGroup[]
  private readonly settings: ResolvedSettings
  private readonly prices: PriceTable
  private ordered: readonly InstanceType[] | undefined

  constructor(claim: Claim, groups: readonly PoolGroup[], settings: ResolvedSettings, prices: PriceTable) {
    const { pool, state, reserved } = claim
    this.claim = claim
    this.groups = groups
    this.settings = settings
    this.prices = prices
    this.nodePool = pool.template.nodePool
    this.nodePoolName = pool.name
    this.pods = claim.pods
    this.requirements =
      reserved.length === 0
        ? state.requirements
        : state.requirements
            .replace([Requirement.in(CAPACITY_TYPE_LABEL, [RESERVED])])
            .add([Requirement.in(settings.reservationIdLabel, reserved)])
  }

  get instanceTypes(): readonly InstanceType[] {
    this.ordered ??= this.byPrice().slice(0, this.settings.maxInstanceTypes)
    return this.ordered
  }

  /** Its types, group by group before they are sorted, which shows where prices are equal. */
  private byPrice(): readonly InstanceType[] {
    const { pool, types } = this.claim
    const left = this.groups.flatMap(group => {
      const ofGroup = types.slice()
      intersectTypes(ofGroup, group.types)
      return listTypes(pool.instanceTypes, ofGroup)
    })
    let prices = this.prices.get(this.requirements)
    if (prices === undefined) {
      prices = new Map()
      this.prices.set(this.requirements, prices)
    }
    const { rules, differences } = this.settings
    const priced = left.map(type => {
      let price = prices.get(type)
      if (price === undefined) {
        price = cheapestPrice(type, this.requirements, rules.wellKnown, differences)
        prices.set(type, price)
      }
      return { type, price }
    })
    return sortedByPrice(priced)
  }

  get daemonGroups(): readonly ClaimDaemonGroup[] {
    return this.groups.map(({ group }) => ({ instanceTypes: group.instanceTypes, overhead: group.daemonOverhead }))
  }

  get podRequests(): Quantities {
    return mergeResources(this.claim.shapes.map(({ requests }) => requests))
  }

  get requests(): Quantities {
    let least: Quantities | undefined
    for (const { types, group } of this.groups) {
      const left = types.slice()
      intersectTypes(left, this.claim.types)
      if (isEmptySet(left)) continue
      const overhead = group.daemonOverhead
      // A group without daemons makes upstream forget the groups before it.
      least = least === undefined || least.size === 0 ? overhead : minResources([least, overhead ?? NO_AMOUNTS])
    }
    return least === undefined || least.size === 0 ? this.podRequests : mergeResources([this.podRequests, least])
  }
}

const NO_AMOUNTS: Quantities = new Map()

/** Where a version may launch into a reservation that is full. */
export type LaunchRule = Pick<KarpenterDifferences, 'fullReservationFails'>

const ANY_AVAILABLE: LaunchRule = { fullReservationFails: true }

/** Types by their cheapest launchable compatible offering, as Go's unstable sort leaves them where prices are equal (`OrderByPrice`, karpenter `pkg/cloudprovider/types.go`, v1.14.1). */
export function byPrice(
  types: readonly InstanceType[],
  requirements: Requirements,
  wellKnown: ReadonlySet<string>,
  rule = ANY_AVAILABLE,
): readonly InstanceType[] {
  return sortedByPrice(types.map(type => ({ type, price: cheapestPrice(type, requirements, wellKnown, rule) })))
}

function sortedByPrice(priced: { readonly type: InstanceType; readonly price: number }[]): readonly InstanceType[] {
  goSort(priced, (a, b) => a.price < b.price)
  return priced.map(({ type }) => type)
}

/** The price of the cheapest launchable compatible offering, in USD per hour; the largest number where there is none. */
export function cheapestPrice(
  { offerings }: InstanceType,
  requirements: Requirements,
  wellKnown: ReadonlySet<string>,
  rule = ANY_AVAILABLE,
): number {
  let cheapest = Number.MAX_VALUE
  for (const offering of offerings) {
    if (offering.price < cheapest && isLaunchable(offering, requirements, wellKnown, rule)) cheapest = offering.price
  }
  return cheapest
}

/** Whether an offering can be had and meets the requirements; since 1.15 a full reservation cannot be had (`Launchable`, v1.15.0). */
export function isLaunchable(
  { available, reservationCapacity, requirements: offered }: Offering,
  requirements: Requirements,
  wellKnown: ReadonlySet<string>,
  rule = ANY_AVAILABLE,
): boolean {
  if (!available || !requirements.compatible(offered, wellKnown)) return false
  if (rule.fullReservationFails || reservationCapacity > 0) return true
  return !(offered.find(CAPACITY_TYPE_LABEL)?.has(RESERVED) ?? false)
}
