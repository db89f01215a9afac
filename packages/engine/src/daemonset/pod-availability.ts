import type { Pod } from '../api/core.ts'
import { REVISION_HASH_LABEL, TEMPLATE_GENERATION_LABEL } from './daemon-pod.ts'

/** Seconds since 1970 of an RFC 3339 text, the start of all time if there is none. */
export function secondsOf(timestamp: string | undefined): number {
  const milliseconds = timestamp === undefined ? Number.NaN : Date.parse(timestamp)
  // A number, not -Infinity: the difference of two must be zero.
  return Number.isNaN(milliseconds) ? -62_135_596_800 : Math.floor(milliseconds / 1000)
}

function readyCondition(pod: Pod) {
  return pod.status?.conditions?.find(({ type }) => type === 'Ready')
}

/** Whether the pod's Ready condition is True (`IsPodReady`, kubernetes `pkg/api/v1/pod/util.go`, v1.36.2). */
export function isPodReady(pod: Pod): boolean {
  return readyCondition(pod)?.status === 'True'
}

/**
 * Whether the pod has been ready for `minReadySeconds` at `now`, an RFC 3339 time; without `now` whether it is ready
 * (`IsPodAvailable`, kubernetes `pkg/api/v1/pod/util.go`, v1.36.2).
 */
export function isPodAvailable(pod: Pod, minReadySeconds: number, now: string | undefined): boolean {
  if (!isPodReady(pod)) return false
  if (minReadySeconds === 0 || now === undefined) return true
  const since = readyCondition(pod)?.lastTransitionTime
  return since !== undefined && secondsOf(since) + minReadySeconds <= secondsOf(now)
}

/**
 * Whether the pod is of the present template: by the hash of its revision, or by the deprecated generation
 * (`IsPodUpdated`, kubernetes `pkg/controller/daemon/util/daemonset_util.go`, v1.36.2).
 */
export function isPodUpdated(pod: Pod, hash: string | undefined, generation: number | bigint | undefined): boolean {
  const labels = pod.metadata.labels ?? {}
  if (hash && labels[REVISION_HASH_LABEL] === hash) return true
  return generation !== undefined && labels[TEMPLATE_GENERATION_LABEL] === String(generation)
}
