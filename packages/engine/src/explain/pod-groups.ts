import type { Pod } from '../api/core.ts'
import { formatAsked } from '../coverage/amounts.ts'
import { notReadyReason } from '../coverage/daemon-pods.ts'
import { pendingSince } from '../coverage/finding.ts'
import { byText } from '../coverage/holders.ts'
import { podPriority } from '../snapshot/cluster-snapshot.ts'
import { type Judged, messageBeside } from './pending.ts'
import { isOrphan, isUnbound, ORPHAN, type PodWorld } from './pod-world.ts'
import { tryPlacing } from './trial.ts'
import type { MessageBeside, PodCounts, PodGroup, PodOutcome } from './types.ts'
import { autoscalerWord, waitingOf } from './waiting.ts'

/** True for a pod that runs on a node and is not being deleted. */
export function isRunning(pod: Pod): boolean {
  return !isUnbound(pod) && pod.metadata.deletionTimestamp === undefined && !isFinished(pod)
}

const isFinished = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed'

function isReady(pod: Pod): boolean {
  return isRunning(pod) && pod.status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True'
}

/** How many pods there are and how they do; finished ones are not counted. */
export function countPods(pods: readonly Pod[]): PodCounts {
  const counted = pods.filter(pod => !isFinished(pod))
  return {
    pods: counted.length,
    ready: counted.filter(isReady).length,
    pending: counted.filter(pod => isUnbound(pod) && pod.metadata.deletionTimestamp === undefined).length,
  }
}

/** Pods that fare alike for equal reasons, trouble first. */
export function groupPods(
  world: PodWorld,
  pods: readonly Pod[],
  judged: ReadonlyMap<Pod, Judged>,
): readonly PodGroup[] {
  const groups = new Map<
    string,
    { readonly pods: Pod[]; readonly outcome: PodOutcome; readonly nodes: PodGroup['nodes'] }
  >()
  for (const pod of pods) {
    const { outcome, nodes } = judged.get(pod) ?? { outcome: settled(world, pod), nodes: [] }
    const key = keyOf(pod, outcome, nodes)
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { pods: [pod], outcome, nodes })
    else known.pods.push(pod)
  }
  return [...groups.values()]
    .map(group => finish(world, group.pods, group.outcome, group.nodes, judged))
    .sort(
      (a, b) =>
        RANKS[rankOf(a.outcome)] - RANKS[rankOf(b.outcome)] ||
        b.pods.length - a.pods.length ||
        byText(a.pods[0]!, b.pods[0]!),
    )
}

/** What became of a pod that the scheduler has no more to do with. */
function settled(world: PodWorld, pod: Pod): PodOutcome {
  const { status, metadata } = pod
  if (isFinished(pod)) {
    const reason = status?.reason
    return { kind: 'finished', phase: status?.phase ?? '', ...(reason === undefined ? {} : { reason }) }
  }
  if (metadata.deletionTimestamp !== undefined) return { kind: 'terminating' }
  if (isOrphan(world, pod)) return { kind: 'bound', ready: false, reason: ORPHAN, nodes: [] }
  const ready = isReady(pod)
  return { kind: 'bound', ready, ...(ready ? {} : { reason: notReadyReason(pod) }), nodes: [] }
}

function keyOf(pod: Pod, outcome: PodOutcome, nodes: PodGroup['nodes']): string {
  const causes = nodes.map(
    ({ kind, pool, reasons, nodes: names }) => `${kind} ${pool} ${reasons.join()} ${names.length}`,
  )
  return JSON.stringify([
    outcome.kind,
    outcome.kind === 'bound' ? [outcome.ready, outcome.reason] : [],
    outcome.kind === 'finished' ? [outcome.phase, outcome.reason] : [],
    outcome.kind === 'gated' ? outcome.gates : [],
    outcome.kind === 'unknown' ? outcome.needs : [],
    outcome.kind === 'blocked' ? outcome.reason?.plugin : '',
    isUnbound(pod) ? [podPriority(pod), causes] : [],
  ])
}

