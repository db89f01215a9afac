import { defaultNormalize, type ScorePlugin } from '../framework/score-plugin.ts'
import { compileNodeTerms, nodeTermMatches } from '../node-affinity.ts'

/** Sum of the weights of preferred terms that a node meets (kubernetes plugins/nodeaffinity, v1.36.2). */
export const nodeAffinityScore: ScorePlugin = {
  name: 'NodeAffinity',
  weight: 2n,
  prepare(pod, snapshot) {
    const preferred = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution
    if (!preferred?.length) return undefined
    const terms = preferred.flatMap(({ weight, preference }) =>
      weight === 0
        ? []
        : compileNodeTerms([preference], snapshot.version).map(term => ({ weight: BigInt(weight), term })),
    )
    return {
      score: node => {
        const { labels, name = '' } = snapshot.nodes[node]?.metadata ?? {}
        return terms.reduce((sum, { weight, term }) => (nodeTermMatches(term, labels, name) ? sum + weight : sum), 0n)
      },
      normalize: scores => defaultNormalize(scores, false),
    }
  },
}
