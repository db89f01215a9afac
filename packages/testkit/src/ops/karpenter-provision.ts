import {
  type Choices,
  type ClaimDaemonGroup,
  type ClusterDump,
  FIRST_CHOICES,
  HOSTNAME_LABEL,
  INITIALIZED_LABEL,
  INSTANCE_TYPE_LABEL,
  type InstanceType,
  type KarpenterCluster,
  type KarpenterSettings,
  launchChoice,
  type PlannedNodeClaim,
  type Pod,
  ProvisioningWorld,
  provisionIn,
  type Quantities,
  REGISTERED_LABEL,
  subtractResources,
} from '@everynode/engine'
import { resourceResults } from './karpenter-answers.ts'
import { completeInput, hasNodeClass, instanceTypesOf, type KarpenterInput, settingOf } from './karpenter-input.ts'
import { requirementResults } from './karpenter-requirements.ts'
import type { Op, OpContext } from './op.ts'

/** The label of the oracle's provider. */
const RESERVATION_ID_LABEL = 'karpenter.test.sh/reservation-id'

/** Requirements that an answer leaves out: no NodeClaim stores them, and instance types have a list of their own. */
const LEFT_OUT_LABELS: readonly string[] = [HOSTNAME_LABEL, INSTANCE_TYPE_LABEL, REGISTERED_LABEL, INITIALIZED_LABEL]

type ProvisionInput = KarpenterInput &
  Pick<
    ClusterDump,
    | 'podDisruptionBudgets'
    | 'namespaces'
    | 'persistentVolumeClaims'
    | 'persistentVolumes'
    | 'storageClasses'
    | 'csiNodes'
  >

/** Where the generators of seeds begin: some choice of it is needed, and from here 500 seeds come by every recorded answer. */
const FIRST_STATE = 37_000

const NOON = Date.UTC(2026, 0, 1, 12)

export const provisionOp: Op = {
  name: 'provision',
  drawsLots: true,
  answer(raw, context) {
    const world = provisioningWorld(raw, context)
    const { newNodeClaims, existing, errors, ignored, dropped } = provisionIn(world)
    return {
      newNodeClaims: plannedResults(newNodeClaims, world),
      existing: Object.fromEntries([...existing].map(([node, pods]) => [node, podNames(pods)])),
      errors: textsByPod([...errors].map(([pod, { texts }]) => [pod, texts])),
      ...(ignored.size > 0 ? { ignored: textsByPod(ignored) } : {}),
      ...(dropped.length > 0 ? { dropped: podNames(dropped) } : {}),
    }
  },
}

/** The world of an input, with the settings that its options name. */
export function provisioningWorld(raw: unknown, context: OpContext): ProvisioningWorld {
  const input = completeInput(raw as ProvisionInput)
  const { preferencePolicy, featureGates, maxInstanceTypes } = input.options ?? {}
  const nodePools = input.nodePools.filter(pool => hasNodeClass(pool.spec?.template?.spec?.nodeClassRef))
  const typesOf = instanceTypesOf(input)
  const cluster: KarpenterCluster = {
    ...input,
    nodePools,
    pods: input.listedPods,
    persistentVolumeClaims: (input.persistentVolumeClaims ?? []).map(claim => ({
      ...claim,
      metadata: { ...claim.metadata, namespace: claim.metadata.namespace || 'default' },
    })),
    podDisruptionBudgets: (input.podDisruptionBudgets ?? []).map(budget => ({
      ...budget,
      metadata: { ...budget.metadata, namespace: budget.metadata.namespace || 'default' },
    })),
    instanceTypes: new Map(nodePools.map(({ metadata }) => [metadata.name ?? '', typesOf(metadata.name ?? '')])),
    now: input.now === undefined ? NOON : Date.parse(input.now),
  }
  const { rules, minValuesPolicy, ignoreDRARequests } = settingOf(input, context)
  const settings: KarpenterSettings = {
    version: context.karpenterVersion,
    rules,
    minValuesPolicy,
    ignoreDRARequests,
    preferencePolicy,
    reservedCapacity: featureGates?.['ReservedCapacity'],
    reservationIdLabel: RESERVATION_ID_LABEL,
    maxInstanceTypes,
    boundVolumes: 'not-found',
    choices: context.seed === undefined ? FIRST_CHOICES : seededChoices(context.seed),
  }
  return new ProvisioningWorld(cluster, settings)
}

