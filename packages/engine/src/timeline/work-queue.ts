import type { Clock } from './clock.ts'
import { retryDelay } from './rate-limit.ts'

interface Work {
  /** When it is looked at next; undefined if it is not waiting. */
  due: number | undefined
  busy: boolean
  /** Asked for again while it was busy. */
  again: boolean
  failures: number
}

/** How a round of work ended: `failed` makes the queue come back by itself, ever later. */
export type Result = 'done' | 'failed'

export type Done = (result: Result) => void

/**
 * A controller's queue of keys: each key is worked on by one worker at a time, and asking for one that waits already changes nothing
 * but an earlier time (client-go `util/workqueue`, v0.36.2).
 */
export class WorkQueue {
  readonly #clock: Clock
  readonly #work: (key: string, done: Done) => void
  readonly #keys = new Map<string, Work>()

  constructor(clock: Clock, work: (key: string, done: Done) => void) {
    this.#clock = clock
    this.#work = work
  }

  ask(key: string, delay: number): void {
    const work = this.#of(key)
    if (work.busy) {
      work.again = true
      return
    }
    const due = this.#clock.now + delay
    if (work.due !== undefined && work.due <= due) return
    work.due = due
    this.#clock.at(due, () => {
      if (work.due === due && !work.busy) this.#start(key, work)
    })
  }

  #start(key: string, work: Work): void {
    work.due = undefined
    work.busy = true
    work.again = false
    this.#work(key, result => {
      work.busy = false
      work.failures = result === 'failed' ? work.failures + 1 : 0
      if (work.again) this.ask(key, 0)
      else if (result === 'failed') this.ask(key, retryDelay(work.failures))
    })
  }

  #of(key: string): Work {
    let work = this.#keys.get(key)
    if (work === undefined) {
      work = { due: undefined, busy: false, again: false, failures: 0 }
      this.#keys.set(key, work)
    }
    return work
  }
}
