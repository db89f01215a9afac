import type { Pod, PodAffinity } from '../api/core.ts'
import type { StringMap } from '../api/meta.ts'
import { MAX_NODE_SCORE, type PreparedScore, type ScorePlugin } from '../framework/score-plugin.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import type { PodIndex } from '../snapshot/indices.ts'
import { DIFFERENCES } from '../versions.ts'
import { type AffinityTerm, affinityTerms, incomingTerms } from './affinity-term.ts'

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
    const pairs = new PairScores(pod, snapshot, own.terms)
    if (hasPreferences) pairs.countAll()
    else for (const index of snapshot.withPodAffinity) pairs.count(index)
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

class PairScores implements PreparedScore {
  /** By topology key and value: sum of weights; a pair that comes to 0 stays. */
  private readonly sums = new Map<string, Map<string, number>>()
  private readonly pod: Pod
  private readonly snapshot: ClusterSnapshot
  private readonly own: readonly WeightedTerm[]
  private readonly namespaceLabels: StringMap

  constructor(pod: Pod, snapshot: ClusterSnapshot, own: readonly WeightedTerm[]) {
    this.pod = pod
    this.snapshot = snapshot
    this.own = own
    this.namespaceLabels = snapshot.namespaces.get(pod.metadata.namespace ?? 'default')?.metadata.labels ?? NO_LABELS
  }

  get isEmpty(): boolean {
    return this.sums.size === 0
  }

  countAll(): void {
    for (let node = 0; node < this.snapshot.nodeCount; node++)
      for (const index of this.snapshot.podsOn(node)) this.count(index)
  }

  /** Adds what a running pod is worth to the nodes that share a topology pair with its node. */
  count(index: PodIndex): void {
    const { snapshot } = this
    const existing = snapshot.pod(index)
    const node = snapshot.nodeOf(index)
    const labels = node === undefined ? undefined : snapshot.node(node).metadata.labels
    if (labels === undefined) return
    for (const { weight, term } of this.own) if (term.matches(existing, undefined)) this.add(term, labels, weight)
    if (!snapshot.withPodAffinity.has(index)) return
    for (const { weight, term } of theirTerms(existing))
      if (term.matches(this.pod, this.namespaceLabels)) this.add(term, labels, weight)
  }

  score(nodes: readonly number[], scores: Float64Array): void {
    for (let position = 0; position < nodes.length; position++) {
      const labels = this.snapshot.nodes[nodes[position]!]?.metadata.labels ?? NO_LABELS
      let score = 0
      for (const [key, values] of this.sums) {
        const value = labels[key]
        if (value !== undefined) score += values.get(value) ?? 0
      }
      scores[position] = score
    }
  }

  normalize(scores: Float64Array): void {
    let lowest = Number.POSITIVE_INFINITY
    let highest = Number.NEGATIVE_INFINITY
    for (const score of scores) {
      lowest = Math.min(lowest, score)
      highest = Math.max(highest, score)
    }
    const range = highest - lowest
    for (let position = 0; position < scores.length; position++) {
      scores[position] = range > 0 ? Math.trunc(MAX_NODE_SCORE * ((scores[position]! - lowest) / range)) : 0
    }
  }

  private add({ topologyKey }: AffinityTerm, labels: StringMap, weight: number): void {
    const value = labels[topologyKey]
    if (value === undefined) return
    const values = this.sums.get(topologyKey)
    if (values) values.set(value, (values.get(value) ?? 0) + weight)
    else this.sums.set(topologyKey, new Map([[value, weight]]))
  }
}
