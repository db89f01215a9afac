import type { DaemonSet } from '../api/apps.ts'
import type { Pod } from '../api/core.ts'
import { type PreparedPod, preparePod } from '../framework/prepared-pod.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import type { AdmissionOutcome, DaemonAdmission } from './admission-of.ts'
import { type DaemonPods, POD_NONE, POD_TERMINATING } from './daemon-pods.ts'
import type { IntentSubject } from './intent.ts'
import { isShareable, PreparedPods, withoutPin } from './placement.ts'
import type { RefusalEvent } from './refusals.ts'
import { type CurrentRevision, daemonSetKey } from './revisions.ts'
import type { TaintLists } from './taint-lists.ts'
import { WantedNodes } from './wanted.ts'

/** One DaemonSet with all that is decided once for it: where it is wanted, what the API server makes of its pod, its pods by node. */
export interface DaemonModel extends IntentSubject {
  readonly daemonSet: DaemonSet
  readonly pods: DaemonPods
  readonly revision?: CurrentRevision
  readonly refusal?: RefusalEvent
  readonly admission: AdmissionOutcome
  /** Live pods ready to be held against nodes. */
  readonly prepared: PreparedPods
  /** The pod that the controller would make for a node, ready to be held against it. */
  preparedFor(nodeName: string): PreparedPod
  /** That pod itself. */
  podFor(nodeName: string): Pod
}

/** What `daemonModel` reads besides the DaemonSet. */
export interface ModelWorld {
  readonly admission: DaemonAdmission
  readonly snapshot: ClusterSnapshot
  readonly taints: TaintLists
  readonly livePods: readonly Pod[]
}

/** Reads a DaemonSet once. Costs one admission and two preparations, nothing per node. */
export function daemonModel(
  daemonSet: DaemonSet,
  pods: DaemonPods,
  world: ModelWorld,
  revision: CurrentRevision | undefined,
  refusal: RefusalEvent | undefined,
): DaemonModel {
  const { snapshot, taints } = world
  const admission = world.admission.of(daemonSet, () => newestPod(pods, world.livePods, revision))
  const shared = isShareable(admission.pod) ? preparePod(withoutPin(admission.pod), snapshot) : undefined
  const podFor = (nodeName: string): Pod => pinnedTo(admission.pod, nodeName)
  return {
    key: daemonSetKey(daemonSet),
    meta: daemonSet.metadata,
    templateAnnotations: daemonSet.spec.template.metadata?.annotations,
    wanted: new WantedNodes(daemonSet, taints),
    daemonSet,
    pods,
    ...(revision === undefined ? {} : { revision }),
    ...(refusal === undefined ? {} : { refusal }),
    admission,
    prepared: new PreparedPods(snapshot),
    podFor,
    preparedFor: nodeName => shared ?? preparePod(podFor(nodeName), snapshot),
  }
}

/** The pod pinned to another node, as the controller pins it. */
export function pinnedTo(pod: Pod, nodeName: string): Pod {
  const requiredDuringSchedulingIgnoredDuringExecution = {
    nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] }],
  }
  const nodeAffinity = { ...pod.spec.affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution }
  return { ...pod, spec: { ...pod.spec, affinity: { ...pod.spec.affinity, nodeAffinity } } }
}

/** The youngest live pod of the current revision: what admission made of the template when it was last asked. */
function newestPod(pods: DaemonPods, all: readonly Pod[], revision: CurrentRevision | undefined): Pod | undefined {
  let newest: Pod | undefined
  for (let node = 0; node < pods.state.length; node++) {
    const state = pods.state[node]!
    if (state === POD_NONE || state >= POD_TERMINATING) continue
    const pod = all[pods.pod[node]!]!
    if (revision?.hash !== undefined && pod.metadata.labels?.['controller-revision-hash'] !== revision.hash) continue
    if (newest === undefined || (pod.metadata.creationTimestamp ?? '') > (newest.metadata.creationTimestamp ?? ''))
      newest = pod
  }
  return newest
}

/** The DaemonSet with another template spec; a remedy is proved on it. */
export function withTemplateSpec(daemonSet: DaemonSet, spec: DaemonSet['spec']['template']['spec']): DaemonSet {
  return { ...daemonSet, spec: { ...daemonSet.spec, template: { ...daemonSet.spec.template, spec } } }
}
