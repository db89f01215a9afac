import type { Pod } from '../../api/core.ts'
import { REVISION_HASH_LABEL } from '../daemon-pod.ts'
import { isPodReady } from '../pod-availability.ts'
import { failedPodBackOff } from './back-off.ts'
import { all, cutToBurst, joined, some } from './draw.ts'
import { isLive, nameOf, type SyncFacts } from './facts.ts'
import { allowsSurge } from './limits.ts'
import type { Choose, DaemonSetEvent, Drawn } from './types.ts'

/** What is to be repaired before a rollout goes on. */
export interface Repairs {
  readonly creates: Drawn
  readonly deletes: Drawn
  readonly kills: readonly string[]
  readonly events: readonly DaemonSetEvent[]
  /** Seconds after which the DaemonSet is to be looked at again. */
  readonly waits: readonly number[]
}

/**
 * Nodes without the pod that they should have, and pods that are too many, unwanted or finished
 * (`manage`, `podsShouldBeOnNode`, kubernetes `pkg/controller/daemon/daemon_controller.go`, v1.36.2).
 */
export function manage(facts: SyncFacts, choose: Choose): Repairs {
  const { daemonSet, decisions, byNode } = facts
  const surges = allowsSurge(daemonSet)
  const creates: string[] = []
  const deletes: Drawn[] = []
  const kills: string[] = []
  const events: DaemonSetEvent[] = []
  const waits: number[] = []
  for (const [name, { shouldRun, shouldContinueRunning }] of decisions) {
    const pods = byNode.get(name)
    if (pods === undefined) {
      if (shouldRun) creates.push(name)
      continue
    }
    const live = pods.filter(isLive)
    if (!shouldContinueRunning) {
      deletes.push(all(live.map(nameOf)))
      continue
    }
    const finished = finishedPods(facts, name, live, choose)
    deletes.push(finished.deletes)
    if (finished.killed) kills.push(name)
    events.push(...finished.events)
    waits.push(...finished.waits)
    const running = live.filter(({ status }) => status?.phase !== 'Failed' && status?.phase !== 'Succeeded')
    if (!surges) deletes.push(all(running.slice(1).map(nameOf)))
    else if (running.length > 0) deletes.push(all(superfluous(facts, running).map(nameOf)))
    else if (shouldRun) creates.push(name)
  }
  const parts = [joined(deletes), all(unboundWithoutNode(facts))]
  return { creates: cutToBurst([all(creates)], choose), deletes: cutToBurst(parts, choose), kills, events, waits }
}

interface Finished {
  readonly deletes: Drawn
  readonly killed: boolean
  readonly events: readonly DaemonSetEvent[]
  readonly waits: readonly number[]
}

/**
 * Of a node's failed pods one is killed unless the node is in back-off; that puts the others into back-off. Upstream lists orphans behind
 * own pods, so that none of them is killed while an own one failed.
 */
function finishedPods(facts: SyncFacts, node: string, live: readonly Pod[], choose: Choose): Finished {
  const { kills, now, daemonSet, adopted } = facts
  const failed = live.filter(({ status }) => status?.phase === 'Failed')
  const succeeded = live.filter(({ status }) => status?.phase === 'Succeeded').map(nameOf)
  const { namespace = 'default' } = daemonSet.metadata
  const events: DaemonSetEvent[] = succeeded.map(pod => ({
    type: 'Normal',
    reason: 'SucceededDaemonPod',
    message: `Found succeeded daemon pod ${namespace}/${pod} on node ${node}, will try to delete it`,
  }))
  if (failed.length === 0) return { deletes: all(succeeded), killed: false, events, waits: [] }
  const { wait, next } = failedPodBackOff(kills[node], now)
  if (wait !== undefined) return { deletes: all(succeeded), killed: false, events, waits: [wait] }
  const own = failed.filter(pod => !adopted.has(pod))
  const victim = some(1, (own.length > 0 ? own : failed).map(nameOf), choose)
  for (const pod of victim.taken) {
    events.push({
      type: 'Warning',
      reason: 'FailedDaemonPod',
      message: `Found failed daemon pod ${namespace}/${pod} on node ${node}, will try to kill it`,
      ...(victim.chooseN > 0 && { drawn: true }),
    })
  }
  return {
    deletes: joined([victim, all(succeeded)]),
    killed: true,
    events,
    waits: failed.length > 1 ? [next] : [],
  }
}

/** With surge a node keeps the oldest new and the oldest other pod, the latter until the new one is available or it is not ready itself. */
function superfluous({ hash, isAvailable }: SyncFacts, running: readonly Pod[]): readonly Pod[] {
  if (running.length < 2) return []
  const isNew = ({ metadata }: Pod): boolean => (metadata.labels?.[REVISION_HASH_LABEL] ?? '') === hash
  const newPod = running.find(isNew)
  const oldPod = running.find(pod => !isNew(pod))
  const rest = running.filter(pod => pod !== newPod && pod !== oldPod)
  if (newPod === undefined || oldPod === undefined) return rest
  return !isPodReady(oldPod) || isAvailable(newPod) ? [...rest, oldPod] : rest
}

/** Pods that wait for a node that is gone, which nobody else deletes. */
function unboundWithoutNode({ decisions, byNode }: SyncFacts): readonly string[] {
  const names: string[] = []
  for (const [node, pods] of byNode) {
    if (decisions.has(node)) continue
    for (const pod of pods) if (!pod.spec.nodeName) names.push(nameOf(pod))
  }
  return names
}
