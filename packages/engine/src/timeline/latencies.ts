import type { RandomStream, RandomStreams } from './random-streams.ts'

/** One delay of a control plane: its median and the 10th and 90th percentile, in ms. */
export interface Latency {
  readonly ms: number
  readonly spreadMs: readonly [p10: number, p90: number]
  /** `constant` is fixed upstream; a `period` is the length of a loop whose phase is not known. */
  readonly kind: 'delay' | 'constant' | 'period'
}

/** The delays that the forecast reads, by the names of `latencies.json`. */
export const LATENCY_NAMES = [
  'daemonSetToFirstPod',
  'daemonSetFirstToLastPod',
  'daemonPodReplaced',
  'replacementPod',
  'jobBackoff',
  'podSchedule',
  'podFirstVerdict',
  'schedulerCycle',
  'podRunning',
  'preemptionMarkToDelete',
  'podDeletingToFailed',
  'podFailedToGone',
] as const

export type LatencyName = (typeof LATENCY_NAMES)[number]

export type Latencies = Readonly<Record<LatencyName, Latency>>

/** Half the share of the distribution over which one delay strays from the machine's load of the moment. */
const STRAY = 0.05

/**
 * Draws delays. Those of one run rise and fall together, because one machine's load makes them: a run draws one quantile, and each
 * delay lies near it. So what is faster than something else at the median stays faster on a slow machine.
 */
export class Delays {
  readonly #latencies: Latencies
  readonly #streams: RandomStreams
  readonly #load: number
  readonly #byName = new Map<LatencyName, RandomStream>()

  constructor(latencies: Latencies, streams: RandomStreams) {
    this.#latencies = latencies
    this.#streams = streams
    this.#load = streams.stream('load').next()
  }

  /** Milliseconds. */
  draw(name: LatencyName): number {
    const latency = this.#latencies[name]
    if (latency.kind === 'constant') return latency.ms
    let stream = this.#byName.get(name)
    if (stream === undefined) {
      stream = this.#streams.stream(`delay ${name}`)
      this.#byName.set(name, stream)
    }
    const share = this.#load + (2 * stream.next() - 1) * STRAY
    return quantile(latency, Math.min(1, Math.max(0, share)))
  }
}

/** Straight lines through the three known percentiles; each tail is a quarter as long as the way from the median to its percentile. */
function quantile({ ms, spreadMs: [p10, p90] }: Latency, share: number): number {
  const least = Math.max(0, p10 - (ms - p10) / 4)
  if (share < 0.1) return between(least, p10, share / 0.1)
  if (share < 0.5) return between(p10, ms, (share - 0.1) / 0.4)
  if (share < 0.9) return between(ms, p90, (share - 0.5) / 0.4)
  return between(p90, p90 + (p90 - ms) / 4, (share - 0.9) / 0.1)
}

function between(from: number, to: number, share: number): number {
  return from + (to - from) * share
}
