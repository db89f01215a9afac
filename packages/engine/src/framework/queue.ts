import type { Pod } from '../api/core.ts'
import { podKey, podPriority } from '../snapshot/cluster-snapshot.ts'
import { DEFAULT_VERSION, type KubernetesVersion } from '../versions.ts'
import { KeyedHeap } from './keyed-heap.ts'
import { mayHelp, type PodEvent } from './queueing-hints.ts'

/** Shortest and longest back-off of a failed pod, ms (KubeSchedulerConfiguration, v1). */
const INITIAL_BACKOFF_MS = 1000
const MAX_BACKOFF_MS = 10_000
/** Back-offs end in windows of this length, so that pods of one window come in the order of their priority. */
const WINDOW_MS = 1000
const NOBODY: ReadonlySet<string> = new Set()

/** A pod that waits for a node. */
export interface QueuedPod {
  readonly key: string
  pod: Pod
  /** When it came, or came back after a failure; ms. */
  readonly since: number
  /** Attempts that a plugin rejected. */
  readonly rejections: number
  /** Attempts in a row that ended in an error. */
  readonly errors: number
  /** Plugins that rejected it last; none after an error. */
  readonly rejectedBy: ReadonlySet<string>
}

/**
 * The pods that wait: active ones by priority, then by time; failed ones until something happens that may help, then until their
 * back-off ends, unless nothing is active; pods with scheduling gates for ever (`PriorityQueue`, kubernetes
 * pkg/scheduler/backend/queue, v1.36.2). `now` is in ms of a clock whose whole seconds are the scheduler's, and never goes back.
 */
export class SchedulingQueue {
  private readonly active = new KeyedHeap<QueuedPod>(keyOf, comesFirst)
  private readonly backingOff = new KeyedHeap<QueuedPod>(keyOf, backsOffFirst)
  /** They failed with an error: nothing takes them before their time. */
  private readonly backingOffErrors = new KeyedHeap<QueuedPod>(keyOf, backsOffFirst)
  private readonly unschedulable = new Map<string, QueuedPod>()
  private readonly version: KubernetesVersion

  constructor(version: KubernetesVersion = DEFAULT_VERSION) {
    this.version = version
  }

  /** A new pod. */
  add(pod: Pod, now: number): void {
    const queued = { key: podKey(pod), pod, since: now, rejections: 0, errors: 0, rejectedBy: NOBODY }
    if (pod.spec.schedulingGates?.length) this.unschedulable.set(queued.key, queued)
    else this.active.push(queued)
  }

  /** The pod to try next, which leaves the queue; absent if all wait. */
  pop(now: number): QueuedPod | undefined {
    for (const heap of [this.backingOff, this.backingOffErrors]) {
      for (let first = heap.peek(); first && !isBackingOff(first, now); first = heap.peek()) {
        heap.pop()
        this.active.push(first)
      }
    }
    return this.active.pop() ?? this.backingOff.pop()
  }

  /** Takes a pod back whose attempt failed; `rejectedBy` is empty after an error (`AddUnschedulableIfNotPresent`). */
  failed({ key, rejections, errors }: QueuedPod, pod: Pod, rejectedBy: ReadonlySet<string>, now: number): void {
    const rejected = rejectedBy.size > 0
    const queued: QueuedPod = {
      key,
      pod,
      since: now,
      rejections: rejected ? rejections + 1 : rejections,
      errors: rejected ? 0 : errors + 1,
      rejectedBy,
    }
    if (rejected) this.unschedulable.set(key, queued)
    else this.requeue(queued, now)
  }

  /** Another version of a waiting pod of which only the status differs: it stays where it is. */
  update(pod: Pod): void {
    const queued = this.find(podKey(pod))
    if (queued) queued.pod = pod
  }

  /** The waiting pod of this `namespace/name`. */
  find(key: string): QueuedPod | undefined {
    return (
      this.active.get(key) ?? this.backingOff.get(key) ?? this.backingOffErrors.get(key) ?? this.unschedulable.get(key)
    )
  }

  remove(key: string): void {
    this.active.remove(key)
    this.backingOff.remove(key)
    this.backingOffErrors.remove(key)
    this.unschedulable.delete(key)
  }

  /** Lets those come forward that the event may help; `atMost` leaves out pods of higher priority. */
  happened(event: PodEvent, now: number, atMost = Number.POSITIVE_INFINITY): void {
    for (const queued of [...this.unschedulable.values()]) {
      if (queued.pod.spec.schedulingGates?.length || podPriority(queued.pod) > atMost) continue
      if (!mayHelp(queued.pod, queued.rejectedBy, event, this.version)) continue
      this.unschedulable.delete(queued.key)
      this.requeue(queued, now)
    }
  }

  private requeue(queued: QueuedPod, now: number): void {
    if (!isBackingOff(queued, now)) this.active.push(queued)
    else if (queued.rejectedBy.size === 0) this.backingOffErrors.push(queued)
    else this.backingOff.push(queued)
  }
}

const keyOf = ({ key }: QueuedPod): string => key
const windowOf = (time: number): number => Math.floor(time / WINDOW_MS)

/** Priority, then time (kubernetes plugins/queuesort/priority_sort.go, v1.36.2). */
function comesFirst(a: QueuedPod, b: QueuedPod): boolean {
  const first = podPriority(a.pod)
  const second = podPriority(b.pod)
  return first === second ? a.since < b.since : first > second
}

/** The window in which a pod's back-off ends; absent before its first failure. */
function backoffEnd({ since, rejections, errors }: QueuedPod): number | undefined {
  const count = errors > 0 ? errors : rejections
  return count === 0 ? undefined : windowOf(since + Math.min(MAX_BACKOFF_MS, INITIAL_BACKOFF_MS * 2 ** (count - 1)))
}

function isBackingOff(queued: QueuedPod, now: number): boolean {
  const end = backoffEnd(queued)
  return end !== undefined && end >= windowOf(now)
}

function backsOffFirst(a: QueuedPod, b: QueuedPod): boolean {
  const first = backoffEnd(a) ?? 0
  const second = backoffEnd(b) ?? 0
  return first === second ? comesFirst(a, b) : first < second
}
