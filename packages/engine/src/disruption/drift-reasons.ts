import type { NodeClaim, NodePool } from '../api/karpenter.ts'
import type { InstanceType } from '../provisioning/instance-type.ts'
import type { LabelRules } from '../provisioning/node-claim-template.ts'
import { Requirement } from '../requirements/requirement.ts'
import { Requirements } from '../requirements/requirements.ts'
import { CAPACITY_TYPE_LABEL, INSTANCE_TYPE_LABEL } from '../requirements/well-known-labels.ts'
import { trueCondition } from './consolidate-after.ts'
import {
  NODE_POOL_HASH,
  NODE_POOL_HASH_VERSION,
  NODE_POOL_HASH_VERSION_ANNOTATION,
  nodePoolHash,
} from './nodepool-hash.ts'
import { timeOf } from './pods.ts'

/** Why a NodeClaim is no longer what its NodePool asks for; what only the provider knows (image, subnet, NodeClass) is not told. */
export type DriftReason = 'NodePoolDrifted' | 'RequirementsDrifted' | 'InstanceTypeNotFound'

export interface DriftOptions {
  /** What the provider offers to the NodePool. */
  readonly instanceTypes: readonly InstanceType[]
  readonly rules: LabelRules
  /** ms since 1970. */
  readonly now: number
  /** Labels of a reservation, which drift does not compare. */
  readonly reservationLabels?: readonly string[]
}

/** Before this age, in ms, nobody looks whether the instance type is still offered. */
const FIRST_OFFER_CHECK_MS = 3_600_000

/**
 * Whether and why a NodeClaim has drifted: another hash of the template, labels that the NodePool's requirements exclude, or, after an
 * hour, a type that is offered no more (sigs.k8s.io/karpenter `pkg/controllers/nodeclaim/disruption/drift.go`, v1.14.1). Hashes
 * are those of the annotations; give a changed NodePool `rehashed` to learn what the change does.
 */
export function driftReason(nodePool: NodePool, nodeClaim: NodeClaim, options: DriftOptions): DriftReason | undefined {
  if (trueCondition(nodeClaim, 'Launched') === undefined) return undefined
  if (hashDiffers(nodePool, nodeClaim)) return 'NodePoolDrifted'
  const { aliases } = options.rules
  const labels = Requirements.ofLabels(nodeClaim.metadata.labels, aliases)
  if (!labels.compatible(Requirements.read(nodePool.spec?.template?.spec?.requirements, aliases)))
    return 'RequirementsDrifted'
  const born = timeOf(nodeClaim.metadata.creationTimestamp)
  const young = born !== undefined && options.now - born <= FIRST_OFFER_CHECK_MS
  return young || isOffered(nodeClaim, labels, options) ? undefined : 'InstanceTypeNotFound'
}

/** Differs only where both sides have a hash of the same version. */
function hashDiffers(nodePool: NodePool, nodeClaim: NodeClaim): boolean {
  const ours = nodePool.metadata.annotations ?? {}
  const theirs = nodeClaim.metadata.annotations ?? {}
  const version = ours[NODE_POOL_HASH_VERSION_ANNOTATION]
  if (version === undefined || version !== theirs[NODE_POOL_HASH_VERSION_ANNOTATION]) return false
  const [hash, other] = [ours[NODE_POOL_HASH], theirs[NODE_POOL_HASH]]
  return hash !== undefined && other !== undefined && hash !== other
}

function isOffered(
  { metadata }: NodeClaim,
  labels: Requirements,
  { instanceTypes, rules, reservationLabels = [] }: DriftOptions,
): boolean {
  const name = metadata.labels?.[INSTANCE_TYPE_LABEL] ?? ''
  const type = instanceTypes.find(one => one.name === name)
  if (type === undefined) return false
  // A reservation that ends leaves an on-demand node behind.
  const asked =
    metadata.labels?.[CAPACITY_TYPE_LABEL] === 'reserved'
      ? labels.replace([Requirement.in(CAPACITY_TYPE_LABEL, ['reserved', 'on-demand'])]).without(...reservationLabels)
      : labels
  return type.offerings.some(({ requirements }) => asked.compatible(requirements, rules.wellKnown))
}

/** The NodePool with the annotations that Karpenter gives it after a change of its template. */
export function rehashed(nodePool: NodePool): NodePool {
  const annotations = {
    ...nodePool.metadata.annotations,
    [NODE_POOL_HASH]: nodePoolHash(nodePool),
    [NODE_POOL_HASH_VERSION_ANNOTATION]: NODE_POOL_HASH_VERSION,
  }
  return { ...nodePool, metadata: { ...nodePool.metadata, annotations } }
}
