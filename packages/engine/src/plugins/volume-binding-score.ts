import type { PreparedScore, ScorePlugin } from '../framework/score-plugin.ts'
import { goRound } from '../go-math.ts'
import { DIFFERENCES } from '../versions.ts'
import { waitingOf } from './volume-binding.ts'
import {
  freeCapacity,
  takeVolume,
  type VolumeCandidate,
  type WaitingClaim,
  waitingClaims,
} from './volume-candidates.ts'

/** Room that claims leave in the volumes that they take, or in the storage that they are made of (kubernetes plugins/volumebinding/scorer.go, v1.37.2; off until 1.36). */
export const volumeBindingScore: ScorePlugin = {
  name: 'VolumeBinding',
  weight: 1,
  prepare(pod, snapshot) {
    if (!pod.spec.volumes || !DIFFERENCES[snapshot.version].storageCapacityScore) return undefined
    const claims = waitingOf(pod, snapshot)
    if (claims.length === 0) return undefined
    const waiting = waitingClaims(claims, snapshot)
    return waiting === 'unknown' ? { kind: 'unknown' } : new CapacityScore(waiting)
  },
}

interface Room {
  readonly requested: bigint
  readonly capacity: bigint
}

class CapacityScore implements PreparedScore {
  private readonly waiting: readonly WaitingClaim[]

  constructor(waiting: readonly WaitingClaim[]) {
    this.waiting = waiting
  }

  score(nodes: readonly number[], scores: Float64Array): void {
    for (let index = 0; index < nodes.length; index++) scores[index] = this.scoreOf(nodes[index]!)
  }

  private scoreOf(node: number): number {
    const taken: (VolumeCandidate | undefined)[] = []
    for (const claim of this.waiting)
      taken.push(claim.selectedNode === undefined ? takeVolume(claim, taken, node) : undefined)
    const rooms = taken.some(volume => volume !== undefined) ? this.bound(taken) : this.made(node)
    if (rooms.size === 0) return 0
    let sum = 0
    for (const room of rooms.values()) sum += percentFree(room)
    return goRound(sum / rooms.size)
  }

  /** By class: what the volumes have that are taken. */
  private bound(taken: readonly (VolumeCandidate | undefined)[]): ReadonlyMap<string, Room> {
    const rooms = new Map<string, Room>()
    taken.forEach((volume, index) => {
      if (!volume) return
      const { requested, capacity } = rooms.get(volume.className) ?? { requested: 0n, capacity: 0n }
      rooms.set(volume.className, {
        requested: int64(requested + this.waiting[index]!.requested),
        capacity: int64(capacity + volume.capacity),
      })
    })
    return rooms
  }

  /** By class: what the storage has from which volumes are made. */
  private made(node: number): ReadonlyMap<string, Room> {
    const rooms = new Map<string, Room>()
    for (const claim of this.waiting) {
      const capacity = freeCapacity(claim, node)
      if (capacity === undefined) continue
      const requested = rooms.get(claim.className)?.requested ?? 0n
      rooms.set(claim.className, { requested: int64(requested + claim.requested), capacity })
    }
    return rooms
  }
}

const int64 = (value: bigint): bigint => BigInt.asIntN(64, value)

function percentFree({ requested, capacity }: Room): number {
  if (capacity === 0n || requested > capacity) return 0
  return 100 - Number(int64(requested * 100n) / capacity)
}
