import type { Pod } from '../api/core.ts'
import { ClusterSnapshot, podKey, podPriority } from '../snapshot/cluster-snapshot.ts'

/**
 * A cluster in which pods are nominated while cycles go on: the cache and the nominator of kube-scheduler
 * (kubernetes pkg/scheduler/backend/queue/nominator.go, v1.36.2).
 */
export class NominatingSnapshot extends ClusterSnapshot {
  override readonly nominated = new Map<number, readonly Pod[]>()
  /** By pod: the node that it is nominated to, also one that is not there or '' for none. */
  private readonly nodeNames = new Map<string, string>()

  /** Nominates a pod: to the node that a cycle chose, '' for none, or else to the one that its status has. */
  nominate(pod: Pod, chosen: string | undefined): void {
    this.withdraw(podKey(pod))
    const nodeName = chosen ?? pod.status?.nominatedNodeName ?? ''
    if (chosen === undefined && nodeName === '') return
    this.nodeNames.set(podKey(pod), nodeName)
    const node = this.nodeIndex(nodeName)
    if (node !== undefined) this.nominated.set(node, [...(this.nominated.get(node) ?? []), pod])
  }

  /** Follows a change of the pod's status. What a cycle chose stands until the status says something. */
  renominate(before: Pod, after: Pod): void {
    const silent = !before.status?.nominatedNodeName && !after.status?.nominatedNodeName
    this.nominate(after, silent ? this.nodeNames.get(podKey(before)) : undefined)
  }

  withdraw(key: string): void {
    const nodeName = this.nodeNames.get(key)
    if (nodeName === undefined) return
    this.nodeNames.delete(key)
    const node = this.nodeIndex(nodeName)
    if (node === undefined) return
    const left = (this.nominated.get(node) ?? []).filter(pod => podKey(pod) !== key)
    if (left.length > 0) this.nominated.set(node, left)
    else this.nominated.delete(node)
  }

  /** Pods of lower priority that are nominated to a node. */
  lowerNominees(node: number, priority: number): readonly Pod[] {
    return (this.nominated.get(node) ?? []).filter(pod => podPriority(pod) < priority)
  }
}
