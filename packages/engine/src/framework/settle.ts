import type { Pod } from '../api/core.ts'
import { DisruptionBudgets } from '../preemption/budgets.ts'
import { podKey, podPriority, type SnapshotObjects } from '../snapshot/cluster-snapshot.ts'
import type { NodeIndex, PodIndex } from '../snapshot/indices.ts'
import { DEFAULT_VERSION, DIFFERENCES, type KubernetesVersion } from '../versions.ts'
import { type Cycle, rejectingPlugins, scheduleOne } from './cycle.ts'
import { NominatingSnapshot } from './nominator.ts'
import { byCodeUnit } from './prepared-pod.ts'
import { type QueuedPod, SchedulingQueue } from './queue.ts'

/** How long a cycle lasts and how far apart pods come, ms: so short that no back-off ends. */
const TICK_MS = 1
const OWN_LISTS = { pods: [] }

/** What settling starts from. */
export interface SettleInput {
  /** The cluster; pods that are not bound are left out. */
  readonly objects: SnapshotObjects
  /** In the order in which they enter the queue. */
  readonly pending: readonly Pod[]
  readonly version?: KubernetesVersion
  /** `status.startTime` of a pod that is bound in cycle n, counted from 1; RFC 3339. */
  readonly startTime: (cycle: number) => string
  /** Which of the nodes of equal total, sorted by name, is taken where upstream draws; the first if absent. */
  readonly draw?: (best: readonly string[]) => string
}

/** One cycle and what came of it. */
export interface SettleStep {
  readonly pod: Pod
  readonly cycle: Cycle
  /** The node that the pod is bound to; absent after a failure. */
  readonly node: string | undefined
  /** The node that preemption nominated in this cycle. */
  readonly nominatedNode: string | undefined
  /** Pods that go, most important first; they are gone before the next cycle. */
  readonly victims: readonly Pod[]
}

/**
 * Runs the queue, cycle after cycle, until no pod is active or backs off: bound pods start at once, victims are gone before the next
 * cycle, nobody makes new pods, budgets do not change (kubernetes pkg/scheduler/schedule_one.go and eventhandlers.go, v1.36.2, with
 * synchronous preemption). It need not end: pods that preempt each other's room without end do so here.
 */
export function* settle(input: SettleInput): Generator<SettleStep, void, undefined> {
  const settling = new Settling(input)
  for (let step = settling.step(); step; step = settling.step()) yield step
}

class Settling {
  private readonly input: SettleInput
  private readonly version: KubernetesVersion
  private readonly snapshot: NominatingSnapshot
  private readonly queue: SchedulingQueue
  private readonly budgets: DisruptionBudgets
  private now = 0
  private cycles = 0
  private start = 0

  constructor(input: SettleInput) {
    this.input = input
    this.version = input.version ?? DEFAULT_VERSION
    this.snapshot = new NominatingSnapshot({ ...input.objects, ...OWN_LISTS }, this.version)
    this.queue = new SchedulingQueue(this.version)
    this.budgets = new DisruptionBudgets(this.snapshot.podDisruptionBudgets)
    for (const pod of input.objects.pods) this.takeBound(pod)
    for (const pod of input.pending) {
      this.now += TICK_MS
      this.queue.add(pod, this.now)
      if (!pod.spec.schedulingGates?.length) this.snapshot.nominate(pod, undefined)
    }
  }

  step(): SettleStep | undefined {
    const { snapshot } = this
    this.now += TICK_MS
    const queued = this.queue.pop(this.now)
    if (!queued) return undefined
    this.cycles++
    const { pod } = queued
    const cycle = scheduleOne(pod, snapshot, this.budgets, this.start)
    this.start = cycle.nextStart
    if (cycle.selectedNode !== undefined) return this.bind(pod, cycle, this.draw(cycle, cycle.selectedNode))
    return this.fail(queued, cycle)
  }

