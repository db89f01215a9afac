import type { Pod } from '../api/core.ts'
import { formatAmount } from '../coverage/amounts.ts'
import { amountHeld } from '../coverage/holders.ts'
import type { Placement } from '../coverage/placement.ts'
import { podPriority } from '../snapshot/cluster-snapshot.ts'
import type { PodWorld } from './pod-world.ts'

/** Why no eviction makes room on a node: `text` with the node's numbers, `key` equal for nodes of one cause; undefined where evictions have nothing to do with it. */
export function whyNotEvict(
  world: PodWorld,
  pod: Pod,
  node: number,
  placement: Extract<Placement, { kind: 'blocked' }>,
): { readonly text: string; readonly key: string } | undefined {
  const { snapshot } = world
  const priority = podPriority(pod)
  const { priorityClassName } = pod.spec
  const className = priorityClassName === '' ? undefined : priorityClassName
  switch (placement.untried) {
    case 'rejected':
      return undefined
    case 'policy Never':
      return {
        key: 'never',
        text: `preemptionPolicy Never${className === undefined ? '' : ` of ${className}`} forbids evictions`,
      }
    case 'unresolvable':
      return undefined
    default:
  }
  if (placement.dryRun?.kind !== 'does not fit') {
    const equal = snapshot.podsOn(node).some(index => snapshot.podPriorities.cells[index] === priority)
    const named = className === undefined ? `its priority is ${priority}` : `${className} is ${priority}`
    const text =
      equal && priority !== 0
        ? `${named}, and so are the pods it would have to evict`
        : `no pod there has a priority below ${priority}`
    return { key: `none below ${priority}`, text }
  }
  const lower = snapshot.podsOn(node).filter(index => snapshot.podPriorities.cells[index]! < priority)
  for (const { amounts } of placement.reasons) {
    if (amounts === undefined) continue
    const { resource, asked } = amounts
    const free = lower.reduce((sum, index) => sum + amountHeld(snapshot, index, resource), amounts.free)
    if (free >= asked) continue
    const text = `without every pod below ${priority} only ${formatAmount(resource, free)} ${resource} would be free, ${formatAmount(resource, asked)} is asked`
    return { key: `short ${resource}`, text }
  }
  const texts = placement.dryRun.texts.join(', ')
  return { key: `still ${texts}`, text: `what is in the way stays even without every pod below ${priority}: ${texts}` }
}
