const FIRST_DELAY_MS = 1_000
const LONGEST_DELAY_MS = 900_000

/** The back-off of a node's failed pods at one moment. */
export interface BackOff {
  /** Seconds until a failed pod may be killed again, counted from now as upstream does; undefined if one may be killed now. */
  readonly wait?: number
  /** Seconds that the next one waits if one is killed now. */
  readonly next: number
}

/**
 * How long a node's failed pods wait: 1 s after the first kill, doubled with each, at most 15 min, forgotten when there was none for 30 min.
 * Upstream waits for the whole delay from each sync that finds a failed pod, not for what is left of it
 * (`flowcontrol.Backoff`, client-go `util/flowcontrol/backoff.go`, v0.36.2).
 */
export function failedPodBackOff(kills: readonly string[] | undefined, now: string): BackOff {
  let entry: Entry | undefined
  for (const kill of kills ?? []) entry = after(entry, Date.parse(kill))
  const at = Date.parse(now)
  const next = after(entry, at).delay / 1000
  if (entry === undefined || hasExpired(entry, at) || at - entry.last >= entry.delay) return { next }
  return { wait: entry.delay / 1000, next }
}

/** Times in ms. */
interface Entry {
  readonly delay: number
  readonly last: number
}

function after(entry: Entry | undefined, at: number): Entry {
  if (entry === undefined || hasExpired(entry, at)) return { delay: FIRST_DELAY_MS, last: at }
  return { delay: Math.min(entry.delay * 2, LONGEST_DELAY_MS), last: at }
}

function hasExpired({ last }: Entry, at: number): boolean {
  return at - last > 2 * LONGEST_DELAY_MS
}
