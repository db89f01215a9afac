import type { DaemonSet, IntOrString } from '../api/apps.ts'
import type { Pod } from '../api/core.ts'
import { REVISION_HASH_LABEL, TEMPLATE_GENERATION_LABEL, templateGeneration } from '../daemonset/daemon-pod.ts'
import { conditionOf, isReady, isTerminating } from './pod-state.ts'

/** What a controller does next, by node. */
export interface DaemonSteps {
  readonly create: readonly string[]
  readonly remove: readonly Pod[]
}

/** Facts about a DaemonSet's pods that a rollout asks for. */
export interface RolloutFacts {
  readonly daemonSet: DaemonSet
  readonly hash: string
  /** Simulated time, ms since 1970. */
  readonly now: number
  /** Pods by node, nodes in the order in which they are looked at: upstream's is that of a Go map. */
  readonly byNode: ReadonlyMap<string, readonly Pod[]>
  /** Nodes that should run the pod. */
  readonly wanted: ReadonlySet<string>
}

/** A count, or a percentage of `total` rounded up (`GetScaledValueFromIntOrPercent`, apimachinery `pkg/util/intstr`, v0.36.2). */
export function scaled(value: IntOrString | undefined, total: number): number {
  if (value === undefined) return 0
  if (typeof value === 'number') return value
  const percent = /^(\d+)%$/.exec(value)
  return percent === null ? 0 : Math.ceil((Number(percent[1]) * total) / 100)
}

export function isUpdated(pod: Pod, { daemonSet, hash }: RolloutFacts): boolean {
  const generation = templateGeneration(daemonSet)
  const labels = pod.metadata.labels ?? {}
  return (
    labels[REVISION_HASH_LABEL] === hash ||
    (generation !== undefined && labels[TEMPLATE_GENERATION_LABEL] === String(generation))
  )
}

export function isAvailable(pod: Pod, { daemonSet, now }: RolloutFacts): boolean {
  if (!isReady(pod)) return false
  const seconds = daemonSet.spec.minReadySeconds ?? 0
  const since = Date.parse(conditionOf(pod, 'Ready')?.lastTransitionTime ?? '')
  return seconds === 0 || since + seconds * 1000 <= now
}

/** How many pods may be missing, and how many may stand beside an old one (`updatedDesiredNodeCounts`, kubernetes pkg/controller/daemon/update.go, v1.36.2). */
export function rolloutBudget(
  { spec }: DaemonSet,
  desired: number,
): { readonly unavailable: number; readonly surge: number } {
  const rolling = spec.updateStrategy?.rollingUpdate
  const surge = scaled(rolling?.maxSurge, desired)
  const unavailable = scaled(rolling === undefined ? 1 : (rolling.maxUnavailable ?? 1), desired)
  return { unavailable: desired > 0 && surge === 0 && unavailable === 0 ? 1 : unavailable, surge }
}

/** The next steps of a rolling update (`rollingUpdate`, kubernetes pkg/controller/daemon/update.go, v1.36.2). */
export function rollingUpdate(facts: RolloutFacts): DaemonSteps {
  const { unavailable, surge } = rolloutBudget(facts.daemonSet, facts.wanted.size)
  return surge === 0 ? replaceInPlace(facts, unavailable) : replaceBeside(facts, surge)
}

interface OldAndNew {
  readonly nodeName: string
  readonly old: Pod | undefined
  readonly updated: Pod | undefined
  readonly excess: boolean
}

function oldAndNew(facts: RolloutFacts): readonly OldAndNew[] {
  const names = new Set([...facts.byNode.keys(), ...facts.wanted])
  return [...names].map(nodeName => {
    const live = (facts.byNode.get(nodeName) ?? []).filter(pod => !isTerminating(pod))
    const updated = live.filter(pod => isUpdated(pod, facts))
    const old = live.filter(pod => !isUpdated(pod, facts))
    return { nodeName, old: old[0], updated: updated[0], excess: old.length > 1 || updated.length > 1 }
  })
}

function replaceInPlace(facts: RolloutFacts, most: number): DaemonSteps {
  let missing = 0
  const broken: Pod[] = []
  const candidates: Pod[] = []
  for (const { old, updated, excess } of oldAndNew(facts)) {
    if (excess || (old === undefined) === (updated === undefined)) missing++
    else if (updated !== undefined) missing += isAvailable(updated, facts) ? 0 : 1
    else if (old !== undefined && !isAvailable(old, facts)) {
      broken.push(old)
      missing++
    } else if (old !== undefined && missing < most) candidates.push(old)
  }
  return { create: [], remove: [...broken, ...candidates.slice(0, Math.max(0, most - missing))] }
}

function replaceBeside(facts: RolloutFacts, most: number): DaemonSteps {
  let surging = 0
  let available = 0
  const remove: Pod[] = []
  const unwanted: Pod[] = []
  const now: string[] = []
  const later: string[] = []
  for (const { nodeName, old, updated, excess } of oldAndNew(facts)) {
    const judged = old ?? updated
    if (judged !== undefined && isAvailable(judged, facts)) available++
    if (excess) surging++
    else if (old === undefined) continue
    else if (updated !== undefined) {
      if (isAvailable(updated, facts)) remove.push(old)
      else surging++
    } else {
      const isWanted = facts.wanted.has(nodeName)
      if (!isAvailable(old, facts)) {
        if (isWanted) now.push(nodeName)
        else remove.push(old)
      } else if (!isWanted) unwanted.push(old)
      else if (surging < most) later.push(nodeName)
    }
  }
  return {
    create: [...now, ...later.slice(0, Math.max(0, most - surging))],
    remove: [...remove, ...unwanted.slice(0, Math.max(0, available - facts.wanted.size))],
  }
}
