import { goSort } from '../go-sort.ts'

/** From this length on Go's sort looks for few places that are out of order before it starts anew. */
const SHIFTED = 50

/**
 * NodeClaims in the order in which pods try them, which is by their number of pods ascending. Equal ones stand as Go's unstable sort
 * leaves them, which sorts the slice again, from the order that it had, before every try (`Scheduler.add`, karpenter
 * `pkg/controllers/provisioning/scheduling/scheduler.go`, v1.14.1). NodeClaims are numbers, from 0 in the order in which they came.
 */
export class ClaimOrder {
  /** NodeClaims by rank. */
  private ranked = new Int32Array(64)
  /** Pods by NodeClaim. */
  private pods = new Int32Array(64)
  private length = 0
  /** The rank that may be out of order. */
  private changed = -1

  get size(): number {
    return this.length
  }

  /** The NodeClaim of a rank. */
  at(rank: number): number {
    return this.ranked[rank]!
  }

  /** A new NodeClaim with one pod, last until the next sort. */
  append(): void {
    if (this.length === this.ranked.length) {
      this.ranked = grown(this.ranked)
      this.pods = grown(this.pods)
    }
    this.ranked[this.length] = this.length
    this.pods[this.length] = 1
    this.changed = this.length
    this.length++
  }

  /** The NodeClaim of a rank got one more pod. */
  grow(rank: number): void {
    this.pods[this.ranked[rank]!]! += 1
    this.changed = rank
  }

  sort(): void {
    const { changed, length } = this
    if (changed < 0) return
    this.changed = -1
    if (length >= SHIFTED && !this.isSampled(changed)) this.shift(changed)
    else this.sortAnew()
  }

  /** Whether the sort takes the rank into account when it chooses its pivot; then it does not see at once that all others are in order. */
  private isSampled(rank: number): boolean {
    const quarter = Math.trunc(this.length / 4)
    const nearest = Math.round(rank / quarter)
    return nearest >= 1 && nearest <= 3 && Math.abs(rank - nearest * quarter) <= 1
  }

  /** What the sort does where only one is out of order: it moves it past all that are smaller, or greater, and no further. */
  private shift(rank: number): void {
    const { ranked, pods, length } = this
    const claim = ranked[rank]!
    const count = pods[claim]!
    let to = rank
    if (rank + 1 < length && pods[ranked[rank + 1]!]! < count) {
      to = this.firstNotBelow(count, rank + 1, length) - 1
      ranked.copyWithin(rank, rank + 1, to + 1)
    } else if (rank > 0 && pods[ranked[rank - 1]!]! > count) {
      to = this.firstNotBelow(count + 1, 0, rank)
      ranked.copyWithin(to + 1, to, rank)
    }
    ranked[to] = claim
  }

  /** The first rank from `low` on whose NodeClaim has at least `count` pods; `high` if none has. */
  private firstNotBelow(count: number, low: number, high: number): number {
    let from = low
    let to = high
    while (from < to) {
      const middle = (from + to) >>> 1
      if (this.pods[this.ranked[middle]!]! < count) from = middle + 1
      else to = middle
    }
    return from
  }

  private sortAnew(): void {
    const { pods } = this
    const claims = Array.from(this.ranked.subarray(0, this.length))
    goSort(claims, (a, b) => pods[a]! < pods[b]!)
    this.ranked.set(claims)
  }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length)
  larger.set(array)
  return larger
}
