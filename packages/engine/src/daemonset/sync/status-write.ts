import type { DaemonSetStatus } from '../../api/apps.ts'
import { countDaemonPods, type DaemonSetCounts } from '../status.ts'
import type { SyncFacts } from './facts.ts'

/** The status that a sync writes, and when it looks again. */
export interface StatusWrite {
  /** Undefined if nothing differs. */
  readonly status?: DaemonSetStatus
  readonly waits: readonly number[]
}

const COUNTS = [
  'desiredNumberScheduled',
  'currentNumberScheduled',
  'numberMisscheduled',
  'numberReady',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
] as const satisfies readonly (keyof DaemonSetCounts)[]

/**
 * Writes the counts and the observed generation if one of them differs; while pods are ready but not yet available it looks again after
 * `minReadySeconds` (`updateDaemonSetStatus`, `storeDaemonSetStatus`, kubernetes `pkg/controller/daemon/daemon_controller.go`, v1.36.2).
 */
export function statusWrite({ daemonSet, nodes, decisions, byNode, hash, now }: SyncFacts): StatusWrite {
  const wanted = (name: string | undefined): boolean => decisions.get(name ?? '')?.shouldRun === true
  const counts = countDaemonPods(daemonSet, nodes, node => wanted(node.metadata.name), byNode, { hash, now })
  const { metadata, spec, status = {} } = daemonSet
  const { minReadySeconds = 0 } = spec
  const generation = metadata.generation ?? 0
  const isSame = COUNTS.every(name => (status[name] ?? 0) === counts[name])
  const waits = minReadySeconds > 0 && counts.numberReady !== counts.numberAvailable ? [minReadySeconds] : []
  if (isSame && (status.observedGeneration ?? 0) >= generation) return { waits }
  return { status: { ...status, ...counts, observedGeneration: generation }, waits }
}