  private takeBound(pod: Pod): void {
    const node = this.snapshot.nodeIndex(pod.spec.nodeName ?? '')
    const finished = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
    if (node !== undefined && !finished) this.snapshot.addPod(pod, node)
  }

  private draw({ ties, best }: Cycle, selected: number): number {
    const { draw } = this.input
    if (!draw || !ties) return selected
    const name = draw(best.map(node => this.snapshot.nodeName(node)).sort(byCodeUnit))
    return this.snapshot.nodeIndex(name) ?? selected
  }

  private bind(pod: Pod, cycle: Cycle, selected: number): SettleStep {
    const { snapshot, queue } = this
    const nodeName = snapshot.nodeName(selected)
    const startTime = this.input.startTime(this.cycles)
    const bound: Pod = { ...pod, spec: { ...pod.spec, nodeName }, status: { ...pod.status, startTime } }
    snapshot.withdraw(podKey(pod))
    snapshot.addPod(bound, selected as NodeIndex)
    queue.happened({ kind: 'pod bound', pod: bound }, this.now)
    if (DIFFERENCES[this.version].bindingEndsNomination && pod.status?.nominatedNodeName)
      queue.happened({ kind: 'pod gone', pod }, this.now, podPriority(pod))
    return { pod, cycle, node: nodeName, nominatedNode: undefined, victims: [] }
  }

  private fail(queued: QueuedPod, cycle: Cycle): SettleStep {
    const { snapshot } = this
    const { pod } = queued
    const chosen = cycle.preemption?.kind === 'nominated' ? cycle.preemption.chosen.candidate : undefined
    const victims = chosen?.victims ?? []
    const nominees = chosen ? snapshot.lowerNominees(chosen.node, podPriority(pod)) : []
    const nominatedNode = chosen && snapshot.nodeName(chosen.node)
    this.queue.failed(queued, pod, rejectingPlugins(cycle), this.now)
    const nomination = nominationOf(cycle.preemption, nominatedNode)
    snapshot.nominate(pod, nomination)
    const gone = victims.map(victim => snapshot.pod(victim))
    // What the scheduler has asked the API server for comes true in the order of its requests; what was going goes last.
    for (const victim of victims) if (!isTerminating(snapshot.pod(victim))) this.delete(victim)
    for (const nominee of nominees) this.changeNomination(nominee, '')
    if (nomination !== undefined) this.changeNomination(pod, nomination)
    for (const victim of victims) if (isTerminating(snapshot.pod(victim))) this.delete(victim)
    return { pod, cycle, node: undefined, nominatedNode, victims: gone }
  }

  private delete(victim: PodIndex): void {
    const pod = this.snapshot.pod(victim)
    this.snapshot.removePod(victim)
    this.queue.happened({ kind: 'pod gone', pod }, this.now)
  }

  /** Writes `status.nominatedNodeName`; who leaves a node lets others of its priority and less try again. */
  private changeNomination(pod: Pod, nominatedNodeName: string): void {
    const before = pod.status?.nominatedNodeName ?? ''
    if (before === nominatedNodeName) return
    const { nominatedNodeName: _, ...status } = pod.status ?? {}
    const after: Pod = { ...pod, status: nominatedNodeName === '' ? status : { ...status, nominatedNodeName } }
    this.queue.update(after)
    this.snapshot.renominate(pod, after)
    if (before !== '') this.queue.happened({ kind: 'pod gone', pod }, this.now, podPriority(pod))
  }
}

const isTerminating = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined

/** The nomination that a failed cycle leaves: a node, '' for none, absent if the one before stays. */
function nominationOf(preemption: Cycle['preemption'], nominatedNode: string | undefined): string | undefined {
  // After an error that is no verdict on nodes a nomination is cleared.
  if (!preemption) return ''
  switch (preemption.kind) {
    case 'nominated':
      return nominatedNode
    case 'no candidate':
      return ''
    case 'not eligible':
    case 'not run':
    case 'error':
      return undefined
  }
}
