import { type Pod, podKey, type SettleStep, type SnapshotObjects, settle } from '@everynode/engine'
import type { Op } from './op.ts'
import { clusterOf } from './schedule-one.ts'

interface Input extends Partial<SnapshotObjects> {
  readonly pending?: readonly Pod[]
}

/** A case that goes on beyond this is none: the oracle refuses it. */
const MOST_STEPS = 900

/** The queue until nothing is left to try. */
export const settleOp: Op = {
  name: 'settle',
  answer(input, { version, expect }) {
    const { pending, ...objects } = input as Input
    const queued = (pending ?? []).toSorted((a, b) => createdAt(a) - createdAt(b))
    const steps: object[] = []
    const assignment = Object.fromEntries(queued.map(pod => [podKey(pod), '']))
    let ties = false
    const drawn = (expect as { readonly steps?: readonly { readonly node?: string }[] } | undefined)?.steps ?? []
    // Another node than the engine's own set has is a difference: the first by name stands.
    const draw = (best: readonly string[]): string => best.find(node => node === drawn[steps.length]?.node) ?? best[0]!
    for (const step of settle({ objects: clusterOf(objects), pending: queued, version, startTime, draw })) {
      if (steps.length === MOST_STEPS) break
      steps.push(stepAnswer(step))
      ties ||= hasTies(step)
      for (const victim of step.victims) if (podKey(victim) in assignment) assignment[podKey(victim)] = ''
      if (step.node !== undefined) assignment[podKey(step.pod)] = step.node
    }
    return { steps, assignment, ...(ties && { ties: true }) }
  },
}

/** ms since 1970; a pod without the field comes first. */
const createdAt = ({ metadata }: Pod): number =>
  metadata.creationTimestamp === undefined ? 0 : Date.parse(metadata.creationTimestamp)

/** Second n of 2026-07-01 UTC. */
const startTime = (cycle: number): string => new Date(Date.UTC(2026, 6, 1, 0, 0, cycle)).toISOString()

function stepAnswer({ pod, cycle, node, nominatedNode, victims }: SettleStep): object {
  return {
    pod: podKey(pod),
    ...(node !== undefined && { node }),
    ...(cycle.message !== undefined && { message: cycle.message }),
    ...(nominatedNode !== undefined && { nominatedNode }),
    ...(victims.length > 0 && { victims: victims.map(podKey) }),
  }
}

function hasTies({ cycle: { ties, preemption } }: SettleStep): boolean {
  if (preemption?.kind !== 'nominated') return ties
  return ties || preemption.chosen.candidate.ties || preemption.chosen.tied.length > 0
}
