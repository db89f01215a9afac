import type { Pod } from '../api/core.ts'
import { ClusterSnapshot, type PodOwners, podKey, podPriority } from '../snapshot/cluster-snapshot.ts'
import type { NodeIndex } from '../snapshot/indices.ts'

/** A snapshot that follows pods while time goes on: kube-scheduler's cache and its list of nominations. */
export class LiveSnapshot extends ClusterSnapshot {
  /** As the base class says; here pods join and leave. */
  override readonly nominated = new Map<number, readonly Pod[]>()
  /** ReplicaSets and StatefulSets of this moment. */
  override owners: PodOwners = {}
  readonly #nominees = new Map<string, number>()

  /** Puts a bound pod in, or in place of the one of its name, at the end of its node's list as upstream's update does. */
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

  nominate(pod: Pod, node: NodeIndex): void {
    this.withdraw(pod)
    this.nominated.set(node, [...(this.nominated.get(node) ?? []), pod])
    this.#nominees.set(podKey(pod), node)
  }

  withdraw(pod: Pod): void {
    const key = podKey(pod)
    const node = this.#nominees.get(key)
    if (node === undefined) return
    this.#nominees.delete(key)
    const left = (this.nominated.get(node) ?? []).filter(nominee => podKey(nominee) !== key)
    if (left.length > 0) this.nominated.set(node, left)
    else this.nominated.delete(node)
  }

  /** Pods nominated to a node whose priority is lower than this. */
  lowerNominees(node: NodeIndex, priority: number): readonly Pod[] {
    return (this.nominated.get(node) ?? []).filter(pod => podPriority(pod) < priority)
  }

  /** All nominations, to be made again on another snapshot. */
  nominations(): readonly (readonly [nodeName: string, pod: Pod])[] {
    return [...this.nominated].flatMap(([node, pods]) => pods.map(pod => [this.nodeName(node), pod] as const))
  }
}
