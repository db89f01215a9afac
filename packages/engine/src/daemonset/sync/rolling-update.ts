import type { Pod } from '../../api/core.ts'
import { all, cutToBurst, NOTHING_DRAWN, some } from './draw.ts'
import { isLive, nameOf, type SyncFacts } from './facts.ts'
import { rolloutLimits } from './limits.ts'
import { surge } from './surge.ts'
import type { Choose, Drawn } from './types.ts'

/** The next step of a rollout, or the error that keeps it from any. */
export type RolloutStep =
  | { readonly kind: 'step'; readonly creates: Drawn; readonly deletes: Drawn }
  | { readonly kind: 'error'; readonly text: string }

/** A node's pods that are not being deleted, by template; `excess` if there are two of a kind. */
export interface OldAndNew {
  readonly node: string
  readonly newPod: Pod | undefined
  readonly oldPod: Pod | undefined
  readonly excess: boolean
}

/** The next step of a rolling update, within maxUnavailable or maxSurge (`rollingUpdate`, kubernetes `pkg/controller/daemon/update.go`, v1.36.2). */
export function rollingUpdate(facts: SyncFacts, choose: Choose): RolloutStep {
  const wanted: string[] = []
  for (const [name, { shouldRun }] of facts.decisions) if (shouldRun) wanted.push(name)
  const limits = rolloutLimits(facts.daemonSet, wanted.length)
  if (limits.kind === 'error') return { kind: 'error', text: `couldn't get unavailable numbers: ${limits.text}` }
  const pairs = oldAndNew(facts, wanted)
  if (limits.maxSurge !== 0) return surge(facts, pairs, { desired: wanted.length, maxSurge: limits.maxSurge }, choose)
  return { kind: 'step', creates: NOTHING_DRAWN, deletes: replace(facts, pairs, limits.maxUnavailable, choose) }
}

/** Deletes the old pods that are not available, and of the others as many as maxUnavailable allows. */
function replace(
  { isAvailable }: SyncFacts,
  pairs: readonly OldAndNew[],
  maxUnavailable: number,
  choose: Choose,
): Drawn {
  let unavailable = 0
  const broken: string[] = []
  const candidates: string[] = []
  for (const { newPod, oldPod, excess } of pairs) {
    if (excess || (newPod === undefined) === (oldPod === undefined)) unavailable++
    else if (newPod !== undefined) unavailable += isAvailable(newPod) ? 0 : 1
    else if (oldPod !== undefined && !isAvailable(oldPod)) {
      broken.push(nameOf(oldPod))
      unavailable++
    } else if (oldPod !== undefined) candidates.push(nameOf(oldPod))
  }
  // Upstream stops collecting candidates when the limit is reached, which is when it takes none of them.
  return cutToBurst([all(broken), some(maxUnavailable - unavailable, candidates, choose)], choose)
}

/** Nodes with pods, in the order of the nodes, then those that are gone; and wanted nodes without pods. */
function oldAndNew({ byNode, decisions, isUpdated }: SyncFacts, wanted: readonly string[]): readonly OldAndNew[] {
  const isWanted = new Set(wanted)
  const names = new Set([...decisions.keys()].filter(name => isWanted.has(name) || byNode.has(name)))
  for (const name of byNode.keys()) names.add(name)
  return [...names].map(node => {
    const live = (byNode.get(node) ?? []).filter(isLive)
    const updated = live.filter(isUpdated)
    const old = live.filter(pod => !isUpdated(pod))
    return { node, newPod: updated[0], oldPod: old[0], excess: updated.length > 1 || old.length > 1 }
  })
}
