import type { Pod } from '../api/core.ts'
import type { NodePool } from '../api/karpenter.ts'
import type { InstanceType } from '../provisioning/instance-type.ts'
import { isStaticNodePool } from '../provisioning/node-pools.ts'
import type { StateNode } from '../provisioning/state-node.ts'
import { CAPACITY_TYPE_LABEL, INSTANCE_TYPE_LABEL, ZONE_LABEL } from '../requirements/well-known-labels.ts'
import { consolidateAfter, lifetimeRemaining, trueCondition } from './consolidate-after.ts'
import { BASE_DISRUPTION_COST, disruptionCost, reschedulingCost } from './eviction-cost.ts'
import { isReschedulable } from './pods.ts'
import { leastPrice, nodePrice } from './prices.ts'
import type { DisruptionRules } from './rules.ts'

/** A node that nothing forbids to disrupt, with what the choice among them needs. */
export interface Candidate {
  readonly node: StateNode
  readonly nodePool: NodePool
  /** Undefined where the NodePool's provider does not know the node's type. */
  readonly instanceType: InstanceType | undefined
  readonly zone: string | undefined
  readonly capacityType: string | undefined
  /** Those of its pods that have to move. */
  readonly reschedulable: readonly Pod[]
  /** USD per hour of the offering that the node runs on, available or not; undefined where none tells it, which counts 0. */
  readonly price: number | undefined
  /** 1 for the node and what evicting its pods costs. */
  readonly disruptionCost: number
  /** Pods whose eviction costs nothing do not count, save until 1.13. */
  readonly empty: boolean
  /** The candidate with the greatest goes first. */
  readonly rank: number
  readonly rules: DisruptionRules
}

export interface CandidateOptions {
  readonly instanceTypes: ReadonlyMap<string, InstanceType>
  readonly wellKnownLabels: ReadonlySet<string>
  readonly rules: DisruptionRules
  /** ms since 1970. */
  readonly now: number
}

/** Gathers what a method needs of a node (`NewCandidate`, sigs.k8s.io/karpenter `pkg/controllers/disruption/types.go`, v1.14.1). */
export function makeCandidate(
  node: StateNode,
  nodePool: NodePool,
  pods: readonly Pod[],
  { instanceTypes, wellKnownLabels, rules, now }: CandidateOptions,
): Candidate {
  const { labels, nodeClaim } = node
  const instanceType = instanceTypes.get(labels[INSTANCE_TYPE_LABEL] ?? '')
  const reschedulable = pods.filter(isReschedulable)
  const price =
    rules.price === 'offering' ? nodePrice(instanceType, labels) : leastPrice(instanceType, labels, wellKnownLabels)
  const cost = disruptionCost(reschedulable)
  const lifetime = nodeClaim === undefined ? 1 : lifetimeRemaining(nodeClaim, now)
  return {
    node,
    nodePool,
    instanceType,
    zone: labels[ZONE_LABEL],
    capacityType: labels[CAPACITY_TYPE_LABEL],
    reschedulable,
    price,
    disruptionCost: cost,
    empty: rules.emptiness === 'cost' ? cost <= BASE_DISRUPTION_COST : reschedulable.length === 0,
    rank: rules.ranking === 'savings' ? (price ?? 0) / cost : -(reschedulingCost(pods) * lifetime),
    rules,
  }
}

export function nodePoolName({ nodePool }: Candidate): string {
  return nodePool.metadata.name ?? ''
}

/** Of a NodePool with a fixed number of nodes, which only static drift touches. */
export function isStatic({ nodePool }: Candidate): boolean {
  return isStaticNodePool(nodePool)
}

/** Whether a NodeClaim's condition is True. */
export function hasCondition({ node }: Candidate, type: string): boolean {
  return node.nodeClaim !== undefined && trueCondition(node.nodeClaim, type) !== undefined
}

/** Why a method passes over a candidate; without text where Karpenter says nothing. */
export interface PassedOver {
  readonly kind:
    | 'static'
    | 'unknown-instance-type'
    | 'no-capacity-type'
    | 'no-zone'
    | 'consolidation-off'
    | 'empty'
    | 'not-empty'
    | 'when-empty'
    | 'not-consolidatable'
    | 'not-drifted'
  readonly text: string | undefined
}

/** Why consolidation does not look at a candidate (`consolidation.ShouldDisrupt`, `pkg/controllers/disruption/consolidation.go`, v1.14.1). */
export function notForConsolidation(candidate: Candidate): PassedOver | undefined {
  const { instanceType, capacityType, zone, node, nodePool, empty, rules } = candidate
  const pool = nodePoolName(candidate)
  if (isStatic(candidate)) return { kind: 'static', text: undefined }
  if (instanceType === undefined)
    return {
      kind: 'unknown-instance-type',
      text: `Instance Type "${node.labels[INSTANCE_TYPE_LABEL] ?? ''}" not found`,
    }
  if (capacityType === undefined)
    return { kind: 'no-capacity-type', text: `Node does not have label "${CAPACITY_TYPE_LABEL}"` }
  if (zone === undefined) return { kind: 'no-zone', text: `Node does not have label "${ZONE_LABEL}"` }
  if (consolidateAfter(nodePool) === undefined) return consolidationOff(pool)
  const policy = nodePool.spec?.disruption?.consolidationPolicy
  if (rules.consolidates === 'onlyUnderutilized') {
    if (policy !== 'WhenEmptyOrUnderutilized')
      return { kind: 'when-empty', text: `NodePool "${pool}" has non-empty consolidation disabled` }
  } else if (empty) {
    return { kind: 'empty', text: undefined }
  } else if (policy === 'WhenEmpty') {
    return { kind: 'when-empty', text: `NodePool "${pool}" has consolidation policy WhenEmpty, but node is not empty` }
  }
  return hasCondition(candidate, 'Consolidatable') ? undefined : { kind: 'not-consolidatable', text: undefined }
}

/** Why emptiness does not look at a candidate (`Emptiness.ShouldDisrupt`, `pkg/controllers/disruption/emptiness.go`, v1.14.1). */
export function notForEmptiness(candidate: Candidate): PassedOver | undefined {
  if (isStatic(candidate)) return { kind: 'static', text: undefined }
  if (consolidateAfter(candidate.nodePool) === undefined) return consolidationOff(nodePoolName(candidate))
  if (!candidate.empty) return { kind: 'not-empty', text: undefined }
  return hasCondition(candidate, 'Consolidatable') ? undefined : { kind: 'not-consolidatable', text: undefined }
}

/** Why drift does not look at a candidate: of a static NodePool, or its NodeClaim is not Drifted. */
export function notForDrift(candidate: Candidate): PassedOver | undefined {
  if (isStatic(candidate)) return { kind: 'static', text: undefined }
  return hasCondition(candidate, 'Drifted') ? undefined : { kind: 'not-drifted', text: undefined }
}

function consolidationOff(pool: string): PassedOver {
  return { kind: 'consolidation-off', text: `NodePool "${pool}" has consolidation disabled` }
}
