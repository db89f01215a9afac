import type { Pod } from '../api/core.ts'
import type { PreparedPod } from '../framework/prepared-pod.ts'
import type { NodeFacts } from './node-facts.ts'
import type { Placement } from './placement.ts'
import type { Verdict } from './types.ts'

/** The verdict on one node before it is grouped. `make` builds the whole verdict; it is called once for a group. */
export interface Finding {
  /** Equal for verdicts that are told together. */
  readonly key: string
  readonly counted: boolean
  readonly make: () => Verdict
  readonly since?: string | undefined
  readonly waitingHelps: boolean
  readonly waitingWhy: string
  /** The pod that was held against the node, where one was. */
  readonly asked?: { readonly prepared: PreparedPod; readonly pod: Pod; readonly placement: Placement }
}

/** The finding of a node for which a missing list decides. */
export function unknownFinding(needs: readonly string[], detail: string): Finding {
  return {
    key: `unknown\0${needs.join()}\0${detail}`,
    counted: true,
    waitingHelps: false,
    waitingWhy: 'cannot tell',
    make: () => ({ kind: 'unknown', needs, detail }),
  }
}

/** The finding of a node that is being born. */
export function joiningFinding(facts: NodeFacts): Finding {
  return {
    key: 'joining',
    counted: false,
    waitingHelps: true,
    waitingWhy: 'a node that joins loses its birth taints when it is ready',
    make: () => ({ kind: 'waits', for: 'node joining', detail: facts.stateDetail }),
  }
}

/** RFC 3339: since when a pod waits for its node. */
export function pendingSince(pod: Pod): string | undefined {
  const scheduled = pod.status?.conditions?.find(condition => condition.type === 'PodScheduled')
  return (scheduled?.status === 'False' ? scheduled.lastTransitionTime : undefined) ?? pod.metadata.creationTimestamp
}
