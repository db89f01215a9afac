import type { DaemonSet } from '../api/apps.ts'
import type { Pod } from '../api/core.ts'
import { targetNodeName } from '../daemonset/daemon-pod.ts'
import { controllerOf } from './owners.ts'

/** What stands on a node for a DaemonSet; of several pods the smallest number counts. */
export const POD_NONE = 0
export const POD_READY = 1
export const POD_NOT_READY = 2
export const POD_PENDING = 3
/** Being deleted: the next pod is made when it is gone. */
export const POD_TERMINATING = 4
/** Failed or Succeeded: the controller deletes it and makes the next one. */
export const POD_FINISHED = 5

/** The pods of one DaemonSet by node position. */
export interface DaemonPods {
  /** One of the POD_ numbers. */
  readonly state: Uint8Array
  /** Position in the dump's pods; meaningless where `state` is POD_NONE. */
  readonly pod: Int32Array
  /** Pods whose node is not in the dump. */
  readonly homeless: Pod[]
}

/** Sorts the pods of a cluster by DaemonSet and node, in one pass. A pod belongs to the DaemonSet whose uid its controller reference has, or whose name where a uid is not known. */
export function indexDaemonPods(
  daemonSets: readonly DaemonSet[],
  pods: readonly Pod[],
  nodeCount: number,
  positionOf: (nodeName: string) => number | undefined,
): readonly DaemonPods[] {
  const byUid = new Map<string, number>()
  const byName = new Map<string, number>()
  const index = daemonSets.map((daemonSet, position): DaemonPods => {
    if (daemonSet.metadata.uid !== undefined) byUid.set(daemonSet.metadata.uid, position)
    byName.set(`${daemonSet.metadata.namespace ?? 'default'}/${daemonSet.metadata.name ?? ''}`, position)
    return { state: new Uint8Array(nodeCount), pod: new Int32Array(nodeCount), homeless: [] }
  })
  for (let i = 0; i < pods.length; i++) {
    const pod = pods[i]!
    const owner = controllerOf(pod.metadata)
    if (owner?.kind !== 'DaemonSet') continue
    let position = owner.uid === undefined ? undefined : byUid.get(owner.uid)
    if (position === undefined) {
      const named = byName.get(`${pod.metadata.namespace ?? 'default'}/${owner.name}`)
      const comparable =
        owner.uid !== undefined && (named === undefined || daemonSets[named]!.metadata.uid !== undefined)
      if (!comparable) position = named
    }
    if (position === undefined) continue
    const own = index[position]!
    const nodeName = targetNodeName(pod)
    const node = nodeName === undefined ? undefined : positionOf(nodeName)
    if (node === undefined) {
      own.homeless.push(pod)
      continue
    }
    const state = stateOf(pod)
    const before = own.state[node]!
    if (before !== POD_NONE && before <= state) continue
    own.state[node] = state
    own.pod[node] = i
  }
  return index
}

function stateOf(pod: Pod): number {
  if (pod.metadata.deletionTimestamp !== undefined) return POD_TERMINATING
  const phase = pod.status?.phase
  if (phase === 'Failed' || phase === 'Succeeded') return POD_FINISHED
  if (pod.spec.nodeName === undefined || pod.spec.nodeName === '') return POD_PENDING
  return isReady(pod) ? POD_READY : POD_NOT_READY
}

function isReady(pod: Pod): boolean {
  for (const condition of pod.status?.conditions ?? []) {
    if (condition.type === 'Ready') return condition.status === 'True'
  }
  return false
}

/** Why a bound pod is not Ready: what a container waits for, else the pod's own reason. */
export function notReadyReason(pod: Pod): string {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
  for (const { state } of statuses) {
    if (state?.waiting?.reason !== undefined && state.waiting.reason !== '') return state.waiting.reason
  }
  const ready = pod.status?.conditions?.find(condition => condition.type === 'Ready')
  return (
    ready?.reason ??
    pod.status?.reason ??
    (pod.status?.phase === 'Running' ? 'no Ready condition' : `phase ${pod.status?.phase ?? 'unknown'}`)
  )
}
