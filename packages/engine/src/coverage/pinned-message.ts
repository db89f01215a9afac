import { fitErrorText, postFilterText } from '../framework/fit-error.ts'
import { NEVER } from '../preemption/preempt.ts'
import { DIFFERENCES, type KubernetesVersion } from '../versions.ts'
import type { Placement } from './placement.ts'

const OTHER_NODES = "node(s) didn't satisfy plugin(s) [NodeAffinity]"
const NOT_HELPFUL = 'Preemption is not helpful for scheduling'
const NO_VICTIMS = 'No preemption victims found for incoming pod'

/**
 * The FailedScheduling text of a pod that is pinned to one of `total` nodes and nominated to none: what `scheduleOne` writes, without
 * looking at the other nodes. Undefined if the pod fits, or if the text depends on more than its node.
 */
export function pinnedMessage(
  placement: Placement,
  nodeName: string,
  total: number,
  version: KubernetesVersion,
): string | undefined {
  if (placement.kind === 'fits') return undefined
  if (placement.kind === 'blocked' && placement.untried === 'rejected') return undefined
  const differences = DIFFERENCES[version]
  const explicit = [placement.reasons.map(({ text }) => text)]
  const tail = tailOf(placement, nodeName, total, differences.preemptionSentence)
  if (tail === undefined) return undefined
  const after = placement.kind === 'victims' ? tail : postFilterText(tail, differences)
  return fitErrorText({ explicit, total, absent: OTHER_NODES }, undefined, after)
}

function tailOf(
  placement: Exclude<Placement, { kind: 'fits' }>,
  nodeName: string,
  total: number,
  tellsVictims: boolean,
): string | undefined {
  if (placement.kind === 'victims') {
    const { length } = placement.run.victims
    if (length === 0) return undefined
    return tellsVictims
      ? `preemption: found a potential placement for pod on node ${nodeName}, preempting ${length} victims`
      : ''
  }
  if (placement.untried === 'policy Never') return NEVER
  const { dryRun } = placement
  if (dryRun === undefined) return fitErrorText({ explicit: [], total, absent: NOT_HELPFUL })
  const explicit = dryRun.kind === 'no victims' ? [[NO_VICTIMS]] : [dryRun.texts]
  return fitErrorText({ explicit, total, absent: NOT_HELPFUL })
}
