import type { PreemptionOutcome } from '../preemption/preempt.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { DIFFERENCES } from '../versions.ts'
import { postFilterText } from './fit-error.ts'

/** What the PostFilter phase says after preemption (`RunPostFilterPlugins`, kubernetes pkg/scheduler/framework/runtime/framework.go, v1.36.2). */
export function postFilterOf(preemption: PreemptionOutcome, { version }: ClusterSnapshot): string {
  switch (preemption.kind) {
    case 'nominated':
      return preemption.message && `preemption: ${preemption.message}`
    case 'error':
      return `preemption: ${preemption.message}`
    case 'not eligible':
    case 'no candidate':
      return postFilterText(preemption.message, DIFFERENCES[version])
  }
}
