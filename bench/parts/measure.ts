/** A rate per second of CPU time: all threads of this process, garbage collection and compilation included. */
export interface Rate {
  readonly count: number
  readonly perCpuSecond: number
  readonly cpuSeconds: number
}

/** Repeats a step until it ran for `seconds` of wall time, after a fifth of that as a warm-up. The step answers how much it did. */
export function measure(seconds: number, step: () => number): Rate {
  const until = (limit: number): number => {
    const start = performance.now()
    let count = 0
    while (performance.now() - start < limit * 1000) count += step()
    return count
  }
  until(seconds / 5)
  const before = process.cpuUsage()
  const count = until(seconds)
  const { user, system } = process.cpuUsage(before)
  const cpuSeconds = (user + system) / 1e6
  return { count, cpuSeconds, perCpuSecond: count / cpuSeconds }
}

/** `1,234,567`. */
export const grouped = (value: number): string => Math.round(value).toLocaleString('en-US')

/** A ratio with one decimal below 100, none above. */
export const times = (ratio: number): string => (ratio < 100 ? ratio.toFixed(1) : String(Math.round(ratio)))

/** Adds up timed parts, where what lies between them does not count: CPU time of all threads of this process. */
export class Stopwatch {
  private count = 0
  private wall = 0
  private cpu = 0

  get wallSeconds(): number {
    return this.wall / 1000
  }

  get perCpuSecond(): number {
    return this.count / (this.cpu / 1e6)
  }

  time(count: number, work: () => void): void {
    const start = performance.now()
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    this.wall += performance.now() - start
    this.cpu += user + system
    this.count += count
  }
}
