import type { Pod } from '../api/core.ts'
import { targetNodeName } from '../daemonset/daemon-pod.ts'
import { scheduleOne } from '../framework/cycle.ts'
import type { DaemonModel } from './daemon-model.ts'
import { controllerOf } from './owners.ts'
import { pinnedMessage } from './pinned-message.ts'
import { isShareable, placeOn, samePlacement } from './placement.ts'
import { checkPlacements } from './self-check-placements.ts'
import type { SelfCheck } from './types.ts'
import type { World } from './world.ts'

type Difference = SelfCheck['differences'][number]

/** Pods that may go anywhere cost a look at every node; more looks than this in all are not spent on the check. */
const MOST_LOOKS = 20_000_000

/**
 * The engine against this cluster's own scheduler: for each Pending pod the text of its PodScheduled condition, for each bound daemon
 * pod that it passes the filters without itself. A text that differs is stale, not wrong, if the cluster changed after the condition.
 */
export function selfCheck(world: World): SelfCheck {
  const messages = checkMessages(world)
  const placements = checkPlacements(world)
  return {
    messages: { agree: messages.agree, of: messages.of, stale: messages.stale },
    placements: { agree: placements.agree, of: placements.of },
    differences: [...messages.differences, ...placements.differences],
  }
}

function checkMessages(world: World): { agree: number; of: number; stale: number; differences: readonly Difference[] } {
  const oracle = new Messages(world)
  const differences: Difference[] = []
  let agree = 0
  let stale = 0
  for (const pod of world.pods) {
    const theirs = schedulersText(pod)
    if (theirs === undefined) continue
    const ours = oracle.of(pod)
    if (ours.kind === 'not asked') continue
    if (ours.text === comparable(theirs)) agree++
    else if (isStale(world, pod, theirs)) stale++
    else {
      const node = targetNodeName(pod)
      differences.push({
        pod: `${pod.metadata.namespace ?? 'default'}/${pod.metadata.name ?? ''}`,
        ...(node === undefined ? {} : { node }),
        theirs,
        ours: ours.text ?? 'it fits',
      })
    }
  }
  return { agree, of: agree + differences.length, stale, differences }
}

/** What the scheduler wrote into the pod; undefined for a pod that it did not refuse. */
export function schedulersText(pod: Pod): string | undefined {
  const { nodeName, schedulerName } = pod.spec
  if (nodeName !== undefined && nodeName !== '') return undefined
  if (schedulerName !== undefined && schedulerName !== '' && schedulerName !== 'default-scheduler') return undefined
  const phase = pod.status?.phase
  if (phase === 'Failed' || phase === 'Succeeded' || pod.metadata.deletionTimestamp !== undefined) return undefined
  const condition = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')
  if (condition?.status !== 'False' || condition.reason !== 'Unschedulable') return undefined
  return condition.message === undefined || condition.message === '' ? undefined : condition.message
}

/** Until 1.34.2 the scheduler named the taint; the engine writes the later text. */
export function comparable(message: string): string {
  return message.replace(/untolerated taint \{[^}]*\}/g, 'untolerated taint(s)')
}

type Answer = { readonly kind: 'not asked' } | { readonly kind: 'text'; readonly text: string | undefined }
const NOT_ASKED: Answer = { kind: 'not asked' }

class Messages {
  readonly #world: World
  readonly #models: ReadonlyMap<string, DaemonModel>
  readonly #known = new Map<string, { readonly pod: Pod; readonly answer: Answer }>()
  #looks = 0

  constructor(world: World) {
    this.#world = world
    this.#models = new Map(world.models.map(model => [model.key, model]))
  }

  of(pod: Pod): Answer {
    const owner = controllerOf(pod.metadata)
    const model =
      owner?.kind === 'DaemonSet' ? this.#models.get(`${pod.metadata.namespace ?? 'default'}/${owner.name}`) : undefined
    if (model !== undefined && isShareable(pod)) {
      const answer = this.#pinned(model, pod)
      if (answer !== undefined) return answer
    }
    if (owner?.uid === undefined || model !== undefined || (pod.status?.nominatedNodeName ?? '') !== '')
      return this.#whole(pod)
    const known = this.#known.get(owner.uid)
    if (
      known !== undefined &&
      samePlacement(known.pod, pod) &&
      known.pod.spec.affinity === undefined &&
      pod.spec.affinity === undefined
    ) {
      return known.answer
    }
    const answer = this.#whole(pod)
    this.#known.set(owner.uid, { pod, answer })
    return answer
  }

  #pinned(model: DaemonModel, pod: Pod): Answer | undefined {
    const { snapshot, budgets, version } = this.#world
    const name = targetNodeName(pod)
    const node = name === undefined ? undefined : snapshot.nodeIndex(name)
    if (name === undefined || node === undefined) return undefined
    const prepared = model.prepared.of(pod)
    if (prepared.notModelled.length > 0) return NOT_ASKED
    const placement = placeOn(prepared, snapshot, budgets, node)
    if (placement.kind === 'fits') return { kind: 'text', text: undefined }
    const text = pinnedMessage(placement, name, snapshot.nodeCount, version)
    return text === undefined ? undefined : { kind: 'text', text }
  }

  #whole(pod: Pod): Answer {
    const { snapshot, budgets } = this.#world
    this.#looks += snapshot.nodeCount
    if (this.#looks > MOST_LOOKS) return NOT_ASKED
    const { message, prepared } = scheduleOne(pod, snapshot, budgets)
    return prepared.notModelled.length > 0 ? NOT_ASKED : { kind: 'text', text: message }
  }
}

/** True if nodes came or went, or pods or taints of the node changed, after the scheduler wrote. */
export function isStale(world: World, pod: Pod, theirs: string): boolean {
  const total = /0\/(\d+) nodes are available/.exec(theirs)?.[1]
  if (total !== undefined && Number(total) !== world.snapshot.nodeCount) return true
  const written = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')?.lastTransitionTime
  if (written === undefined) return false
  const name = targetNodeName(pod)
  const node = name === undefined ? undefined : world.snapshot.nodeIndex(name)
  const positions = node === undefined ? world.order : [node]
  return positions.some(position => changedAfter(world, position, written))
}

function changedAfter(world: World, position: number, written: string): boolean {
  const node = world.nodes[position]!
  const { creationTimestamp, deletionTimestamp } = node.metadata
  const times: (string | undefined)[] = [creationTimestamp, deletionTimestamp]
  for (const taint of node.spec?.taints ?? []) times.push(taint.timeAdded)
  for (const index of world.snapshot.podsOn(position)) {
    const { metadata, status } = world.snapshot.pod(index)
    times.push(metadata.creationTimestamp, metadata.deletionTimestamp, status?.startTime)
  }
  return times.some(time => time !== undefined && time > written)
}
