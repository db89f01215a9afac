interface Event {
  readonly time: number
  readonly sequence: number
  readonly run: () => void
}

/** Simulated time in ms since the change: events run in the order of time, and of being announced where times are equal. */
export class Clock {
  #now = 0
  #sequence = 0
  /** A binary heap, the next event first. */
  readonly #heap: Event[] = []

  get now(): number {
    return this.#now
  }

  /** When the next event is due; undefined if none is left. */
  get next(): number | undefined {
    return this.#heap[0]?.time
  }

  /** Announces an event; one for a time that is over runs now, after those announced before it. */
  at(time: number, run: () => void): void {
    this.#push({ time: Math.max(time, this.#now), sequence: this.#sequence++, run })
  }

  after(delay: number, run: () => void): void {
    this.at(this.#now + delay, run)
  }

  /** Runs the next event. */
  step(): void {
    const event = this.#pop()
    if (event === undefined) return
    this.#now = event.time
    event.run()
  }

  #push(event: Event): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(event)
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!before(event, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = event
  }

  #pop(): Event | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (!before(heap[child]!, last)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
    return first
  }
}

/** A way on which nothing overtakes: a watch, a client's requests, the endings that one kubelet works off. */
export class Lane {
  readonly #clock: Clock
  #last = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Runs after the delay, and not before what was announced here earlier. */
  after(delay: number, run: () => void): void {
    this.#last = Math.max(this.#last, this.#clock.now + delay)
    this.#clock.at(this.#last, run)
  }
}

function before(a: Event, b: Event): boolean {
  return a.time === b.time ? a.sequence < b.sequence : a.time < b.time
}
