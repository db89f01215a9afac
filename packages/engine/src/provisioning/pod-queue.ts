import type { Pod } from '../api/core.ts'
import type { AmountRow, AmountTable } from './amount-table.ts'

/**
 * Pods in the order in which a round tries them: by cpu, then memory descending, then the older first. One that was refused comes
 * again after the others, until a whole turn places none (`Queue`, karpenter
 * `pkg/controllers/provisioning/scheduling/queue.go`, v1.14.1).
 */
export class PodQueue {
  private readonly pods: Pod[]
  private head = 0
  /** Length of the queue when a pod was last put back, by UID. */
  private readonly lastLength = new Map<string, number>()

  constructor(pods: readonly Pod[], requests: (pod: Pod) => AmountRow, table: AmountTable) {
    const cpu = table.columnOf('cpu')
    const memory = table.columnOf('memory')
    const entries = pods.map(pod => ({ pod, row: requests(pod), time: timeOf(pod), uid: pod.metadata.uid ?? '' }))
    entries.sort((a, b) => {
      const byCpu = cpu < 0 ? 0 : table.compare(b.row, a.row, cpu)
      if (byCpu !== 0) return byCpu
      const byMemory = memory < 0 ? 0 : table.compare(b.row, a.row, memory)
      if (byMemory !== 0) return byMemory
      if (a.time !== b.time) return a.time < b.time ? -1 : 1
      return a.uid < b.uid ? -1 : a.uid > b.uid ? 1 : 0
    })
    this.pods = entries.map(({ pod }) => pod)
  }

  /** The next pod, or undefined where there is none or a whole turn was in vain. */
  pop(): Pod | undefined {
    const pod = this.pods[this.head]
    if (pod === undefined || this.lastLength.get(pod.metadata.uid ?? '') === this.pods.length - this.head)
      return undefined
    this.head++
    return pod
  }

  push(pod: Pod): void {
    this.pods.push(pod)
    this.lastLength.set(pod.metadata.uid ?? '', this.pods.length - this.head)
  }
}

/** ms since 1970; a pod without a time is older than any other. */
function timeOf({ metadata }: Pod): number {
  const time = Date.parse(metadata.creationTimestamp ?? '')
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time
}
