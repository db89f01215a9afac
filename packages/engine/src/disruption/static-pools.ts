import type { Pod } from '../api/core.ts'
import type { NodeClaim, NodePool } from '../api/karpenter.ts'
import type { StateNode } from '../provisioning/state-node.ts'
import { parseQuantity } from '../quantity/parse.ts'
import { quantityValue } from '../quantity/value.ts'
import { NODE_POOL_LABEL } from '../requirements/well-known-labels.ts'
import { type Candidate, hasCondition, isStatic, nodePoolName } from './candidate.ts'
import { lifetimeRemaining } from './consolidate-after.ts'
import { reschedulingCost } from './eviction-cost.ts'
import { isDaemonPod, isDoNotDisruptActive } from './pods.ts'

/** How many NodeClaims a static NodePool has: those that stay, and those that go. */
export interface StaticCount {
  readonly active: number
  readonly deleting: number
}

/** One node of a static NodePool that is replaced by one from the NodePool's template, which asks for no resources. */
export interface StaticReplacement {
  readonly candidate: Candidate
  readonly nodePool: NodePool
}

/** Counts a NodePool's NodeClaims; one without an instance counts as active even while it is deleted (`NodePoolState`). */
export function countStatic(
  pool: NodePool,
  nodeClaims: readonly NodeClaim[],
  nodes: readonly StateNode[],
): StaticCount {
  const going = new Set(nodes.filter(({ markedForDeletion }) => markedForDeletion).map(({ providerID }) => providerID))
  const members = nodeClaims.filter(({ metadata }) => metadata.labels?.[NODE_POOL_LABEL] === pool.metadata.name)
  const deleting = members.filter(({ status }) => status?.providerID && going.has(status.providerID)).length
  return { active: members.length - deleting, deleting }
}

/** How many more NodeClaims `limits.nodes` leaves room for. */
function headroom({ spec }: NodePool, { active, deleting }: StaticCount): number {
  const limit = spec?.limits?.['nodes']
  const quantity = limit === undefined ? undefined : parseQuantity(limit)
  if (quantity?.kind !== 'quantity') return Number.POSITIVE_INFINITY
  return Math.max(0, Number(quantityValue(quantity)) - active - deleting)
}

/** How many NodeClaims Karpenter makes to reach `replicas` (`static/provisioning`, sigs.k8s.io/karpenter `pkg/controllers/static`, v1.14.1). */
export function staticScaleUp(pool: NodePool, count: StaticCount): number {
  return Math.min(Math.max(0, (pool.spec?.replicas ?? 0) - count.active), headroom(pool, count))
}

/**
 * Which NodeClaims go so that `replicas` remain: first those without an instance, then nodes with daemon pods only, then those whose
 * pods cost least, protected ones last (`getDeprovisioningCandidates`, sigs.k8s.io/karpenter
 * `pkg/controllers/static/deprovisioning/controller.go`, v1.14.1). Upstream takes equal ones at random; here by name.
 */
export function staticScaleDown(
  pool: NodePool,
  nodeClaims: readonly NodeClaim[],
  nodes: readonly StateNode[],
  podsOf: (node: StateNode) => readonly Pod[],
  now: number,
): readonly NodeClaim[] {
  const excess = countStatic(pool, nodeClaims, nodes).active - (pool.spec?.replicas ?? 0)
  if (excess <= 0) return []
  const name = pool.metadata.name
  const unlaunched = nodeClaims.filter(
    ({ metadata, status }) =>
      metadata.labels?.[NODE_POOL_LABEL] === name && !status?.providerID && !metadata.deletionTimestamp,
  )
  const ranked = nodes
    .filter(({ labels, nodeClaim, markedForDeletion }) => {
      return labels[NODE_POOL_LABEL] === name && nodeClaim !== undefined && !markedForDeletion
    })
    .map(node => rank(node, podsOf(node), now))
    .sort((a, b) => a.group - b.group || a.cost - b.cost || (a.node.name < b.node.name ? -1 : 1))
  return [...unlaunched, ...ranked.flatMap(({ node }) => node.nodeClaim ?? [])].slice(0, excess)
}

function rank(node: StateNode, pods: readonly Pod[], now: number) {
  const blocked = pods.some(pod => isDoNotDisruptActive(pod, now))
  if (pods.every(isDaemonPod) && !blocked) return { node, group: 0, cost: 0 }
  const lifetime = node.nodeClaim === undefined ? 1 : lifetimeRemaining(node.nodeClaim, now)
  return { node, group: blocked ? 2 : 1, cost: reschedulingCost(pods) * lifetime }
}

/**
 * Drifted nodes of static NodePools and their replacements, one for one: as many as budget and `limits.nodes` allow, and none while
 * the NodePool has too many nodes (`StaticDrift.ComputeCommands`, sigs.k8s.io/karpenter
 * `pkg/controllers/disruption/staticdrift.go`, v1.14.1). Upstream takes candidates in any order; here in the order given.
 */
export function staticDrift(
  candidates: readonly Candidate[],
  budgets: ReadonlyMap<string, number>,
  countOf: (pool: NodePool) => StaticCount,
): readonly StaticReplacement[] {
  const drifted = candidates.filter(candidate => isStatic(candidate) && hasCondition(candidate, 'Drifted'))
  const pools = new Map(drifted.map(candidate => [nodePoolName(candidate), candidate.nodePool]))
  return [...pools].flatMap(([name, pool]) => {
    const members = drifted.filter(candidate => nodePoolName(candidate) === name)
    const count = countOf(pool)
    if (count.active > (pool.spec?.replicas ?? 0)) return []
    const allowed = Math.min(budgets.get(name) ?? 0, headroom(pool, count))
    return members.slice(0, allowed).map(candidate => ({ candidate, nodePool: pool }))
  })
}
