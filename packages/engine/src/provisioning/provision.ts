import type { Pod } from '../api/core.ts'
import { PdbLimits } from '../disruption/pdb-limits.ts'
import { isProvisionable } from '../disruption/pods.ts'
import { podName } from './existing-target.ts'
import { VolumeObjects } from './pod-volumes.ts'
import { solve } from './round.ts'
import type { KarpenterCluster, KarpenterSettings, ProvisionResult } from './types.ts'
import { podInvalidity } from './validate-pod.ts'
import { ProvisioningWorld } from './world.ts'

/** Pods that a round is to place. */
export interface PodsToPlace {
  /** Without a node, by namespace and name. */
  readonly pending: readonly Pod[]
  /** On nodes that are being deleted. */
  readonly leaving: readonly Pod[]
  /** Pods without a node that Karpenter refuses to look at, with its reasons. */
  readonly ignored: ReadonlyMap<Pod, readonly string[]>
}

/**
 * One provisioning round: the NodeClaims that Karpenter would make for the pods that wait, the nodes under way that they fit on, and
 * why the others stay (`Provisioner.Schedule`, karpenter `pkg/controllers/provisioning/provisioner.go`, v1.14.1). For several rounds
 * over one cluster make a `ProvisioningWorld` and use `solve`.
 */
export function provision(cluster: KarpenterCluster, settings: KarpenterSettings = {}): ProvisionResult {
  return provisionIn(new ProvisioningWorld(cluster, settings))
}

/** The same in a world that is there already. */
export function provisionIn(world: ProvisioningWorld): ProvisionResult {
  const { pending, leaving, ignored } = podsToPlace(world)
  if (world.nodePools.length === 0) {
    return { newNodeClaims: [], existing: new Map(), errors: new Map(), ignored, dropped: pending }
  }
  const solution = solve(world, { pods: [...pending, ...leaving] })
  return { ...solution, ignored, dropped: [] }
}

/** The pods that a round would place (`GetPendingPods`, and those of nodes that are being deleted). */
export function podsToPlace(world: ProvisioningWorld): PodsToPlace {
  const { cluster, settings } = world
  const volumes = new VolumeObjects(cluster, settings.rules.aliases)
  const pending: Pod[] = []
  const ignored = new Map<Pod, readonly string[]>()
  for (const pod of cluster.pods ?? []) {
    if (!isProvisionable(pod)) continue
    const volume = volumes.invalidity(pod)
    const texts = [...podInvalidity(pod, settings.rules), ...(volume === undefined ? [] : [volume])]
    if (texts.length === 0) pending.push(pod)
    else ignored.set(pod, texts)
  }
  pending.sort((a, b) => byText(podName(a), podName(b)))
  return { pending, leaving: leavingPods(world), ignored }
}

function leavingPods({ cluster, nodes }: ProvisioningWorld): readonly Pod[] {
  const leavingNodes = new Set(
    nodes.flatMap(({ markedForDeletion, node }) => (markedForDeletion && node ? [node.metadata.name ?? ''] : [])),
  )
  if (leavingNodes.size === 0) return []
  const budgets = new PdbLimits(cluster.podDisruptionBudgets ?? [])
  return (cluster.pods ?? []).filter(
    pod =>
      pod.spec.nodeName !== undefined &&
      leavingNodes.has(pod.spec.nodeName) &&
      budgets.isCurrentlyReschedulable(pod, cluster.now),
  )
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
