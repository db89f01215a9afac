import type { Pod } from '../api/core.ts'
import { NominatingSnapshot } from '../framework/nominator.ts'
import { type PodOwners, podKey } from '../snapshot/cluster-snapshot.ts'

/** A snapshot that follows bound pods by name while time goes on. */
export class LiveSnapshot extends NominatingSnapshot {
  /** ReplicaSets and StatefulSets of this moment. */
  override owners: PodOwners = {}

  /** Puts a bound pod in, or in place of the one of its name: at the end of its node's list, as upstream's update does. */
  bind(pod: Pod): void {
    const node = this.nodeIndex(pod.spec.nodeName ?? '')
    this.forget(pod)
    if (node !== undefined) this.addPod(pod, node)
  }

  /** Takes a pod off its node, if it is on one. */
  forget(pod: Pod): void {
    const known = this.findPod(podKey(pod))
    if (known !== undefined) this.removePod(known)
  }

  /** All pods that are nominated to a node, with its name. */
  nominees(): readonly (readonly [pod: Pod, nodeName: string])[] {
    return [...this.nominated].flatMap(([node, pods]) => pods.map(pod => [pod, this.nodeName(node)] as const))
  }
}
