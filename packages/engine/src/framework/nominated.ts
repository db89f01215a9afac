import type { Pod } from '../api/core.ts'
import { type ClusterSnapshot, podKey, podPriority } from '../snapshot/cluster-snapshot.ts'
import type { NodeIndex } from '../snapshot/indices.ts'
import { FITS, type FilterCode } from './filter-plugin.ts'
import { explainNode, filterNode, type PreparedPod, type Rejection, rejectionOf } from './prepared-pod.ts'
import type { Reason } from './status.ts'

const sameUid = (a: Pod, b: Pod): boolean =>
  a.metadata.uid !== undefined && b.metadata.uid !== undefined
    ? a.metadata.uid === b.metadata.uid
    : podKey(a) === podKey(b)

/** Pods nominated to a node that count against the incoming one: of equal or higher priority, and not itself. */
function rivals(prepared: PreparedPod, snapshot: ClusterSnapshot, node: number): readonly Pod[] {
  const nominated = snapshot.nominated.get(node)
  return nominated ? nominated.filter(pod => podPriority(pod) >= prepared.priority && !sameUid(pod, prepared.pod)) : []
}

/**
 * Runs a question with the nominated pods on the node, then once more without them; both must fit
 * (`RunFilterPluginsWithNominatedPods`, kubernetes pkg/scheduler/framework/runtime/framework.go, v1.36.2).
 */
function twice<T>(
  prepared: PreparedPod,
  snapshot: ClusterSnapshot,
  node: number,
  ask: () => T,
  fits: (answer: T) => boolean,
): T {
  const pods = snapshot.nominated.size === 0 ? [] : rivals(prepared, snapshot, node)
  if (pods.length === 0) return ask()
  const restore = prepared.counts.map(counts => counts.save())
  snapshot.fork()
  for (const pod of pods) {
    snapshot.addPod(pod, node as NodeIndex)
    for (const counts of prepared.counts) counts.podAdded(pod, node)
  }
  const first = ask()
  snapshot.revert()
  for (const put of restore) put()
  return fits(first) ? ask() : first
}

/** The scheduler's verdict on a node, nominated pods included. */
export function filterWithNominated(prepared: PreparedPod, snapshot: ClusterSnapshot, node: number): FilterCode {
  if (snapshot.nominated.size === 0) return filterNode(prepared, node)
  return twice(
    prepared,
    snapshot,
    node,
    () => filterNode(prepared, node),
    code => code === FITS,
  )
}

/** The reasons of that verdict. */
export function explainWithNominated(
  prepared: PreparedPod,
  snapshot: ClusterSnapshot,
  node: number,
): readonly Reason[] {
  return twice(
    prepared,
    snapshot,
    node,
    () => explainNode(prepared, node),
    reasons => reasons.length === 0,
  )
}

/** Who rejects the node and in which words, without amounts. */
export function rejectionWithNominated(
  prepared: PreparedPod,
  snapshot: ClusterSnapshot,
  node: number,
): Rejection | undefined {
  return twice(
    prepared,
    snapshot,
    node,
    () => rejectionOf(prepared, node),
    rejection => rejection === undefined,
  )
}
