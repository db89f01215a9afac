/** First and longest wait of a controller's queue for a key that fails again and again (client-go `util/workqueue/default_rate_limiters.go`, v0.36.2). */
const FIRST_MS = 5
const LONGEST_MS = 1_000_000

/** Milliseconds until a key is looked at again after its `failures`-th failure in a row. */
export function retryDelay(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 30))
}
