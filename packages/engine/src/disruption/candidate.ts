import type { Pod } from '../api/core.ts'
import type { NodePool } from '../api/karpenter.ts'
import type { InstanceType } from '../provisioning/instance-type.ts'
import { isStaticNodePool } from '../provisioning/node-pools.ts'
import type { StateNode } from '../provisioning/state-node.ts'
import { CAPACITY_TYPE_LABEL, INSTANCE_TYPE_LABEL, ZONE_LABEL } from '../requirements/well-known-labels.ts'
import { consolidateAfter, lifetimeRemaining, trueCondition } from './consolidate-after.ts'
import { BASE_DISRUPTION_COST, disruptionCost, reschedulingCost } from './eviction-cost.ts'
import { isReschedulable } from './pods.ts'
import { nodePrice } from './prices.ts'

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
  /** USD per hour of the offering that the node runs on, available or not; 0 where none tells it. */
  readonly price: number
  /** 1 for the node and what evicting its pods costs. */
  readonly disruptionCost: number
  /** What versions until 1.13 order by: cost of all pods, less the nearer the node's end is. */
  readonly lifetimeCost: number
}

/** Gathers what a method needs of a node (`NewCandidate`, sigs.k8s.io/karpenter `pkg/controllers/disruption/types.go`, v1.14.1). */
export function makeCandidate(
  node: StateNode,
  nodePool: NodePool,
  instanceTypes: ReadonlyMap<string, InstanceType>,
  pods: readonly Pod[],
  now: number,
): Candidate {
  const instanceType = instanceTypes.get(node.labels[INSTANCE_TYPE_LABEL] ?? '')
  const reschedulable = pods.filter(isReschedulable)
  const lifetime = node.nodeClaim === undefined ? 1 : lifetimeRemaining(node.nodeClaim, now)
  return {
    node,
    nodePool,
    instanceType,
    zone: node.labels[ZONE_LABEL],
    capacityType: node.labels[CAPACITY_TYPE_LABEL],
    reschedulable,
    price: nodePrice(instanceType, node.labels),
    disruptionCost: disruptionCost(reschedulable),
    lifetimeCost: reschedulingCost(pods) * lifetime,
  }
}

/** No pod makes the node dearer to lose than an empty one; pods whose eviction costs nothing do not count (`IsEmpty`). */
export function isEmpty({ disruptionCost }: Candidate): boolean {
  return disruptionCost <= BASE_DISRUPTION_COST
}

/** USD per hour for each unit of disruption; the node with the most goes first. */
export function savingsRatio({ price, disruptionCost }: Candidate): number {
  return price / disruptionCost
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
  const { instanceType, capacityType, zone, node, nodePool } = candidate
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
  if (isEmpty(candidate)) return { kind: 'empty', text: undefined }
  if (nodePool.spec?.disruption?.consolidationPolicy === 'WhenEmpty')
    return { kind: 'when-empty', text: `NodePool "${pool}" has consolidation policy WhenEmpty, but node is not empty` }
  return hasCondition(candidate, 'Consolidatable') ? undefined : { kind: 'not-consolidatable', text: undefined }
}

/** Why emptiness does not look at a candidate (`Emptiness.ShouldDisrupt`, `pkg/controllers/disruption/emptiness.go`, v1.14.1). */
export function notForEmptiness(candidate: Candidate): PassedOver | undefined {
  if (isStatic(candidate)) return { kind: 'static', text: undefined }
  if (consolidateAfter(candidate.nodePool) === undefined) return consolidationOff(nodePoolName(candidate))
  if (!isEmpty(candidate)) return { kind: 'not-empty', text: undefined }
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
