import type { DisruptionBudgets } from '../preemption/budgets.ts'
import { preemptOn } from '../preemption/preempt.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import type { Cycle, NodeVerdict } from './cycle.ts'
import { postFilterOf } from './cycle-texts.ts'
import { FITS, type FilterCode, UNRESOLVABLE } from './filter-plugin.ts'
import { fitErrorText } from './fit-error.ts'
import { filterWithNominated, rejectionWithNominated } from './nominated.ts'
import type { PinnedPod } from './pinned-pod.ts'
import type { Rejection } from './prepared-pod.ts'
import type { NodeScore } from './score.ts'

/**
 * The whole cycle of a pinned pod without a nomination, in a cluster that has nodes: one node is looked at, and nothing is scored
 * (kubernetes pkg/scheduler/schedule_one.go, v1.36.2).
 */
export function schedulePinned(
  prepared: PinnedPod,
  snapshot: ClusterSnapshot,
  budgets: DisruptionBudgets,
  start: number,
): Cycle {
  const { target } = prepared
  const { nodeCount } = snapshot
  const nextStart = (start + (target === undefined ? 0 : 1)) % nodeCount
  let code: FilterCode = UNRESOLVABLE
  let rejection: Rejection | undefined
  if (target !== undefined) {
    if (snapshot.nominated.size > 0) {
      code = filterWithNominated(prepared, snapshot, target)
      if (code !== FITS) rejection = rejectionWithNominated(prepared, snapshot, target)
    } else {
      const filter = prepared.rejecting(target)
      code = filter ? filter.filter(target) : FITS
      if (filter) rejection = { plugin: filter.plugin, texts: filter.texts(target) }
    }
    if (code === FITS) return new PinnedCycle(prepared, nextStart, FITTING, undefined, '', undefined)
  }
  const preemption = preemptOn(prepared, snapshot, budgets, target, code)
  const postFilterMessage = postFilterOf(preemption, snapshot)
  const explicit = target === undefined ? NO_LISTS : [rejection?.texts ?? NO_NAMES]
  const message = fitErrorText({ explicit, total: nodeCount, absent: ABSENT.reason }, undefined, postFilterMessage)
  const verdict = target === undefined ? undefined : { code, rejection }
  return new PinnedCycle(prepared, nextStart, verdict, message, postFilterMessage, preemption)
}

class PinnedCycle implements Cycle {
  readonly prepared: PinnedPod
  readonly nextStart: number
  readonly message: string | undefined
  readonly postFilterMessage: string
  readonly preemption: Cycle['preemption']
  readonly ties = false
  private readonly verdict: NodeVerdict | undefined
  private verdicts: ReadonlyMap<number, NodeVerdict> | undefined

  constructor(
    prepared: PinnedPod,
    nextStart: number,
    verdict: NodeVerdict | undefined,
    message: string | undefined,
    postFilterMessage: string,
    preemption: Cycle['preemption'],
  ) {
    this.prepared = prepared
    this.nextStart = nextStart
    this.verdict = verdict
    this.message = message
    this.postFilterMessage = postFilterMessage
    this.preemption = preemption
  }

  get selectedNode(): number | undefined {
    return this.preemption ? undefined : this.prepared.target
  }

  get absent(): Cycle['absent'] {
    return this.preemption ? ABSENT : undefined
  }

  get filtered(): ReadonlyMap<number, NodeVerdict> {
    const { verdict, prepared } = this
    this.verdicts ??= new Map(verdict && prepared.target !== undefined ? [[prepared.target, verdict]] : [])
    return this.verdicts
  }

  get best(): readonly number[] {
    return NO_NODES
  }

  get unknownScores(): readonly string[] {
    return NO_NAMES
  }

  get scores(): ReadonlyMap<number, NodeScore> {
    return NO_SCORES
  }
}

/** NodeAffinity keeps the pod off all other nodes. */
const ABSENT = {
  code: 'UnschedulableAndUnresolvable',
  plugin: '',
  reason: "node(s) didn't satisfy plugin(s) [NodeAffinity]",
} as const
const FITTING: NodeVerdict = { code: FITS, rejection: undefined }
const NO_LISTS: readonly (readonly string[])[] = []
const NO_NODES: readonly number[] = []
const NO_NAMES: readonly string[] = []
const NO_SCORES: ReadonlyMap<number, NodeScore> = new Map()
