import { defaultNormalize, type ScorePlugin } from '../framework/score-plugin.ts'
import { tolerates } from '../taints.ts'

/** Fewest PreferNoSchedule taints that are not tolerated (kubernetes plugins/tainttoleration, v1.36.2). */
export const taintTolerationScore: ScorePlugin = {
  name: 'TaintToleration',
  weight: 3,
  prepare(pod, snapshot) {
    const tolerations = (pod.spec.tolerations ?? []).filter(({ effect }) => !effect || effect === 'PreferNoSchedule')
    const count = (node: number): number => {
      let untolerated = 0
      for (const taint of snapshot.nodes[node]?.spec?.taints ?? []) {
        if (taint.effect === 'PreferNoSchedule' && !tolerations.some(toleration => tolerates(toleration, taint)))
          untolerated++
      }
      return untolerated
    }
    return {
      score: (nodes, scores) => {
        for (let index = 0; index < nodes.length; index++) scores[index] = count(nodes[index]!)
      },
      normalize: scores => defaultNormalize(scores, true),
    }
  },
}
