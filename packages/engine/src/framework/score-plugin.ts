import type { Pod } from '../api/core.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'

/** Bounds of a plugin's score after normalisation. */
export const MAX_NODE_SCORE = 100n

/** A plugin that has read one pod and the feasible nodes: raw scores, then one pass over all of them. */
export interface PreparedScore {
  score(node: number): bigint
  /** Brings the raw scores into 0…100; absent if they are there already. */
  normalize?(scores: bigint[]): void
}

/** One score plugin of the default profile. `prepare` answers undefined where PreScore skips the plugin. */
export interface ScorePlugin {
  readonly name: string
  readonly weight: bigint
  prepare(pod: Pod, snapshot: ClusterSnapshot, feasible: readonly number[]): PreparedScore | undefined
}

/** Scales the largest score to 100; reversed, the smallest is best (`DefaultNormalizeScore`, kubernetes plugins/helper/normalize_score.go, v1.36.2). */
export function defaultNormalize(scores: bigint[], reverse: boolean): void {
  let largest = 0n
  for (const score of scores) if (score > largest) largest = score
  scores.forEach((score, index) => {
    if (largest === 0n) scores[index] = reverse ? MAX_NODE_SCORE : score
    else {
      const scaled = (MAX_NODE_SCORE * score) / largest
      scores[index] = reverse ? MAX_NODE_SCORE - scaled : scaled
    }
  })
}
