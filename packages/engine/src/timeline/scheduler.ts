import type { Pod } from '../api/core.ts'
import { type Cycle, scheduleOne } from '../framework/cycle.ts'
import { DisruptionBudgets } from '../preemption/budgets.ts'
import type { Candidate } from '../preemption/candidates.ts'
import { type PodOwners, podKey } from '../snapshot/cluster-snapshot.ts'
import type { NodeIndex } from '../snapshot/indices.ts'
import { Lane } from './clock.ts'
import type { LiveSnapshot } from './live-snapshot.ts'
import { isBound, isFinished, isTerminating, withCondition, withoutNomination, withStatus } from './pod-state.ts'
import { type Preemption, PreemptionExecutor } from './preemption-executor.ts'
import { type SchedulingEvent, SchedulingQueue } from './scheduling-queue.ts'
import type { Simulation } from './simulation.ts'

const SCHEDULER_NAME = 'default-scheduler'
/** Back-offs are cut to whole seconds of the scheduler's clock, whose phase at the change is not known. */
const SECOND_MS = 1000

/**
 * kube-scheduler in time: one cycle after the other, binding beside it, victims that go after their grace (kubernetes
 * pkg/scheduler/schedule_one.go, v1.36.2). Watching, a cycle and binding share `podSchedule` and `schedulerCycle`.
 */
export class Scheduler {
  readonly #simulation: Simulation
  readonly #queue: SchedulingQueue
  readonly #executor: PreemptionExecutor
  readonly #makeSnapshot: () => LiveSnapshot
  readonly #watch: Lane
  #snapshot: LiveSnapshot
  /** Pods that have a node and are not bound to it yet, with the node. */
  readonly #assumed = new Map<string, Pod>()
  #budgets: DisruptionBudgets | undefined
  #owners: PodOwners | undefined
  #isBusy = false

