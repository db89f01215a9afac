import type { DaemonSet } from '../api/apps.ts'
import { formatTaint } from './node-shapes.ts'
import type { StatusCounts, VerdictGroup } from './types.ts'

/** The counts that the DaemonSet controller wrote; undefined if it never did. */
export function statusCounts({ status }: DaemonSet): StatusCounts | undefined {
  if (status === undefined) return undefined
  return {
    desired: status.desiredNumberScheduled ?? 0,
    current: status.currentNumberScheduled ?? 0,
    ready: status.numberReady ?? 0,
    available: status.numberAvailable ?? 0,
    updated: status.updatedNumberScheduled ?? 0,
    misscheduled: status.numberMisscheduled ?? 0,
  }
}

/** Where the status hides trouble: it counts fewer nodes than should have the pod, or it is about an older generation (failure-modes F08, F31). */
export function statusLies(
  daemonSet: DaemonSet,
  status: StatusCounts | undefined,
  should: number,
  groups: readonly VerdictGroup[],
  wholeCluster: boolean,
): string | undefined {
  if (status === undefined) return undefined
  const { generation } = daemonSet.metadata
  const observed = daemonSet.status?.observedGeneration
  const says = `status says ${status.ready} of ${status.desired}`
  if (generation !== undefined && observed !== undefined && observed < generation) {
    return `${says}, but of generation ${observed}: the DaemonSet is at ${generation}`
  }
  const gaps = groups.filter(({ verdict, uncounted }) => uncounted === undefined && verdict.kind === 'skipped')
  const missed = gaps.reduce((sum, { nodes }) => sum + nodes.length, 0)
  if (!wholeCluster || status.desired >= should || missed === 0) return undefined
  const taints = [
    ...new Set(
      gaps.flatMap(({ verdict }) => (verdict.kind === 'skipped' && verdict.taint ? [formatTaint(verdict.taint)] : [])),
    ),
  ]
  return `${says}, without ${missed === 1 ? '1 node' : `${missed} nodes`} tainted ${taints.join(', ')}`
}