/** NodeClaims as the oracle's answers show them, in canonical order. `replacements` were narrowed after their requests were summed. */
export function plannedResults(
  claims: readonly PlannedNodeClaim[],
  world: ProvisioningWorld,
  replacements = false,
): readonly unknown[] {
  return claims
    .map(claim => claimResult(claim, world, replacements))
    .map(result => ({ result, text: JSON.stringify(result) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ result }) => result)
}

function claimResult(claim: PlannedNodeClaim, world: ProvisioningWorld, replacement: boolean): unknown {
  const all = shownGroups(claim, world)
  const left = all.filter(({ instanceTypes }) => instanceTypes.some(type => claim.instanceTypes.includes(type)))
  const known = {
    nodePool: claim.nodePoolName,
    instanceTypes: typeNames(claim.instanceTypes),
    pods: podNames(claim.pods),
    requirements: requirementResults(claim.requirements, LEFT_OUT_LABELS),
    podRequests: resourceResults(claim.podRequests),
    daemonOverhead: left
      .map(({ instanceTypes, overhead }) => ({
        instanceTypes: typeNames(instanceTypes.filter(type => claim.instanceTypes.includes(type))),
        requests: resourceResults(overhead ?? NO_AMOUNTS),
      }))
      .sort((a, b) => (a.instanceTypes[0]! < b.instanceTypes[0]! ? -1 : 1)),
  }
  if (dependsOnOrder(left) || (replacement && dependsOnOrder(all))) return { ...known, random: ['Q2'] }
  const launch = launchChoice(claim, world.settings)
  return {
    ...known,
    requests: resourceResults(claim.requests),
    ...(launch === undefined
      ? {}
      : { launch: { ...launch, misfit: launch.misfit.length > 0 ? launch.misfit : undefined } }),
  }
}

const NO_AMOUNTS: Quantities = new Map()

/** Until 1.13 the one group is shown by what the NodeClaim requests beyond its pods. */
function shownGroups(claim: PlannedNodeClaim, { settings }: ProvisioningWorld): readonly ClaimDaemonGroup[] {
  if (settings.differences.daemonOverhead === 'perInstanceType') return claim.daemonGroups
  return [{ instanceTypes: claim.instanceTypes, overhead: subtractResources(claim.requests, claim.podRequests) }]
}

/** Whether the least overhead depends on the random order of groups: one without daemons begins anew. */
function dependsOnOrder(groups: readonly ClaimDaemonGroup[]): boolean {
  const empty = groups.filter(({ overhead }) => overhead === undefined || overhead.size === 0).length
  return empty > 0 && empty < groups.length
}

function typeNames(types: readonly InstanceType[]): readonly string[] {
  return types.map(({ name }) => name).sort(byText)
}

function podNames(pods: readonly Pod[]): readonly string[] {
  return pods.map(podName).sort(byText)
}

function podName({ metadata }: Pod): string {
  return `${metadata.namespace ?? ''}/${metadata.name ?? ''}`
}

function textsByPod(texts: Iterable<readonly [Pod, readonly string[]]>): Readonly<Record<string, string>> {
  return Object.fromEntries([...texts].map(([pod, list]) => [podName(pod), canonicalError(list)]))
}

/** As the oracle shows an error: without the numbers of placeholders, its parts and their lines in order. */
function canonicalError(texts: readonly string[]): string {
  return texts
    .map(text =>
      text
        .replaceAll(/hostname-placeholder-\d+/g, 'hostname-placeholder')
        .split('; ')
        .sort(byText)
        .join('; '),
    )
    .sort(byText)
    .join('; ')
}

/**
 * Choices that a seed decides: every other seed spells them out, the first one in its lowest digit, so that few choices are soon gone
 * through; the others draw them with a small generator (mulberry32).
 */
export function seededChoices(seed: number): Choices {
  return { pick: seed % 2 === 0 ? digitsOf(seed / 2) : drawsOf(seed) }
}

function digitsOf(number: number): Choices['pick'] {
  let left = number
  return (_, count) => {
    const digit = left % count
    left = Math.floor(left / count)
    return digit
  }
}

function drawsOf(seed: number): Choices['pick'] {
  let state = (seed + FIRST_STATE) >>> 0
  return (_, count) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
