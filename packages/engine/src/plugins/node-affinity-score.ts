import { defaultNormalize, type PreparedScore, type ScorePlugin } from '../framework/score-plugin.ts'
import { compileNodeTerms, type NodeTerm, nodeTermMatches } from '../node-affinity.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { type ColumnCheck, columnCheck, meetsAll } from './column-check.ts'

/** Sum of the weights of preferred terms that a node meets (kubernetes plugins/nodeaffinity, v1.36.2). */
export const nodeAffinityScore: ScorePlugin = {
  name: 'NodeAffinity',
  weight: 2,
  prepare(pod, snapshot) {
    const preferred = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution
    if (!preferred?.length) return undefined
    const terms = preferred.flatMap(({ weight, preference }) =>
      weight === 0
        ? []
        : compileNodeTerms([preference], snapshot.version).map(term => new PreferredTerm(weight, term, snapshot)),
    )
    return new PreferredScore(terms)
  },
}

class PreferredTerm {
  readonly weight: number
  private readonly term: NodeTerm
  private readonly snapshot: ClusterSnapshot
  /** Absent where the term also asks for fields. */
  private readonly checks: readonly ColumnCheck[] | undefined

  constructor(weight: number, term: NodeTerm, snapshot: ClusterSnapshot) {
    this.weight = weight
    this.term = term
    this.snapshot = snapshot
    if (term.errors.length === 0 && term.fields.length === 0)
      this.checks = term.labels.map(requirement => columnCheck(requirement, snapshot))
  }

  isMet(node: number): boolean {
    if (this.checks) return meetsAll(this.checks, node)
    const { labels, name = '' } = this.snapshot.nodes[node]?.metadata ?? {}
    return nodeTermMatches(this.term, labels, name)
  }
}

class PreferredScore implements PreparedScore {
  private readonly terms: readonly PreferredTerm[]

  constructor(terms: readonly PreferredTerm[]) {
    this.terms = terms
  }

  score(nodes: readonly number[], scores: Float64Array): void {
    for (const term of this.terms)
      for (let index = 0; index < nodes.length; index++) if (term.isMet(nodes[index]!)) scores[index]! += term.weight
  }

  normalize(scores: Float64Array): void {
    defaultNormalize(scores, false)
  }
}
