import { defaultNormalize, type ScorePlugin } from '../framework/score-plugin.ts'
import { tolerates } from '../taints.ts'

/** Fewest PreferNoSchedule taints that are not tolerated (kubernetes plugins/tainttoleration, v1.36.2). */
export const taintTolerationScore: ScorePlugin = {
  name: 'TaintToleration',
  weight: 3n,
  prepare(pod, snapshot) {
    const tolerations = (pod.spec.tolerations ?? []).filter(({ effect }) => !effect || effect === 'PreferNoSchedule')
    return {
      score: node => {
        const soft = (snapshot.nodes[node]?.spec?.taints ?? []).filter(({ effect }) => effect === 'PreferNoSchedule')
        return BigInt(soft.filter(taint => !tolerations.some(toleration => tolerates(toleration, taint))).length)
      },
      normalize: scores => defaultNormalize(scores, true),
    }
  },
}
