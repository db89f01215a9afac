import type { Node, Pod } from '../api/core.ts'
import { type Cycle, rejectingPlugins, scheduleOne } from '../framework/cycle.ts'
import { type QueuedPod, SchedulingQueue } from '../framework/queue.ts'
import type { PodEvent } from '../framework/queueing-hints.ts'
import { DisruptionBudgets } from '../preemption/budgets.ts'
import type { Candidate } from '../preemption/candidates.ts'
import { type PodOwners, podKey, podPriority } from '../snapshot/cluster-snapshot.ts'
import { DIFFERENCES } from '../versions.ts'
import { Lane } from './clock.ts'
import type { LiveSnapshot } from './live-snapshot.ts'
import {
  conditionOf,
  isBound,
  isFinished,
  isTerminating,
  withCondition,
  withoutNomination,
  withStatus,
} from './pod-state.ts'
import { type Preemption, PreemptionExecutor } from './preemption-executor.ts'
import type { Simulation } from './simulation.ts'

const SCHEDULER_NAME = 'default-scheduler'
/** Back-offs are cut to whole seconds of the scheduler's clock, whose phase at the change is not known. */
const SECOND_MS = 1000
/** Pods that wait since before the change have waited for the longest back-off and more. */
const LONG_AGO_MS = -60_000
/** Rejected by plugins that are not known any more: any event may help. */
const BY_ANY: ReadonlySet<string> = new Set(['NodeResourcesFit', 'NodePorts', 'PodTopologySpread', 'InterPodAffinity'])

/** A preemptor between its cycle and the end of the requests that delete its victims: no event reaches it. */
interface Held {
  readonly queued: QueuedPod
  readonly rejectedBy: ReadonlySet<string>
  readonly since: number
  readonly missed: PodEvent[]
}

/**
 * kube-scheduler in time: one cycle after the other, binding beside it, victims that go after their grace (kubernetes
 * pkg/scheduler/schedule_one.go, v1.36.2). Watching, cycles and binding share `podSchedule`, `podFirstVerdict` and `schedulerCycle`.
 */
export class Scheduler {
  readonly #simulation: Simulation
  readonly #queue: SchedulingQueue
  readonly #executor: PreemptionExecutor
  readonly #makeSnapshot: () => LiveSnapshot
  readonly #watch: Lane
  readonly #phase: number
  #snapshot: LiveSnapshot
  /** Pods that have a node and are not bound to it yet, with the node. */
  readonly #assumed = new Map<string, Pod>()
  readonly #held = new Map<string, Held>()
  #budgets: DisruptionBudgets | undefined
  #owners: PodOwners | undefined
  #isBusy = false
  /** Where in the order of nodes the next cycle starts. */
  #start: number

  constructor(simulation: Simulation, snapshot: LiveSnapshot, makeSnapshot: () => LiveSnapshot) {
    const { clock, streams, store, version } = simulation
    this.#simulation = simulation
    this.#snapshot = snapshot
    this.#makeSnapshot = makeSnapshot
    this.#watch = new Lane(clock)
    this.#phase = streams.stream('phase of the scheduler').below(SECOND_MS)
    this.#start = streams.stream('first node of the scheduler').below(Math.max(1, snapshot.nodeCount))
    this.#queue = new SchedulingQueue(version)
    this.#executor = new PreemptionExecutor(simulation)
    for (const pod of store.all('pods').values()) if (isPending(pod)) this.#takeOver(pod)
    store.watch({
      podChanged: (before, after) => this.#podChanged(before, after),
      nodeChanged: (_, after) => this.#nodeChanged(after),
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

  /** Milliseconds of the scheduler's own clock. */
  get #now(): number {
    return this.#simulation.clock.now + this.#phase
  }

  /** A pod that waits since before the change: an event wakes it, unless it was never tried. */
  #takeOver(pod: Pod): void {
    if (pod.status?.nominatedNodeName) this.#snapshot.nominate(pod, undefined)
    if (conditionOf(pod, 'PodScheduled')?.status !== 'False') this.#queue.add(pod, this.#now)
    else {
      const queued = { key: podKey(pod), pod, since: LONG_AGO_MS, rejections: 0, errors: 0, rejectedBy: BY_ANY }
      this.#queue.failed(queued, pod, BY_ANY, LONG_AGO_MS)
    }
  }

  #podChanged(before: Pod | undefined, after: Pod | undefined): void {
    if (before !== undefined && !isFinished(before) && (after === undefined || isFinished(after))) this.#gone(before)
    else if (after === undefined || isFinished(after)) return
    else if (isBound(after)) {
      this.#queue.remove(podKey(after))
      this.#snapshot.bind(after)
    } else if (before !== undefined) this.#queue.update(after)
    else if (isPending(after)) this.#deliver(() => this.#came(after))
  }

