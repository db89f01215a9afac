import type { Pod } from '../api/core.ts'
import { podsToPlace } from '../provisioning/provision.ts'
import { solve } from '../provisioning/round.ts'
import type { StateNode } from '../provisioning/state-node.ts'
import type { ProvisionSolution } from '../provisioning/types.ts'
import type { ProvisioningWorld } from '../provisioning/world.ts'
import { NODE_POOL_LABEL } from '../requirements/well-known-labels.ts'
import { consolidateAfterEnd } from './consolidate-after.ts'
import { PdbLimits } from './pdb-limits.ts'
import type { Simulate, Simulation, Unplaced } from './simulation.ts'

/** What upstream answers where no NodePool can make nodes: it does not even look at the nodes that remain. */
const NO_NODE_POOLS = 'no nodepools found'

/**
 * Where pods would go if nodes were gone: all that wait, those of the candidates and those of nodes that are already going, on the
 * nodes that remain and on new ones (`SimulateScheduling`, sigs.k8s.io/karpenter `pkg/controllers/disruption/helpers.go`, v1.14.1).
 */
export function simulateIn(world: ProvisioningWorld, destinationsWait: boolean): Simulate {
  const { cluster, nodes, nodePools } = world
  const limits = new PdbLimits(cluster.podDisruptionBudgets ?? [])
  const pools = new Map(nodePools.map(pool => [pool.metadata.name ?? '', pool]))
  const { pending, leaving } = podsToPlace(world)
  const uninitialized = new Map(nodes.flatMap(node => (node.initialized ? [] : [[node.name, node] as const])))
  const exempt = new Set(leaving)
  const going = new Set(nodes.flatMap(({ name, markedForDeletion }) => (markedForDeletion ? [name] : [])))
  const waiting = nodes.flatMap(node => {
    const pool = pools.get(node.labels[NODE_POOL_LABEL] ?? '')
    const end = destinationsWait ? consolidateAfterEnd(pool, node.nodeClaim) : undefined
    return end === undefined ? [] : [{ node, end }]
  })
  return (candidates, { now, consolidation }) => {
    const names = new Set(candidates.map(({ node }) => node.name))
    if (candidates.some(({ node }) => going.has(node.name))) return undefined
    const moving = candidates.flatMap(({ reschedulable }) =>
      reschedulable.filter(pod => limits.isCurrentlyReschedulable(pod, now)),
    )
    if (nodePools.length === 0) return noNodePools(moving)
    const solution = solve(world, {
      pods: [...pending, ...moving, ...leaving],
      without: new Set(nodes.filter(({ name }) => names.has(name))),
      reservations: 'fallback',
      reluctant: new Set(consolidation ? waiting.flatMap(({ node, end }) => (now < end ? [node] : [])) : []),
    })
    return simulationOf(solution, uninitialized, exempt)
  }
}

function noNodePools(pods: readonly Pod[]): Simulation {
  return { claims: [], unplaced: pods.map(pod => ({ pod, text: NO_NODE_POOLS })), existing: new Map() }
}

/** A node that is not initialized may never come up, so that nothing is removed for the sake of it. */
function simulationOf(
  { newNodeClaims, existing, errors }: ProvisionSolution,
  uninitialized: ReadonlyMap<string, StateNode>,
  exempt: ReadonlySet<Pod>,
): Simulation {
  const unplaced: Unplaced[] = [...errors].map(([pod, { texts }]) => ({ pod, text: texts.join('; ') }))
  for (const [name, pods] of existing) {
    const node = uninitialized.get(name)
    if (node === undefined) continue
    const text = uninitializedText(node)
    for (const pod of pods) if (!exempt.has(pod)) unplaced.push({ pod, text })
  }
  return { claims: newNodeClaims, unplaced, existing }
}

function uninitializedText({ nodeClaim, node }: StateNode): string {
  const parts = [
    ...(nodeClaim ? [`nodeclaim/${nodeClaim.metadata.name ?? ''}`] : []),
    ...(node ? [`node/${node.metadata.name ?? ''}`] : []),
  ]
  return `would schedule against uninitialized ${parts.join(', ')}`
}
