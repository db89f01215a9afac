import type { ClusterDump } from '../api/cluster-dump.ts'
import type { Pod } from '../api/core.ts'
import { buildWorld, type World } from '../coverage/world.ts'
import { NominatingSnapshot } from '../framework/nominator.ts'
import type { PodIndex } from '../snapshot/indices.ts'
import type { ExplainOptions } from './types.ts'

/** A dump read for questions about any pod: with volumes and owners in the snapshot, and nominations that may change. */
export interface PodWorld extends World {
  readonly snapshot: NominatingSnapshot
  /** Bound pods that are being deleted. */
  readonly going: readonly PodIndex[]
}

/** Builds what explanations read. Costs one pass over nodes and pods. */
export function buildPodWorld(dump: ClusterDump, options: ExplainOptions): PodWorld {
  const { kubernetesVersion, clusterName, now } = options
  const world = buildWorld(
    { ...dump, daemonSets: [] },
    {
      ...(kubernetesVersion === undefined ? {} : { kubernetesVersion }),
      ...(clusterName === undefined ? {} : { clusterName }),
      ...(now === undefined ? {} : { now }),
    },
  )
  const { nodes, pods } = world
  const snapshot = new NominatingSnapshot({ ...dump, nodes, pods }, world.version)
  for (const pod of pods) if (isUnbound(pod)) snapshot.nominate(pod, undefined)
  return { ...world, dump, snapshot, going: goingPods(snapshot, pods) }
}

/** True for a pod that has no node yet and is not over. */
export function isUnbound({ spec, status }: Pod): boolean {
  const bound = spec.nodeName !== undefined && spec.nodeName !== ''
  return !bound && status?.phase !== 'Succeeded' && status?.phase !== 'Failed'
}

/** How a bound pod is told whose node was not read. */
export const ORPHAN = 'no such node in the dump: bound'

/** True for a bound pod whose node is none of those that were read. */
export function isOrphan({ dump, snapshot }: PodWorld, { spec }: Pod): boolean {
  return dump.nodes !== undefined && snapshot.nodeIndex(spec.nodeName ?? '') === undefined
}

function goingPods(snapshot: NominatingSnapshot, pods: readonly Pod[]): readonly PodIndex[] {
  const going: PodIndex[] = []
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp === undefined) continue
    const index = snapshot.findPod(`${pod.metadata.namespace ?? 'default'}/${pod.metadata.name ?? ''}`)
    if (index !== undefined) going.push(index)
  }
  return going
}
