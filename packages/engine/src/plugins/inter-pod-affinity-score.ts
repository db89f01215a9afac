import type { Pod, PodAffinity } from '../api/core.ts'
import type { StringMap } from '../api/meta.ts'
import { MAX_NODE_SCORE, type PreparedScore, type ScorePlugin } from '../framework/score-plugin.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { ABSENT } from '../snapshot/label-columns.ts'
import type { MatchColumn } from '../snapshot/matching-pods.ts'
import { DIFFERENCES } from '../versions.ts'
import { type AffinityTerm, affinityTerms, incomingTerms, matchingTerm } from './affinity-term.ts'

/** What a required affinity term of a running pod is worth (`hardPodAffinityWeight`, InterPodAffinityArgs). */
const REQUIRED_WEIGHT = 1
const NO_LABELS: StringMap = {}

/** Nodes near pods that this one prefers or that prefer it (kubernetes plugins/interpodaffinity/scoring.go, v1.36.2). */
export const interPodAffinityScore: ScorePlugin = {
  name: 'InterPodAffinity',
  weight: 2,
  prepare(pod, snapshot) {
    const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {}
    const hasPreferences = preferredOf(podAffinity).length > 0 || preferredOf(podAntiAffinity).length > 0
    if (!hasPreferences && snapshot.withPodAffinity.size === 0) return undefined
    const own = ownTerms(pod, snapshot)
    if (own.kind === 'error') return { kind: 'error', message: `failed to parse pod: ${own.text}` }
    const pairs = new PairScores()
    for (const { weight, term } of own.terms) pairs.add(term, weight, matchingTerm(term, snapshot))
    const namespaceLabels = snapshot.namespaces.get(pod.metadata.namespace ?? 'default')?.metadata.labels ?? NO_LABELS
    snapshot.once(affinityGroups).matching(pod, namespaceLabels, pairs)
    return pairs.isEmpty ? undefined : pairs
  },
}

interface WeightedTerm {
  /** Negative for anti-affinity. */
  readonly weight: number
  readonly term: AffinityTerm
}

type WeightedTerms =
  | { readonly kind: 'terms'; readonly terms: readonly WeightedTerm[] }
  | { readonly kind: 'error'; readonly text: string }

const preferredOf = (affinity: PodAffinity | undefined) =>
  affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []

/** Preferred terms of the incoming pod, the namespaces of a namespaceSelector looked up. */
function ownTerms(pod: Pod, snapshot: ClusterSnapshot): WeightedTerms {
  const keep = DIFFERENCES[snapshot.version].negativeNamespaceSelectorMatchesAll
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {}
  const terms: WeightedTerm[] = []
  for (const [sign, affinity] of [
    [1, podAffinity],
    [-1, podAntiAffinity],
  ] as const) {
    const preferred = preferredOf(affinity)
    const read = incomingTerms(
      pod,
      preferred.map(({ podAffinityTerm }) => podAffinityTerm),
      snapshot,
      keep,
    )
    if (read.kind === 'error') return read
    read.terms.forEach((term, index) => {
      terms.push({ weight: sign * (preferred[index]?.weight ?? 0), term })
    })
  }
  return { kind: 'terms', terms }
}

/** Terms of a running pod that attract or repel incoming ones. */
function theirTerms(pod: Pod): readonly WeightedTerm[] {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {}
  const terms: WeightedTerm[] = []
  const required = affinityTerms(pod, podAffinity?.requiredDuringSchedulingIgnoredDuringExecution)
  if (required.kind === 'terms') for (const term of required.terms) terms.push({ weight: REQUIRED_WEIGHT, term })
  for (const [sign, affinity] of [
    [1, podAffinity],
    [-1, podAntiAffinity],
  ] as const) {
    const preferred = preferredOf(affinity)
    const read = affinityTerms(
      pod,
      preferred.map(({ podAffinityTerm }) => podAffinityTerm),
    )
    if (read.kind === 'terms') {
      read.terms.forEach((term, index) => {
        terms.push({ weight: sign * (preferred[index]?.weight ?? 0), term })
      })
    }
  }
  return terms
}

/** Terms of the groups of pods, each read once. */
class AffinityGroups {
  private readonly snapshot: ClusterSnapshot
  private readonly terms: (readonly WeightedTerm[])[] = []

  constructor(snapshot: ClusterSnapshot) {
    this.snapshot = snapshot
  }

  /** Adds what the pods of all groups are worth whose terms match the incoming pod. */
  matching(pod: Pod, namespaceLabels: StringMap, pairs: PairScores): void {
    const { affinityGroups: groups } = this.snapshot.matching
    for (let index = 0; index < groups.length; index++) {
      const { pod: member, column } = groups[index]!
      if (column.total === 0) continue
      this.terms[index] ??= theirTerms(member)
      for (const { weight, term } of this.terms[index]!)
        if (term.matches(pod, namespaceLabels)) pairs.add(term, weight, column)
    }
  }
}

const affinityGroups = (snapshot: ClusterSnapshot): AffinityGroups => new AffinityGroups(snapshot)

/** Sums of weights by value of one topology key. */
interface PairSums {
  readonly values: Int32Array
  readonly sums: Float64Array
}

class PairScores implements PreparedScore {
  /** No pod that matches is on a node with its term's topology key; pairs that come to 0 count as there. */
  isEmpty = true
  private readonly keys: string[] = []
  private readonly sums: PairSums[] = []

  /** Adds what the pods are worth to the nodes that share a topology pair with theirs. */
  add({ topologyKey }: AffinityTerm, weight: number, pods: MatchColumn): void {
    if (pods.total === 0) return
    const { values, counts } = pods.domainsOf(topologyKey)
    const { sums } = this.sumsOf(topologyKey, values, counts.length)
    for (let value = 0; value < counts.length; value++) {
      if (counts[value] === 0) continue
      this.isEmpty = false
      sums[value]! += counts[value]! * weight
    }
  }

  score(nodes: readonly number[], scores: Float64Array): void {
    scores.fill(0)
    for (const { values, sums } of this.sums) {
      for (let position = 0; position < nodes.length; position++) {
        const value = values[nodes[position]!]!
        if (value !== ABSENT) scores[position]! += sums[value]!
      }
    }
  }

  normalize(scores: Float64Array): void {
    let lowest = Number.POSITIVE_INFINITY
    let highest = Number.NEGATIVE_INFINITY
    for (let position = 0; position < scores.length; position++) {
      const score = scores[position]!
      if (score < lowest) lowest = score
      if (score > highest) highest = score
    }
    const range = highest - lowest
    for (let position = 0; position < scores.length; position++) {
      scores[position] = range > 0 ? Math.trunc(MAX_NODE_SCORE * ((scores[position]! - lowest) / range)) : 0
    }
  }

  private sumsOf(topologyKey: string, values: Int32Array, size: number): PairSums {
    const known = this.keys.indexOf(topologyKey)
    if (known >= 0) return this.sums[known]!
    const made = { values, sums: new Float64Array(size) }
    this.keys.push(topologyKey)
    this.sums.push(made)
    return made
  }
}