type Rank = PodOutcome['kind'] | 'not ready'
const RANKS: Readonly<Record<Rank, number>> = {
  blocked: 0,
  unknown: 1,
  preempts: 2,
  waits: 3,
  gated: 4,
  lands: 5,
  'not ready': 6,
  terminating: 7,
  bound: 8,
  finished: 9,
}

const rankOf = (outcome: PodOutcome): Rank => (outcome.kind === 'bound' && !outcome.ready ? 'not ready' : outcome.kind)

function finish(
  world: PodWorld,
  pods: readonly Pod[],
  outcome: PodOutcome,
  nodes: PodGroup['nodes'],
  judged: ReadonlyMap<Pod, Judged>,
): PodGroup {
  const first = pods[0]!
  const { priorityClassName, preemptionPolicy } = first.spec
  const autoscaler = isUnbound(first) ? autoscalerWord(world.dump.events ?? [], pods) : undefined
  const whole = wholeOutcome(world, pods, outcome)
  const message = worstMessage(world, pods, judged)
  const since = pods.flatMap(pod => sinceOf(pod, outcome) ?? []).sort(byText)[0]
  const nominated = pods.map(({ status }) => status?.nominatedNodeName ?? '').find(name => name !== '')
  return {
    outcome: whole,
    pods: pods.map(({ metadata }) => metadata.name ?? ''),
    asks: formatAsked(world.snapshot, world.snapshot.incoming(first)),
    priority: podPriority(first),
    ...(priorityClassName === undefined || priorityClassName === '' ? {} : { priorityClassName }),
    preemptionPolicy: preemptionPolicy ?? 'PreemptLowerPriority',
    ...(since === undefined ? {} : { since }),
    ...(nominated === undefined || !isUnbound(first) ? {} : { nominatedNode: nominated }),
    nodes,
    ...(message === undefined ? {} : { message }),
    ...(autoscaler === undefined ? {} : { autoscaler }),
    ...waitingOf(world, pods, whole, autoscaler),
  }
}

function sinceOf(pod: Pod, outcome: PodOutcome): string | undefined {
  if (isUnbound(pod)) return pendingSince(pod)
  if (outcome.kind === 'terminating') return pod.metadata.deletionTimestamp
  if (outcome.kind !== 'bound' || outcome.ready) return undefined
  return pod.status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime
}

/** The outcome as it is for all pods of a group: where they run, and how many land one after the other. */
function wholeOutcome(world: PodWorld, pods: readonly Pod[], outcome: PodOutcome): PodOutcome {
  if (outcome.kind === 'lands' && pods.length > 1)
    return { ...outcome, landing: tryPlacing(world, { pending: pods, withoutPreemption: true }).landing }
  if (outcome.kind !== 'bound') return outcome
  const counts = new Map<string, number>()
  for (const { spec } of pods) counts.set(spec.nodeName ?? '', (counts.get(spec.nodeName ?? '') ?? 0) + 1)
  return {
    ...outcome,
    nodes: [...counts]
      .map(([node, number]) => ({ node, pods: number }))
      .sort((a, b) => b.pods - a.pods || byText(a.node, b.node)),
  }
}

const WORST: readonly MessageBeside['verdict'][] = ['differs', 'stale', 'not compared', 'agrees']

function worstMessage(
  world: PodWorld,
  pods: readonly Pod[],
  judged: ReadonlyMap<Pod, Judged>,
): MessageBeside | undefined {
  const messages = pods.flatMap(pod => {
    const one = judged.get(pod)
    return (one && messageBeside(world, pod, one)) ?? []
  })
  for (const verdict of WORST) {
    const found = messages.find(message => message.verdict === verdict)
    if (found !== undefined) return found
  }
  return undefined
}
