import { defaultNormalize, type ScorePlugin } from '../framework/score-plugin.ts'
import { compileNodeTerms, nodeTermMatches } from '../node-affinity.ts'

/** Sum of the weights of preferred terms that a node meets (kubernetes plugins/nodeaffinity, v1.36.2). */
export const nodeAffinityScore: ScorePlugin = {
  name: 'NodeAffinity',
  weight: 2,
  prepare(pod, snapshot) {
    const preferred = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution
    if (!preferred?.length) return undefined
    const terms = preferred.flatMap(({ weight, preference }) =>
      weight === 0 ? [] : compileNodeTerms([preference], snapshot.version).map(term => ({ weight, term })),
    )
    return {
      score: (nodes, scores) => {
        for (let index = 0; index < nodes.length; index++) {
          const { labels, name = '' } = snapshot.nodes[nodes[index]!]?.metadata ?? {}
          for (const { weight, term } of terms) if (nodeTermMatches(term, labels, name)) scores[index]! += weight
        }
      },
      normalize: scores => defaultNormalize(scores, false),
    }
  },
}
