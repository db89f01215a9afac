import { Requirement } from '../requirements/requirement.ts'
import { Requirements } from '../requirements/requirements.ts'
import { CAPACITY_TYPE_LABEL, INSTANCE_TYPE_LABEL } from '../requirements/well-known-labels.ts'
import type { InstanceType, Offering } from './instance-type.ts'
import { SIMULATED_LABELS } from './node-claim-template.ts'
import { byPrice, isLaunchable } from './planned-claim.ts'
import { resourcesFit } from './resource-lists.ts'
import type { PlannedNodeClaim } from './types.ts'
import type { ResolvedSettings } from './world.ts'

/** A way to launch a NodeClaim. */
export interface LaunchChoice {
  readonly instanceType: string
  readonly zone: string
  readonly capacityType: string
}

/** The cheapest way to launch a NodeClaim. */
export interface Launch {
  /** USD per hour. */
  readonly price: number
  /** Everything of that price, one at least, ascending by type, zone and capacity type. */
  readonly choices: readonly LaunchChoice[]
  /** Types as cheap or cheaper that are too small for the requests; the kwok provider, which does not ask, would take one. */
  readonly misfit: readonly string[]
}

/**
 * How the fake provider launches a NodeClaim: the cheapest available compatible offering of the types that are compatible and large
 * enough; undefined where there is none (`Create`, karpenter `pkg/cloudprovider/fake/cloudprovider.go`, v1.14.1). AWS chooses spot
 * capacity by its depth too, so that there this is an estimate.
 */
export function launchChoice(claim: PlannedNodeClaim, settings: ResolvedSettings): Launch | undefined {
  const { wellKnown } = settings.rules
  const requirements = storedRequirements(claim, settings)
  const misfits: InstanceType[] = []
  let price = Number.POSITIVE_INFINITY
  let choices: LaunchChoice[] = []
  for (const type of claim.instanceTypes) {
    if (!requirements.compatible(type.requirements, wellKnown)) continue
    if (!resourcesFit(claim.requests, type.allocatable)) {
      misfits.push(type)
      continue
    }
    for (const offering of buyable(type, requirements, wellKnown)) {
      if (offering.price > price) continue
      if (offering.price < price) choices = []
      price = offering.price
      choices.push({ instanceType: type.name, zone: offering.zone, capacityType: offering.capacityType })
    }
  }
  if (choices.length === 0) return undefined
  const misfit = misfits
    .filter(type => buyable(type, requirements, wellKnown).some(offering => offering.price <= price))
    .map(({ name }) => name)
  return { price, choices: choices.sort(byChoice), misfit: misfit.sort(byText) }
}

function buyable(
  { offerings }: InstanceType,
  requirements: Requirements,
  wellKnown: ReadonlySet<string>,
): readonly Offering[] {
  return offerings.filter(one => one.available && requirements.compatible(one.requirements, wellKnown))
}

/** Requirements as the NodeClaim stores them, with its types and their capacity types (`ToNodeClaim`, karpenter `pkg/controllers/provisioning/scheduling/nodeclaimtemplate.go`, v1.14.1). */
function storedRequirements(
  { instanceTypes, requirements }: PlannedNodeClaim,
  settings: ResolvedSettings,
): Requirements {
  const named = byPrice(instanceTypes, requirements, settings.rules.wellKnown, settings.differences).slice(
    0,
    settings.maxInstanceTypes,
  )
  const minValues = requirements.find(INSTANCE_TYPE_LABEL)?.minValues
  const ofTypes = requirements.add([
    Requirement.in(
      INSTANCE_TYPE_LABEL,
      named.map(({ name }) => name),
      minValues,
    ),
  ])
  const capacityTypes = named.flatMap(type =>
    type.offerings
      .filter(one => isLaunchable(one, ofTypes, settings.rules.wellKnown, settings.differences))
      .map(({ capacityType }) => capacityType),
  )
  const all = capacityTypes.length === 0 ? ofTypes : ofTypes.add([Requirement.in(CAPACITY_TYPE_LABEL, capacityTypes)])
  return Requirements.read(all.without(...SIMULATED_LABELS).serialize(), settings.rules.aliases)
}

function byChoice(a: LaunchChoice, b: LaunchChoice): number {
  return byText(a.instanceType, b.instanceType) || byText(a.zone, b.zone) || byText(a.capacityType, b.capacityType)
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