  constructor(simulation: Simulation, snapshot: LiveSnapshot, makeSnapshot: () => LiveSnapshot) {
    const { clock, delays, streams, store } = simulation
    this.#simulation = simulation
    this.#snapshot = snapshot
    this.#makeSnapshot = makeSnapshot
    this.#watch = new Lane(clock)
    this.#queue = new SchedulingQueue({
      initialMs: delays.draw('schedulerBackoffInitial'),
      maxMs: delays.draw('schedulerBackoffMax'),
      phaseMs: streams.stream('phase of the scheduler').below(SECOND_MS),
    })
    this.#executor = new PreemptionExecutor(simulation, pod => this.#snapshot.withdraw(pod))
    for (const pod of store.all('pods').values()) if (isPending(pod)) this.#takeOver(pod)
    store.watch({
      podChanged: (before, after) => this.#podChanged(before, after),
      nodeChanged: () => this.#nodesChanged(),
      objectChanged: list => {
        if (list === 'podDisruptionBudgets') this.#budgets = undefined
        if (list === 'replicaSets' || list === 'statefulSets') this.#owners = undefined
        if (list === 'namespaces' || list === 'services') this.#rebuild()
      },
    })
    clock.after(0, () => this.#kick())
  }

  get preemptions(): readonly Preemption[] {
    return this.#executor.preemptions
  }

  /** A pod that has waited since before the change: tried then, unless its condition says nothing. */
  #takeOver(pod: Pod): void {
    const nominated = this.#snapshot.nodeIndex(pod.status?.nominatedNodeName ?? '')
    if (nominated !== undefined) this.#snapshot.nominate(pod, nominated)
    this.#queue.add(pod, this.#simulation.clock.now)
    const wasTried = pod.status?.conditions?.some(({ type, status }) => type === 'PodScheduled' && status === 'False')
    const longAgo = -this.#simulation.delays.draw('schedulerBackoffMax')
    if (wasTried) this.#queue.failed(podKey(pod), longAgo, undefined)
  }

  #podChanged(before: Pod | undefined, after: Pod | undefined): void {
    if (after === undefined || (isFinished(after) && before !== undefined && !isFinished(before))) {
      const gone = after ?? before
      if (gone !== undefined && before !== undefined && !isFinished(before)) this.#gone(gone)
    } else if (isBound(after) && !isFinished(after)) {
      this.#queue.remove(podKey(after))
      this.#snapshot.bind(after)
    } else if (before === undefined && isPending(after)) {
      this.#deliver(() => {
        const present = this.#simulation.store.pod(podKey(after))
        if (present === undefined || !isPending(present)) return
        this.#queue.add(present, this.#simulation.clock.now)
        this.#kick()
      })
    }
  }

  /** Finished pods leave the scheduler's watch as if they were deleted. */
  #gone(pod: Pod): void {
    this.#queue.remove(podKey(pod))
    const held =
      isBound(pod) || pod.status?.nominatedNodeName !== undefined || this.#snapshot.findPod(podKey(pod)) !== undefined
    this.#snapshot.withdraw(pod)
    this.#snapshot.forget(pod)
    if (held) this.#wake('pod gone')
  }

  #nodesChanged(): void {
    this.#rebuild()
    this.#wake('node changed')
  }

  /** Nodes stand in columns: a change of one makes new ones. Assumed pods are put in again. */
  #rebuild(): void {
    const old = this.#snapshot
    const fresh = this.#makeSnapshot()
    for (const [nodeName, pod] of old.nominations()) {
      const node = fresh.nodeIndex(nodeName)
      if (node !== undefined) fresh.nominate(pod, node)
    }
    for (const pod of this.#assumed.values()) fresh.bind(pod)
    this.#snapshot = fresh
  }

  /** Runs after the watch's lag. */
  #deliver(run: () => void): void {
    this.#watch.after(this.#simulation.delays.draw('podSchedule') / 2, run)
  }

  #wake(event: SchedulingEvent): void {
    this.#deliver(() => {
      this.#queue.wake(event, this.#simulation.clock.now, key => !this.#executor.isPreempting(key))
      this.#kick()
    })
  }

  #kick(): void {
    if (this.#isBusy) return
    const { clock, delays, store } = this.#simulation
    const key = this.#queue.pop(clock.now)
    if (key === undefined) return
    this.#isBusy = true
    const pod = store.pod(key)
    let length = delays.draw('schedulerCycle')
    if (pod === undefined || !isPending(pod)) this.#queue.remove(key)
    else if (!this.#schedule(pod)) length += this.#verdictTime()
    clock.after(length, () => {
      this.#isBusy = false
      this.#kick()
    })
  }

  /** A failed cycle writes its verdict before the next begins, while binding goes on beside. */
  #verdictTime(): number {
    const { delays } = this.#simulation
    return Math.max(0, delays.draw('podFirstVerdict') - delays.draw('podSchedule'))
  }

  /** True if a node was found. */
  #schedule(pod: Pod): boolean {
    const { store } = this.#simulation
    this.#budgets ??= new DisruptionBudgets([...store.all('podDisruptionBudgets').values()])
    this.#owners ??= {
      replicaSets: [...store.all('replicaSets').values()],
      statefulSets: [...store.all('statefulSets').values()],
    }
    this.#snapshot.owners = this.#owners
    const cycle = scheduleOne(pod, this.#snapshot, this.#budgets)
    if (cycle.selectedNode === undefined) this.#fail(pod, cycle)
    else this.#assume(pod, this.#choose(cycle))
    return cycle.selectedNode !== undefined
  }

  /** Nodes of equal score come in the order in which parallel filters ended. */
  #choose({ selectedNode, scores }: Cycle): number {
    const totals = [...scores].map(([node, { total }]) => ({ node, total }))
    const highest = totals.reduce((most, { total }) => (total > most ? total : most), 0n)
    const best = totals.filter(({ total }) => total === highest)
    if (best.length < 2) return selectedNode ?? 0
    return best[this.#simulation.streams.stream('nodes of equal score').below(best.length)]!.node
  }

  #assume(pod: Pod, node: number): void {
    const { clock, delays, api } = this.#simulation
    const nodeName = this.#snapshot.nodeName(node)
    const bound: Pod = { ...withoutNomination(pod), spec: { ...pod.spec, nodeName } }
    const key = podKey(pod)
    this.#queue.remove(key)
    this.#snapshot.withdraw(pod)
    this.#snapshot.bind(bound)
    this.#assumed.set(key, bound)
    clock.after(delays.draw('podSchedule') / 2, () => {
      const wasAssumed = this.#assumed.delete(key)
      if (!wasAssumed) return
      api.updatePod(pod, present => {
        const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: api.now }
        return withCondition({ ...withoutNomination(present), spec: { ...present.spec, nodeName } }, scheduled)
      })
      this.#wake('pod bound')
    })
  }

  #fail(pod: Pod, cycle: Cycle): void {
    const { clock, api } = this.#simulation
    const { preemption } = cycle
    const rejecting = new Set(cycle.prepared.nodePlugins)
    for (const { rejection } of cycle.filtered.values()) if (rejection !== undefined) rejecting.add(rejection.plugin)
    this.#queue.failed(podKey(pod), clock.now, rejecting.size === 0 ? undefined : rejecting)
    const chosen = preemption?.kind === 'nominated' ? this.#candidate(preemption.chosen) : undefined
    api.updatePod(pod, present => {
      const told = withCondition(present, {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        ...(cycle.message !== undefined && { message: cycle.message }),
        lastTransitionTime: api.now,
      })
      if (chosen !== undefined) return withStatus(told, { nominatedNodeName: this.#snapshot.nodeName(chosen.node) })
      return preemption?.kind === 'no candidate' ? withoutNomination(told) : told
    })
    if (preemption?.kind === 'no candidate') this.#snapshot.withdraw(pod)
    if (chosen !== undefined) this.#preempt(pod, chosen)
  }

  /** Upstream takes one of equal candidates in the order of a Go map. */
  #candidate({ candidate, tied }: { readonly candidate: Candidate; readonly tied: readonly Candidate[] }): Candidate {
    if (tied.length === 0) return candidate
    return tied[this.#simulation.streams.stream('equal candidates').below(tied.length)]!
  }

  #preempt(pod: Pod, { node, victims }: Candidate): void {
    this.#snapshot.nominate(pod, node)
    this.#executor.start({
      preemptor: pod,
      nodeName: this.#snapshot.nodeName(node),
      victims: victims.map(victim => this.#snapshot.pod(victim)),
      lowerNominees: () => this.#lowerNominees(pod, node),
      cancelBinding: victim => this.#giveUp(victim),
    })
  }

  /** A pod that was being bound waits again; true if it was one. */
  #giveUp(pod: Pod): boolean {
    if (!this.#assumed.delete(podKey(pod))) return false
    this.#snapshot.forget(pod)
    this.#queue.add(pod, this.#simulation.clock.now)
    this.#wake('pod gone')
    return true
  }

  #lowerNominees(pod: Pod, node: NodeIndex): readonly Pod[] {
    return this.#snapshot.lowerNominees(node, pod.spec.priority ?? 0)
  }
}

/** A pod that this scheduler has to find a node for. */
function isPending(pod: Pod): boolean {
  const { schedulerName = SCHEDULER_NAME, schedulingGates = [] } = pod.spec
  const isOurs = schedulerName === SCHEDULER_NAME && schedulingGates.length === 0
  return isOurs && !isBound(pod) && !isFinished(pod) && !isTerminating(pod)
}
