import type { Pod } from '../api/core.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'

/** Upper bound of a plugin's score after normalisation; the lower one is 0. */
export const MAX_NODE_SCORE = 100

/** A plugin that has read one pod and the feasible nodes: raw scores, then one pass over all of them. */
export interface PreparedScore {
  /** Raw scores of the nodes, in their order: upstream's int64, held exactly as far as it lies within 2^53. */
  score(nodes: readonly number[], scores: Float64Array): void
  /** Brings the raw scores into 0…100; absent if they are there already. */
  normalize?(scores: Float64Array): void
  /** The raw score of a node as int64; present where it may leave 2^53. */
  exact?(node: number): bigint
}

/** One score plugin of the default profile. */
export interface ScorePlugin {
  readonly name: string
  readonly weight: number
  /** Undefined where PreScore skips the plugin, `unknown` where a list that it reads is not there. */
  prepare(
    pod: Pod,
    snapshot: ClusterSnapshot,
    feasible: readonly number[],
  ): PreparedScore | undefined | { readonly kind: 'unknown' } | { readonly kind: 'error'; readonly message: string }
}

/** Scales the largest score to 100; reversed, the smallest is best (`DefaultNormalizeScore`, kubernetes plugins/helper/normalize_score.go, v1.36.2). */
export function defaultNormalize(scores: Float64Array, reverse: boolean): void {
  let largest = 0
  for (const score of scores) if (score > largest) largest = score
  for (let index = 0; index < scores.length; index++) {
    if (largest === 0) {
      if (reverse) scores[index] = MAX_NODE_SCORE
      continue
    }
    const scaled = Math.trunc((MAX_NODE_SCORE * scores[index]!) / largest)
    scores[index] = reverse ? MAX_NODE_SCORE - scaled : scaled
  }
}
