import type { NodeClaim, NodePool } from '../api/karpenter.ts'
import { NANOSECONDS_PER_MS, parseGoDuration, secondsOf } from './go-duration.ts'
import { timeOf } from './pods.ts'

type Status = NonNullable<NodeClaim['status']>

/** A condition of a NodeClaim by type, if it is there and True. */
export function trueCondition(
  { status }: NodeClaim,
  type: string,
): NonNullable<Status['conditions']>[number] | undefined {
  const condition = status?.conditions?.find(one => one.type === type)
  return condition?.status === 'True' ? condition : undefined
}

/** `spec.disruption.consolidateAfter` in ns; undefined for `Never`, and where it is absent, as no default is applied here. */
export function consolidateAfter({ spec }: NodePool): bigint | undefined {
  return nillableDuration(spec?.disruption?.consolidateAfter)
}

/** A duration or `Never`, which is undefined. */
export function nillableDuration(text: string | undefined): bigint | undefined {
  return text === undefined || text === null || text === 'Never' ? undefined : parseGoDuration(text)
}

/**
 * When a node no longer waits for consolidateAfter, in ms since 1970: that long after a pod came or went, or after it was initialized
 * where none did; undefined where it never waits, as in a NodePool whose consolidateAfter is `Never` or 0 (`IsUnderConsolidateAfter`,
 * sigs.k8s.io/karpenter `pkg/utils/disruption/disruption.go`, v1.14.1).
 */
export function consolidateAfterEnd(
  nodePool: NodePool | undefined,
  nodeClaim: NodeClaim | undefined,
): number | undefined {
  if (nodePool === undefined || nodeClaim === undefined) return undefined
  const after = consolidateAfter(nodePool)
  if (after === undefined || after <= 0n) return undefined
  const initialized = trueCondition(nodeClaim, 'Initialized')
  if (initialized === undefined) return undefined
  // Without any time upstream counts from the year 1.
  const since = timeOf(nodeClaim.status?.lastPodEventTime) ?? timeOf(initialized.lastTransitionTime)
  if (since === undefined) return undefined
  return since + Number((after + NANOSECONDS_PER_MS - 1n) / NANOSECONDS_PER_MS)
}

/** Whether a node still waits for consolidateAfter at `now`, in ms since 1970. */
export function isUnderConsolidateAfter(
  nodePool: NodePool | undefined,
  nodeClaim: NodeClaim | undefined,
  now: number,
): boolean {
  const end = consolidateAfterEnd(nodePool, nodeClaim)
  return end !== undefined && now < end
}

/**
 * Whether Karpenter gives the NodeClaim the condition Consolidatable at `now`: initialized, consolidation not switched off, and
 * consolidateAfter over (sigs.k8s.io/karpenter `pkg/controllers/nodeclaim/disruption/consolidation.go`, v1.14.1).
 */
export function becomesConsolidatable(nodePool: NodePool, nodeClaim: NodeClaim, now: number): boolean {
  if (consolidateAfter(nodePool) === undefined || trueCondition(nodeClaim, 'Initialized') === undefined) return false
  return !isUnderConsolidateAfter(nodePool, nodeClaim, now)
}

/**
 * What is left of a node's life, from 1 at birth to 0 when expireAfter is over; 1 for one that never expires
 * (`LifetimeRemaining`, sigs.k8s.io/karpenter `pkg/utils/disruption/disruption.go`, v1.14.1). NaN for an expireAfter of 0 at birth.
 */
export function lifetimeRemaining({ metadata, spec }: NodeClaim, now: number): number {
  const total = nillableDuration(spec?.expireAfter)
  if (total === undefined) return 1
  const born = timeOf(metadata.creationTimestamp) ?? now
  const age = secondsOf(BigInt(now - born) * NANOSECONDS_PER_MS)
  const remaining = (secondsOf(total) - age) / secondsOf(total)
  return remaining < 0 ? 0 : remaining > 1 ? 1 : remaining
}
