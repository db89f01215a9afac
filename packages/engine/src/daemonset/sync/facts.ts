import type { DaemonSet } from '../../api/apps.ts'
import type { Node, Pod } from '../../api/core.ts'
import { templateGeneration } from '../daemon-pod.ts'
import { isPodAvailable, isPodUpdated } from '../pod-availability.ts'
import { compileDaemonSet, type ShouldRun } from '../should-run.ts'
import { type ClaimedPods, daemonPodsByNode } from '../status.ts'
import type { DaemonSetSyncInput } from './types.ts'

/** What the parts of a sync ask for, worked out once. */
export interface SyncFacts {
  readonly daemonSet: DaemonSet
  readonly nodes: readonly Node[]
  /** By the name of the node, in the order of the nodes. */
  readonly decisions: ReadonlyMap<string, ShouldRun>
  /** By the name of the node, which may be gone; each list in the controller's order. */
  readonly byNode: ReadonlyMap<string, readonly Pod[]>
  /** Claimed pods that had no owner. */
  readonly adopted: ReadonlySet<Pod>
  readonly hash: string
  readonly now: string
  readonly kills: Readonly<Record<string, readonly string[]>>
  readonly isAvailable: (pod: Pod) => boolean
  readonly isUpdated: (pod: Pod) => boolean
}

/** Decides about each node and groups the claimed pods by theirs. */
export function syncFacts(input: DaemonSetSyncInput, { claimed, adopts }: ClaimedPods, hash: string): SyncFacts {
  const { daemonSet, nodes, now, kills = {} } = input
  const compiled = compileDaemonSet(daemonSet)
  const generation = templateGeneration(daemonSet)
  const { minReadySeconds = 0 } = daemonSet.spec
  return {
    daemonSet,
    nodes,
    decisions: new Map(nodes.map(node => [node.metadata.name ?? '', compiled.shouldRun(node)])),
    byNode: daemonPodsByNode(claimed),
    adopted: new Set(adopts),
    hash,
    now,
    kills,
    isAvailable: pod => isPodAvailable(pod, minReadySeconds, now),
    isUpdated: pod => isPodUpdated(pod, hash, generation),
  }
}

/** A pod that is not being deleted. */
export function isLive({ metadata }: Pod): boolean {
  return !metadata.deletionTimestamp
}

/** The name of a pod. */
export function nameOf({ metadata }: Pod): string {
  return metadata.name ?? ''
}
