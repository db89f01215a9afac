import type { Pod } from '../api/core.ts'
import type { ObjectMeta } from '../api/meta.ts'
import { isTolerated } from '../taints.ts'
import { NANOSECONDS_PER_MS, parseGoDuration } from './go-duration.ts'

// Which pods stand in the way of a disruption and which have to move (sigs.k8s.io/karpenter `pkg/utils/pod/scheduling.go`, v1.14.1).

/** The annotation by which a pod or a node asks not to be disrupted. */
export const DO_NOT_DISRUPT = 'karpenter.sh/do-not-disrupt'

/** The taint that Karpenter puts on nodes which it is about to remove. */
export const DISRUPTED_TAINT = { key: 'karpenter.sh/disrupted', effect: 'NoSchedule' } as const

/** Neither over nor being deleted. */
export function isActive(pod: Pod): boolean {
  return !isTerminal(pod) && !isTerminating(pod.metadata)
}

function isTerminal({ status }: Pod): boolean {
  return status?.phase === 'Failed' || status?.phase === 'Succeeded'
}

function isTerminating({ deletionTimestamp }: ObjectMeta): boolean {
  return deletionTimestamp !== undefined && deletionTimestamp !== null
}

function isOwnedBy({ metadata }: Pod, apiVersion: string, kind: string): boolean {
  return (metadata.ownerReferences ?? []).some(owner => owner.apiVersion === apiVersion && owner.kind === kind)
}

/** Whether a DaemonSet owns the pod. */
export function isDaemonPod(pod: Pod): boolean {
  return isOwnedBy(pod, 'apps/v1', 'DaemonSet')
}

/** Whether the pod is a static pod of its node. */
function isMirrorPod(pod: Pod): boolean {
  return isOwnedBy(pod, 'v1', 'Node')
}

/** Whether the pod has to find another node when its own goes; a StatefulSet's also while it is being deleted (`IsReschedulable`). */
export function isReschedulable(pod: Pod): boolean {
  const moves = isActive(pod) || (isOwnedBy(pod, 'apps/v1', 'StatefulSet') && isTerminating(pod.metadata))
  return moves && !isDaemonPod(pod) && !isMirrorPod(pod)
}

/** Whether a drain would evict the pod: budgets count for such pods only (`IsEvictable`). */
export function isEvictable(pod: Pod, now: number): boolean {
  return (
    isActive(pod) &&
    !isTolerated(DISRUPTED_TAINT, pod.spec.tolerations) &&
    !isMirrorPod(pod) &&
    !isDoNotDisruptActive(pod, now)
  )
}

/** Whether the pod's do-not-disrupt lets its node go (`IsDisruptable`). */
export function isDisruptable(pod: Pod, now: number): boolean {
  return !isActive(pod) || !isDoNotDisruptActive(pod, now)
}

/**
 * Whether a pod is protected at `now` (ms since 1970): annotated `true`, or with a duration that is not yet over since its start,
 * or that has no start. Other values protect nothing (`IsDoNotDisruptActive`).
 */
export function isDoNotDisruptActive({ metadata, status }: Pod, now: number): boolean {
  const value = metadata.annotations?.[DO_NOT_DISRUPT]
  if (value === undefined) return false
  if (value === 'true') return true
  const duration = parseGoDuration(value)
  if (duration === undefined || duration <= 0n) return false
  const start = timeOf(status?.startTime)
  return start === undefined || BigInt(now - start) * NANOSECONDS_PER_MS < duration
}

/** Whether Karpenter would provision for the pod, which waits without a node (`IsProvisionable`). */
export function isProvisionable(pod: Pod): boolean {
  const { conditions, nominatedNodeName } = pod.status ?? {}
  return (
    (conditions ?? []).some(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable') &&
    !pod.spec.nodeName &&
    !nominatedNodeName &&
    !isDaemonPod(pod) &&
    !isMirrorPod(pod)
  )
}

/** A timestamp of the API in ms since 1970; undefined where it is absent or cannot be read. */
export function timeOf(timestamp: string | undefined): number | undefined {
  const time = timestamp === undefined || timestamp === null ? Number.NaN : Date.parse(timestamp)
  return Number.isNaN(time) ? undefined : time
}
