import type { DaemonSet } from '../api/apps.ts'
import type { Pod, Toleration } from '../api/core.ts'
import type { KarpenterDifferences } from '../karpenter-versions.ts'
import type { Quantities } from '../pod-requests/quantities.ts'
import { requiredAlternatives } from '../requirements/pod-requirements.ts'
import type { Requirements } from '../requirements/requirements.ts'
import { newestDaemonPod, podKeyOf, sizingPod, usesResourceClaims } from './daemon-pod.ts'
import { requestsOfPod } from './resource-lists.ts'

/** A DaemonSet as Karpenter charges nodes for it. */
export interface Daemon {
  /** `namespace/name` of the DaemonSet. */
  readonly daemonSet: string
  /** Its newest real pod, or one made from the template. */
  readonly pod: Pod
  /** `namespace/name` of the pod. */
  readonly podKey: string
  readonly requests: Quantities
  readonly tolerations: readonly Toleration[]
  /** What it requires of a node: alternatives, one at least. Where Karpenter drops one, it is left out here. */
  readonly alternatives: readonly Requirements[]
}

export interface DaemonOptions {
  readonly differences: KarpenterDifferences
  /** Old label keys and what they are read as. */
  readonly aliases: ReadonlyMap<string, string>
  /** Daemons with ResourceClaims are left out altogether, cpu and memory too; Karpenter's default. */
  readonly ignoreDRARequests: boolean
}

/** Every DaemonSet that Karpenter charges nodes for, with the pod that sizes it; `pods` may be all pods of the cluster. */
export function daemonsOf(
  daemonSets: readonly DaemonSet[],
  pods: readonly Pod[],
  options: DaemonOptions,
): readonly Daemon[] {
  const { differences, aliases, ignoreDRARequests } = options
  const byOwner = groupByController(pods)
  return daemonSets.flatMap(daemonSet => {
    const { namespace = '', name = '', uid } = daemonSet.metadata
    const newest = newestDaemonPod(daemonSet, byOwner.get(uid ?? '') ?? [])
    const pod = sizingPod(daemonSet, newest, differences)
    if (ignoreDRARequests && usesResourceClaims(pod, differences)) return []
    return [
      {
        daemonSet: `${namespace}/${name}`,
        pod,
        podKey: podKeyOf(pod),
        requests: requestsOfPod(pod, differences),
        tolerations: pod.spec.tolerations ?? [],
        alternatives: requiredAlternatives(pod.spec, aliases),
      },
    ]
  })
}

function groupByController(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const groups = new Map<string, Pod[]>()
  for (const pod of pods) {
    const uid = pod.metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid
    if (uid === undefined) continue
    const group = groups.get(uid)
    if (group === undefined) groups.set(uid, [pod])
    else group.push(pod)
  }
  return groups
}
