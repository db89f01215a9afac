import type { Taint } from '../api/core.ts'
import { defaultNormalize, MAX_NODE_SCORE, type ScorePlugin } from '../framework/score-plugin.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { isTolerated } from '../taints.ts'

/** Fewest PreferNoSchedule taints that are not tolerated (kubernetes plugins/tainttoleration, v1.36.2). */
export const taintTolerationScore: ScorePlugin = {
  name: 'TaintToleration',
  weight: 3,
  prepare(pod, snapshot) {
    const soft = snapshot.once(softTaints)
    if (soft.length === 0) return UNTAINTED
    const tolerations = (pod.spec.tolerations ?? []).filter(({ effect }) => !effect || effect === 'PreferNoSchedule')
    return {
      score: (nodes, scores) => {
        for (let index = 0; index < nodes.length; index++) {
          const taints = soft[nodes[index]!]
          let untolerated = 0
          if (taints) for (const taint of taints) if (!isTolerated(taint, tolerations)) untolerated++
          scores[index] = untolerated
        }
      },
      normalize: scores => defaultNormalize(scores, true),
    }
  },
}

/** No node has such a taint: all are best. */
const UNTAINTED = {
  score: (_nodes: readonly number[], scores: Float64Array): void => {
    scores.fill(MAX_NODE_SCORE)
  },
}

/** By node: its PreferNoSchedule taints, absent if it has none; empty if no node has any. */
function softTaints({ nodes }: ClusterSnapshot): readonly (readonly Taint[] | undefined)[] {
  const byNode: (readonly Taint[] | undefined)[] = []
  let any = false
  for (const { spec } of nodes) {
    const soft = spec?.taints?.filter(({ effect }) => effect === 'PreferNoSchedule')
    if (soft?.length) any = true
    byNode.push(soft?.length ? soft : undefined)
  }
  return any ? byNode : []
}
