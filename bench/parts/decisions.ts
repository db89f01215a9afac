import { ClusterSnapshot, DisruptionBudgets, type NodeIndex, type Pod, scheduleOne } from '@everynode/engine'
import type { WorkloadWorld } from './oracle-world.ts'

/** Pods scheduled one after the other. */
export class Decisions {
  readonly snapshot: ClusterSnapshot
  private readonly budgets = new DisruptionBudgets([])
  private start = 0

  constructor({ objects }: WorkloadWorld) {
    this.snapshot = new ClusterSnapshot(objects)
  }

  /** The node that the pod is assumed on; absent if it fits nowhere. */
  decide(pod: Pod): string | undefined {
    const { snapshot } = this
    const { selectedNode, nextStart } = scheduleOne(pod, snapshot, this.budgets, this.start)
    this.start = nextStart
    if (selectedNode === undefined) return undefined
    const nodeName = snapshot.nodeName(selectedNode)
    snapshot.addPod({ ...pod, spec: { ...pod.spec, nodeName } }, selectedNode as NodeIndex)
    return nodeName
  }
}
