import type { KarpenterDifferences } from '../karpenter-versions.ts'
import type { Quantities } from '../pod-requests/quantities.ts'
import { compareQuantity, quantityOf, recomputeQuantity } from '../quantity/arithmetic.ts'
import { formatQuantity } from '../quantity/format.ts'
import type { Requirements } from '../requirements/requirements.ts'
import { HOSTNAME_LABEL } from '../requirements/well-known-labels.ts'
import type { Choices } from './choices.ts'
import type { InstanceType } from './instance-type.ts'
import { satisfiesMinValues } from './min-values.ts'
import { wrapped } from './pod-volumes.ts'
import { hasOffering, isCompatible } from './requirement-state.ts'
import { maxResources, mergeResources, minResources, resourcesFit } from './resource-lists.ts'

// The texts by which Karpenter says why no instance type is left (`InstanceTypeFilterError`, karpenter
// `pkg/controllers/provisioning/scheduling/nodeclaim.go`, v1.14.1).

/** Instance types that were looked at with the same daemons. */
export interface JudgedGroup {
  readonly instanceTypes: readonly InstanceType[]
  readonly daemonOverhead: Quantities | undefined
}

export interface FilterQuestion {
  /** The groups whose host ports are free. */
  readonly groups: readonly JudgedGroup[]
  readonly requirements: Requirements
  readonly podRequests: Quantities
  readonly wellKnown: ReadonlySet<string>
  readonly differences: KarpenterDifferences
  readonly relaxMinValues: boolean
  readonly choices: Choices
}

const ONE_MILLION = quantityOf(1_000_000n, 'DecimalSI')

/** Why none of the types can take a pod alone. */
export function filterRefusal(question: FilterQuestion): string {
  const { requirements, podRequests, relaxMinValues } = question
  const met = judge(question)
  const suffix = `requirements=${requirementsText(requirements)}, resources=${resourcesText(question)}`
  if (!relaxMinValues && met.remaining.length > 0 && requirements.hasMinValues) {
    const { unmet } = satisfiesMinValues(met.remaining, requirements, question.differences)
    if (unmet.size > 0) return `${minValuesText(unmet.keys(), question.choices)}, ${suffix}`
  }
  const text = reason(met)
  const cpu = podRequests.get('cpu')
  const mistyped = text === NO_RESOURCES && cpu !== undefined && compareQuantity(cpu, ONE_MILLION) >= 0
  return `${text}, ${suffix}${mistyped ? ' (CPU request >= 1 Million, m vs M typo?)' : ''}`
}

/** That too few different values of labels are left. */
export function minValuesText(labels: Iterable<string>, choices: Choices): string {
  const left = [...labels].sort((a, b) => (a < b ? -1 : 1))
  const named: string[] = []
  while (left.length > 0) named.push(...left.splice(pickOf(choices, left.length), 1))
  return wrapped('minValues requirement is not met for label(s)', { 'label(s)': `[${named.join(' ')}]` })
}

function pickOf(choices: Choices, count: number): number {
  return count < 2 ? 0 : choices.pick('message-order', count)
}

interface Met {
  requirements: boolean
  fits: boolean
  offering: boolean
  requirementsAndFits: boolean
  requirementsAndOffering: boolean
  fitsAndOffering: boolean
  readonly remaining: InstanceType[]
}

function judge({ groups, requirements, podRequests, wellKnown, differences }: FilterQuestion): Met {
  const met: Met = {
    requirements: false,
    fits: false,
    offering: false,
    requirementsAndFits: false,
    requirementsAndOffering: false,
    fitsAndOffering: false,
    remaining: [],
  }
  for (const { instanceTypes, daemonOverhead } of groups) {
    const total = daemonOverhead === undefined ? podRequests : mergeResources([podRequests, daemonOverhead])
    for (const type of instanceTypes) {
      const compatible = isCompatible(type, requirements)
      const offering = hasOffering(type, requirements, wellKnown)
      const fits = (offering || !differences.fitNeedsOffering) && resourcesFit(total, type.allocatable)
      met.requirements ||= compatible
      met.fits ||= fits
      met.offering ||= offering
      met.requirementsAndFits ||= compatible && fits && !offering
      met.requirementsAndOffering ||= compatible && offering && !fits
      met.fitsAndOffering ||= fits && offering && !compatible
      if (compatible && fits && offering) met.remaining.push(type)
    }
  }
  return met
}

const NO_RESOURCES = 'no instance type has enough resources'

function reason(met: Met): string {
  const { requirements, fits, offering } = met
  if (!requirements && !fits && !offering) {
    return 'no instance type met the scheduling requirements or had enough resources or had a required offering'
  }
  if (!requirements && !fits) return 'no instance type met the scheduling requirements or had enough resources'
  if (!requirements && !offering) return 'no instance type met the scheduling requirements or had a required offering'
  if (!fits && !offering) return 'no instance type had enough resources or had a required offering'
  if (!requirements) return 'no instance type met all requirements'
  if (!fits) return NO_RESOURCES
  if (!offering) return 'no instance type has the required offering'
  if (met.requirementsAndFits) {
    return 'no instance type which met the scheduling requirements and had enough resources, had a required offering'
  }
  if (met.fitsAndOffering) {
    return 'no instance type which had enough resources and the required offering met the scheduling requirements'
  }
  if (met.requirementsAndOffering) {
    return 'no instance type which met the scheduling requirements and the required offering had the required resources'
  }
  return 'no instance type met the requirements/resources/offering tuple'
}

function requirementsText(requirements: Requirements): string {
  return [...requirements.values()]
    .filter(({ key }) => key !== HOSTNAME_LABEL)
    .map(requirement => `${requirement}`)
    .sort((a, b) => (a < b ? -1 : 1))
    .join(', ')
}

/** What the pod asks for with its daemons, as a range where they differ between types. */
function resourcesText({ groups, podRequests }: FilterQuestion): string {
  const overheads = groups.flatMap(({ daemonOverhead }) => (daemonOverhead?.size ? [daemonOverhead] : []))
  if (overheads.length === 0) return resourceListText(podRequests)
  const least = resourceListText(mergeResources([minResources(overheads), podRequests]))
  const most = resourceListText(mergeResources([maxResources(overheads), podRequests]))
  return least === most ? least : `min=${least}, max=${most}`
}

function resourceListText(list: Quantities): string {
  if (list.size === 0) return '{}'
  const sorted = [...list].sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([name, quantity]) => `${JSON.stringify(name)}:"${formatQuantity(recomputeQuantity(quantity))}"`).join(',')}}`
}
