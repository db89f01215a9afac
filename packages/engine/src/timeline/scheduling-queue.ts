import type { Pod } from '../api/core.ts'
import { podKey, podPriority } from '../snapshot/cluster-snapshot.ts'

/** Back-offs end in windows of this length, so that pods of one window come in the order of their priority. */
const WINDOW_MS = 1000

/** Something that may let a waiting pod fit. */
export type SchedulingEvent = 'pod gone' | 'pod bound' | 'node changed'

/** Filters that an event can turn; any filter may be turned by a node (`EventsToRegister` of the plugins, kubernetes v1.36.2). */
const TURNED_BY_POD_GONE: ReadonlySet<string> = new Set([
  'NodeResourcesFit',
  'NodePorts',
  'PodTopologySpread',
  'InterPodAffinity',
])
const TURNED_BY_POD_BOUND: ReadonlySet<string> = new Set(['PodTopologySpread', 'InterPodAffinity'])

interface Waiting {
  readonly key: string
  readonly priority: number
  /** When it came, or came back after a failure; ms. */
  since: number
  attempts: number
  /** End of its back-off, cut down to the window; undefined before the first failure. */
  expires: number | undefined
  /** Plugins that rejected it last; undefined if not known. */
  rejectedBy: ReadonlySet<string> | undefined
  place: 'active' | 'backing off' | 'unschedulable'
  sequence: number
}

export interface BackOff {
  readonly initialMs: number
  readonly maxMs: number
  /** Where in a window of the scheduler's clock the time 0 lies. */
  readonly phaseMs: number
}

/**
 * Pods that wait for a node: active ones by priority, then by time; failed ones wait for an event that may help, and then for the end
 * of their back-off, unless nothing else is to do (`PriorityQueue`, kubernetes pkg/scheduler/backend/queue, v1.36.2).
 */
export class SchedulingQueue {
  readonly #waiting = new Map<string, Waiting>()
  readonly #backOff: BackOff
  #sequence = 0

  constructor(backOff: BackOff) {
    this.#backOff = backOff
  }

  add(pod: Pod, now: number): void {
    this.#waiting.set(podKey(pod), {
      key: podKey(pod),
      priority: podPriority(pod),
      since: now,
      attempts: 0,
      expires: undefined,
      rejectedBy: undefined,
      place: 'active',
      sequence: this.#sequence++,
    })
  }

  remove(key: string): void {
    this.#waiting.delete(key)
  }

  /** Notes a failed attempt, after which the pod waits for an event. */
  failed(key: string, now: number, rejectedBy: ReadonlySet<string> | undefined): void {
    const waiting = this.#waiting.get(key)
    if (waiting === undefined) return
    waiting.attempts++
    waiting.since = now
    waiting.rejectedBy = rejectedBy
    waiting.place = 'unschedulable'
    const { initialMs, maxMs } = this.#backOff
    waiting.expires = this.#window(now + Math.min(maxMs, initialMs * 2 ** (waiting.attempts - 1)))
  }

  /** Lets those come forward that the event may help and `ready` doesn't hold back. */
  wake(event: SchedulingEvent, now: number, ready: (key: string) => boolean): void {
    for (const waiting of this.#waiting.values()) {
      if (waiting.place !== 'unschedulable' || !mayHelp(event, waiting.rejectedBy) || !ready(waiting.key)) continue
      waiting.place = this.#isBackingOff(waiting, now) ? 'backing off' : 'active'
    }
  }

  /** The next pod to try, which leaves the queues; undefined if all wait for an event. */
  pop(now: number): string | undefined {
    let first: Waiting | undefined
    for (const waiting of this.#waiting.values()) {
      if (waiting.place === 'backing off' && !this.#isBackingOff(waiting, now)) waiting.place = 'active'
      if (waiting.place !== 'unschedulable' && (first === undefined || comesBefore(waiting, first))) first = waiting
    }
    if (first === undefined) return undefined
    // Until its attempt is over no event moves it.
    first.place = 'unschedulable'
    return first.key
  }

  #isBackingOff({ expires }: Waiting, now: number): boolean {
    return expires !== undefined && expires >= this.#window(now)
  }

  #window(time: number): number {
    return Math.floor((time + this.#backOff.phaseMs) / WINDOW_MS)
  }
}

/** Active before backing off; these by the end of their back-off first. */
function comesBefore(a: Waiting, b: Waiting): boolean {
  if (a.place !== b.place) return a.place === 'active'
  if (a.place === 'backing off' && a.expires !== b.expires) return (a.expires ?? 0) < (b.expires ?? 0)
  if (a.priority !== b.priority) return a.priority > b.priority
  return a.since === b.since ? a.sequence < b.sequence : a.since < b.since
}

function mayHelp(event: SchedulingEvent, rejectedBy: ReadonlySet<string> | undefined): boolean {
  if (rejectedBy === undefined || event === 'node changed') return true
  const turned = event === 'pod gone' ? TURNED_BY_POD_GONE : TURNED_BY_POD_BOUND
  for (const plugin of rejectedBy) if (turned.has(plugin)) return true
  return false
}