  #came(pod: Pod): void {
    const present = this.#simulation.store.pod(podKey(pod))
    if (present !== undefined && isPending(present)) this.#queue.add(present, this.#now)
  }

  /** A finished pod leaves the scheduler's watch as if it was deleted. */
  #gone(pod: Pod): void {
    const key = podKey(pod)
    this.#queue.remove(key)
    this.#held.delete(key)
    this.#assumed.delete(key)
    this.#snapshot.withdraw(key)
    this.#snapshot.forget(pod)
    this.#tell({ kind: 'pod gone', pod })
  }

  /** A node may help any pod; what it was rejected by counts no longer, nor do its back-offs. */
  #nodeChanged(after: Node | undefined): void {
    this.#rebuild()
    if (after === undefined) return
    this.#deliver(() => {
      for (const pod of this.#simulation.store.all('pods').values()) {
        const queued = this.#queue.find(podKey(pod))
        if (queued === undefined) continue
        this.#queue.remove(queued.key)
        this.#queue.add(pod, queued.since)
      }
    })
  }

  /** Nodes stand in columns: a change of one makes new ones. Assumed pods are put in again. */
  #rebuild(): void {
    const nominees = this.#snapshot.nominees()
    this.#snapshot = this.#makeSnapshot()
    for (const [pod, nodeName] of nominees) this.#snapshot.nominate(pod, nodeName)
    for (const pod of this.#assumed.values()) this.#snapshot.bind(pod)
  }

  /** Runs after the watch's lag, and looks then whether there is a pod to try. */
  #deliver(run: () => void): void {
    this.#watch.after(this.#simulation.delays.draw('podSchedule') / 2, () => {
      run()
      this.#kick()
    })
  }

  #tell(event: PodEvent, atMost?: number): void {
    this.#deliver(() => {
      this.#queue.happened(event, this.#now, atMost)
      for (const { missed } of this.#held.values()) missed.push(event)
    })
  }

  #kick(): void {
    if (this.#isBusy) return
    const { clock, delays, store } = this.#simulation
    const queued = this.#queue.pop(this.#now)
    if (queued === undefined) return
    this.#isBusy = true
    const pod = store.pod(queued.key)
    let length = delays.draw('schedulerCycle')
    if (pod !== undefined && isPending(pod) && !this.#schedule(queued, pod)) length += this.#verdictTime()
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
  #schedule(queued: QueuedPod, pod: Pod): boolean {
    const { store } = this.#simulation
    this.#budgets ??= new DisruptionBudgets([...store.all('podDisruptionBudgets').values()])
    this.#owners ??= {
      replicaSets: [...store.all('replicaSets').values()],
      statefulSets: [...store.all('statefulSets').values()],
    }
    this.#snapshot.owners = this.#owners
    const cycle = scheduleOne(pod, this.#snapshot, this.#budgets, this.#start)
    this.#start = cycle.nextStart
    if (cycle.selectedNode === undefined) this.#fail(queued, pod, cycle)
    else this.#assume(pod, this.#choose(cycle, cycle.selectedNode))
    return cycle.selectedNode !== undefined
  }

  /** Nodes of equal score come in the order in which parallel filters ended. */
  #choose({ best }: Cycle, selected: number): number {
    return best[this.#simulation.streams.stream('nodes of equal score').below(best.length)] ?? selected
  }

  #assume(pod: Pod, node: number): void {
    const { clock, delays, api, version } = this.#simulation
    const nodeName = this.#snapshot.nodeName(node)
    const bound: Pod = { ...withoutNomination(pod), spec: { ...pod.spec, nodeName } }
    const key = podKey(pod)
    this.#snapshot.withdraw(key)
    this.#snapshot.bind(bound)
    this.#assumed.set(key, bound)
    clock.after(delays.draw('podSchedule') / 2, () => {
      if (!this.#assumed.delete(key)) return
      api.updatePod(pod, present => {
        const scheduled = { type: 'PodScheduled', status: 'True', lastTransitionTime: api.now }
        return withCondition({ ...withoutNomination(present), spec: { ...present.spec, nodeName } }, scheduled)
      })
      this.#tell({ kind: 'pod bound', pod: bound })
      if (DIFFERENCES[version].bindingEndsNomination && pod.status?.nominatedNodeName)
        this.#tell({ kind: 'pod gone', pod }, podPriority(pod))
    })
  }

  #fail(queued: QueuedPod, pod: Pod, cycle: Cycle): void {
    const { api, store } = this.#simulation
    const { preemption, message } = cycle
    const chosen = preemption?.kind === 'nominated' ? this.#candidate(preemption.chosen) : undefined
    if (message !== undefined) api.updatePod(pod, present => this.#told(present, message))
    if (preemption === undefined || preemption.kind === 'no candidate') this.#endNomination(pod)
    const rejectedBy = rejectingPlugins(cycle)
    const since = this.#now
    const failed = (): void => this.#queue.failed(queued, store.pod(queued.key) ?? pod, rejectedBy, since)
    if (chosen === undefined) failed()
    else if (!this.#preempt(pod, chosen, { queued, rejectedBy, since, missed: [] })) failed()
  }

  /** The pod with the scheduler's words; the same one if they have not changed. */
  #told(pod: Pod, message: string): Pod {
    const { api } = this.#simulation
    const known = conditionOf(pod, 'PodScheduled')
    if (known?.status === 'False' && known.message === message) return pod
    const since = known?.status === 'False' ? known.lastTransitionTime : undefined
    const lastTransitionTime = since ?? api.now
    return withCondition(pod, {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastTransitionTime,
    })
  }

  /** Upstream takes one of equal candidates in the order of a Go map. */
  #candidate({ candidate, tied }: { readonly candidate: Candidate; readonly tied: readonly Candidate[] }): Candidate {
    if (tied.length === 0) return candidate
    return tied[this.#simulation.streams.stream('equal candidates').below(tied.length)]!
  }

  /** Nominates the pod and has the victims deleted; false if all of them are going already. */
  #preempt(pod: Pod, { node, victims }: Candidate, held: Held): boolean {
    const { api } = this.#simulation
    const nominees = this.#snapshot.lowerNominees(node, podPriority(pod))
    const nodeName = this.#snapshot.nodeName(node)
    this.#snapshot.nominate(pod, nodeName)
    api.updatePod(pod, present => withStatus(present, { nominatedNodeName: nodeName }))
    const isUnderWay = this.#executor.start({
      preemptor: pod,
      nodeName,
      victims: victims.map(victim => this.#snapshot.pod(victim)),
      cancelBinding: victim => this.#giveUp(victim),
      ended: () => this.#release(held),
    })
    if (!isUnderWay) return false
    this.#held.set(held.queued.key, held)
    for (const nominee of nominees) this.#endNomination(nominee)
    return true
  }

  #release(held: Held): void {
    const { queued, rejectedBy, since, missed } = held
    const pod = this.#simulation.store.pod(queued.key)
    if (this.#held.get(queued.key) !== held || pod === undefined) return
    this.#held.delete(queued.key)
    this.#queue.failed(queued, pod, rejectedBy, since)
    for (const event of missed) this.#queue.happened(event, this.#now)
    this.#kick()
  }

  /** A pod that was being bound waits again; true if it was one. */
  #giveUp(pod: Pod): boolean {
    if (!this.#assumed.delete(podKey(pod))) return false
    this.#snapshot.forget(pod)
    this.#tell({ kind: 'pod gone', pod })
    this.#deliver(() => this.#came(pod))
    return true
  }

  /** Who leaves a node lets others of its priority and less try again. */
  #endNomination(pod: Pod): void {
    const { api, store } = this.#simulation
    this.#snapshot.nominate(pod, '')
    const present = store.pod(podKey(pod))
    if (!present?.status?.nominatedNodeName) return
    api.updatePod(present, withoutNomination)
    this.#tell({ kind: 'pod gone', pod: present }, podPriority(present))
  }
}

/** A pod that this scheduler has to find a node for. */
function isPending(pod: Pod): boolean {
  const { schedulerName = SCHEDULER_NAME } = pod.spec
  return schedulerName === SCHEDULER_NAME && !isBound(pod) && !isFinished(pod) && !isTerminating(pod)
}
