import type { KubeEvent, Pod, Toleration } from '../api/core.ts'
import { taintRole } from '../coverage/node-facts.ts'
import { placeOn } from '../coverage/placement.ts'
import { preparePod } from '../framework/prepared-pod.ts'
import { ORPHAN, type PodWorld } from './pod-world.ts'
import { tryPlacing } from './trial.ts'
import type { PodGroup, PodOutcome } from './types.ts'

type Waiting = Pick<PodGroup, 'waiting' | 'waitingWhy'>

/** Does it get better by itself for these pods, which fare alike? */
export function waitingOf(
  world: PodWorld,
  pods: readonly Pod[],
  outcome: PodOutcome,
  autoscaler: PodGroup['autoscaler'],
): Waiting {
  switch (outcome.kind) {
    case 'bound':
      if (outcome.ready) return { waiting: 'needless', waitingWhy: '' }
      if (outcome.reason === ORPHAN)
        return {
          waiting: 'cannot tell',
          waitingWhy: 'if the node is gone, the pod garbage collector deletes the pod within a minute',
        }
      return { waiting: 'cannot tell', waitingWhy: 'the pod is bound: its containers decide, not the scheduler' }
    case 'finished':
      return { waiting: 'needless', waitingWhy: '' }
    case 'terminating':
      return { waiting: 'helps', waitingWhy: 'the pod ends' }
    case 'lands':
      return landing(world, pods, outcome.landing)
    case 'preempts':
      return {
        waiting: 'helps',
        waitingWhy: `the scheduler evicts ${outcome.victims.length === 1 ? 'a pod' : 'pods'} of lower priority and binds it when ${outcome.victims.length === 1 ? 'it is' : 'they are'} gone`,
      }
    case 'waits':
      return { waiting: 'helps', waitingWhy: `there is room when they are gone, ${outcome.graceSeconds} s at most` }
    case 'gated':
      return { waiting: 'cannot tell', waitingWhy: 'whoever set the gates lifts them' }
    case 'unknown':
      return { waiting: 'cannot tell', waitingWhy: '' }
    case 'blocked':
      return blocked(world, pods[0]!, outcome, autoscaler)
  }
}

function landing(world: PodWorld, pods: readonly Pod[], now: number): Waiting {
  const them = pods.length === 1 ? 'it' : 'them'
  if (now >= pods.length) return { waiting: 'helps', waitingWhy: `the scheduler binds ${them} at its next try` }
  const start = `the scheduler binds ${now} of them at its next tries`
  return tryPlacing(world, { pending: pods }).landing === pods.length
    ? { waiting: 'helps', waitingWhy: `${start}, and evicts pods of lower priority for the rest` }
    : { waiting: 'cannot tell', waitingWhy: `${start}; then the nodes that are there have no room for the rest` }
}

function blocked(
  world: PodWorld,
  pod: Pod,
  { reason }: Extract<PodOutcome, { kind: 'blocked' }>,
  autoscaler: PodGroup['autoscaler'],
): Waiting {
  if (reason !== undefined) return rejected(reason.text)
  if (world.going.length > 0 && tryPlacing(world, { pending: [pod], withoutGoing: true }).landing > 0)
    return { waiting: 'helps', waitingWhy: 'pods are being deleted: then there is room' }
  const joining = joiningNode(world, pod)
  if (joining !== undefined)
    return { waiting: 'helps', waitingWhy: `${joining} is joining: it takes the pod when its startup taints are gone` }
  if (autoscaler?.helps === true) return { waiting: 'helps', waitingWhy: 'a node comes for it' }
  if (autoscaler?.helps === false)
    return { waiting: 'does not help', waitingWhy: 'no pod leaves by itself, and the autoscaler adds no node for it' }
  if (world.owners.topOf(pod).daemon)
    return { waiting: 'does not help', waitingWhy: 'no pod leaves by itself, and nobody adds a node for a daemon pod' }
  if (world.karpenter)
    return {
      waiting: 'cannot tell',
      waitingWhy:
        'on the nodes that are there nothing changes by itself; whether Karpenter adds one for it takes a model of Karpenter',
    }
  return { waiting: 'does not help', waitingWhy: 'no pod leaves by itself, and nothing in the dump adds nodes' }
}

function rejected(text: string): Waiting {
  if (/^waiting for ephemeral volume controller/.test(text))
    return { waiting: 'helps', waitingWhy: 'the controller makes the claim' }
  if (/unbound immediate PersistentVolumeClaims/.test(text))
    return { waiting: 'cannot tell', waitingWhy: 'whoever provisions the volume decides' }
  return { waiting: 'does not help', waitingWhy: 'the scheduler looks at no node until that has changed' }
}

/** A young node that takes the pod but for taints that fall when it is ready. */
function joiningNode(world: PodWorld, pod: Pod): string | undefined {
  const { snapshot, budgets, facts, nodes } = world
  for (const node of snapshot.order) {
    if (facts[node]!.state !== 'joining') continue
    const passing: readonly Toleration[] = (nodes[node]!.spec?.taints ?? [])
      .filter(taint => taintRole(taint, facts[node]!) !== 'permanent')
      .map(({ key, effect }) => ({ key, operator: 'Exists', effect }))
    const tolerations = [...(pod.spec.tolerations ?? []), ...passing]
    const prepared = preparePod({ ...pod, spec: { ...pod.spec, tolerations } }, snapshot)
    if (placeOn(prepared, snapshot, budgets, node).kind === 'fits') return snapshot.nodeName(node)
  }
  return undefined
}

const COMES = /^(Nominated|TriggeredScaleUp)$/
const REFUSES = /^(NotTriggerScaleUp)$/
const KARPENTER_REFUSES = /^Failed to schedule pod,/

/** The newest word of Karpenter or the cluster-autoscaler about a pod. */
export function autoscalerWord(events: readonly KubeEvent[], pods: readonly Pod[]): PodGroup['autoscaler'] {
  if (events.length === 0) return undefined
  const names = new Set(pods.map(({ metadata }) => `${metadata.namespace ?? 'default'}/${metadata.name ?? ''}`))
  let newest: { readonly time: string; readonly word: NonNullable<PodGroup['autoscaler']> } | undefined
  for (const event of events) {
    const object = event.involvedObject ?? event.regarding
    if (object?.kind !== 'Pod') continue
    const reason = event.reason ?? ''
    const message = event.message ?? event.note ?? ''
    const helps = COMES.test(reason)
    if (!helps && !REFUSES.test(reason) && !(reason === 'FailedScheduling' && KARPENTER_REFUSES.test(message))) continue
    if (!names.has(`${object.namespace ?? 'default'}/${object.name ?? ''}`)) continue
    const time =
      event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp ?? event.metadata.creationTimestamp ?? ''
    if (newest === undefined || time >= newest.time) newest = { time, word: { reason, message, helps } }
  }
  return newest?.word
}
