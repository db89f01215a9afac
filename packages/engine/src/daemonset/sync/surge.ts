import { goQuote } from '../../go-text.ts'
import { all, cutToBurst, some } from './draw.ts'
import { nameOf, type SyncFacts } from './facts.ts'
import type { OldAndNew, RolloutStep } from './rolling-update.ts'
import type { Choose } from './types.ts'

/**
 * The next step of a rolling update that adds a new pod before it takes the old one away: at most maxSurge nodes at a time, nodes whose
 * old pod is not available at once (`rollingUpdate`, kubernetes `pkg/controller/daemon/update.go`, v1.36.2).
 */
export function surge(
  { decisions, isAvailable }: SyncFacts,
  pairs: readonly OldAndNew[],
  { desired, maxSurge }: { readonly desired: number; readonly maxSurge: number },
  choose: Choose,
): RolloutStep {
  let surging = 0
  let available = 0
  const replaced: string[] = []
  const unwanted: string[] = []
  const urgent: string[] = []
  const candidates: string[] = []
  for (const { node, newPod, oldPod, excess } of pairs) {
    if (excess) {
      surging++
      continue
    }
    const judged = oldPod ?? newPod
    if (judged !== undefined && isAvailable(judged)) available++
    if (oldPod === undefined) continue
    if (newPod !== undefined) {
      if (isAvailable(newPod)) replaced.push(nameOf(oldPod))
      else surging++
      continue
    }
    const decision = decisions.get(node)
    // Upstream comes upon such nodes in random order, so that it may name another.
    if (decision === undefined) {
      return { kind: 'error', text: `couldn't get node for nodeName ${goQuote(node)}: node ${goQuote(node)} not found` }
    }
    const isOldAvailable = isAvailable(oldPod)
    if (decision.shouldRun) (isOldAvailable ? candidates : urgent).push(node)
    else (isOldAvailable ? unwanted : replaced).push(nameOf(oldPod))
  }
  return {
    kind: 'step',
    creates: cutToBurst([all(urgent), some(maxSurge - surging, candidates, choose)], choose),
    deletes: cutToBurst([all(replaced), some(available - desired, unwanted, choose)], choose),
  }
}
