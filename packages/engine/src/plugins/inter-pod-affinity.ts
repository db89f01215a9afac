import type { Pod, PodAffinity, PodAffinityTerm } from '../api/core.ts'
import type { StringMap } from '../api/meta.ts'
import {
  FITS,
  type FilterCode,
  type FilterPlugin,
  type PodCounts,
  type PreparedFilter,
  SKIP,
  UNRESOLVABLE,
  UNSCHEDULABLE,
} from '../framework/filter-plugin.ts'
import type { Reason } from '../framework/status.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { DIFFERENCES } from '../versions.ts'
import { type AffinityTerm, type AffinityTerms, affinityTerms, incomingTerms } from './affinity-term.ts'

const NAME = 'InterPodAffinity'
const AFFINITY = "node(s) didn't match pod affinity rules"
const ANTI_AFFINITY = "node(s) didn't match pod anti-affinity rules"
const EXISTING = "node(s) didn't satisfy existing pods anti-affinity rules"

/** Required pod affinity and anti-affinity, the pod's own and that of running pods (kubernetes plugins/interpodaffinity/filtering.go, v1.36.2). */
export const interPodAffinity: FilterPlugin = {
  name: NAME,
  prepare(pod, snapshot) {
    const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {}
    if (!podAffinity && !podAntiAffinity && snapshot.withRequiredAntiAffinity.size === 0) return SKIP
    const keep = DIFFERENCES[snapshot.version].negativeNamespaceSelectorMatchesAll
    const own = incomingTerms(pod, podAffinity?.requiredDuringSchedulingIgnoredDuringExecution, snapshot, keep)
    const anti = incomingTerms(pod, podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution, snapshot, keep)
    const errors = [
      ...errorOf('requiredAffinityTerms', own),
      ...errorOf('requiredAntiAffinityTerms', anti),
      ...errorOf('preferredAffinityTerms', affinityTerms(pod, preferredTerms(podAffinity))),
      ...errorOf('preferredAntiAffinityTerms', affinityTerms(pod, preferredTerms(podAntiAffinity))),
    ]
    if (own.kind === 'error' || anti.kind === 'error' || errors.length > 0) {
      const message = `parsing pod: ${errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`}`
      return { kind: 'rejected', code: 'UnschedulableAndUnresolvable', message }
    }
    const filter = new PreparedInterPodAffinity(pod, snapshot, own.terms, anti.terms)
    return filter.idle ? SKIP : { kind: 'filter', filter }
  },
}

const preferredTerms = (affinity: PodAffinity | undefined): readonly PodAffinityTerm[] =>
  (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm)

const errorOf = (name: string, terms: AffinityTerms): readonly string[] =>
  terms.kind === 'error' ? [`${name}: ${terms.text}`] : []

/** Number of matching pods by topology pair; an entry that comes down to 0 is gone. */
class PairCounts {
  readonly counts = new Map<string, number>()

  add(labels: StringMap, key: string, by: number): void {
    if (!Object.hasOwn(labels, key)) return
    const pair = pairOf(key, labels[key] ?? '')
    const count = (this.counts.get(pair) ?? 0) + by
    if (count === 0) this.counts.delete(pair)
    else this.counts.set(pair, count)
  }

  of(key: string, value: string): number {
    return this.counts.get(pairOf(key, value)) ?? 0
  }
}

const pairOf = (key: string, value: string): string => `${key}\0${value}`
const matchesAll = (terms: readonly AffinityTerm[], pod: Pod): boolean =>
  terms.length > 0 && terms.every(term => term.matches(pod, undefined))

class PreparedInterPodAffinity implements PreparedFilter, PodCounts {
  readonly plugin = NAME
  private readonly affinityCounts = new PairCounts()
  private readonly antiAffinityCounts = new PairCounts()
  private readonly existingCounts = new PairCounts()
  private readonly namespaceLabels: StringMap

  private readonly pod: Pod
  private readonly snapshot: ClusterSnapshot
  private readonly affinity: readonly AffinityTerm[]
  private readonly antiAffinity: readonly AffinityTerm[]

  constructor(
    pod: Pod,
    snapshot: ClusterSnapshot,
    affinity: readonly AffinityTerm[],
    antiAffinity: readonly AffinityTerm[],
  ) {
    this.pod = pod
    this.snapshot = snapshot
    this.affinity = affinity
    this.antiAffinity = antiAffinity
    this.namespaceLabels = snapshot.namespaces.get(pod.metadata.namespace ?? 'default')?.metadata.labels ?? {}
    for (const index of snapshot.withRequiredAntiAffinity) {
      const node = snapshot.nodeOf(index)
      if (node !== undefined) this.countExisting(snapshot.pod(index), node, 1)
    }
    if (affinity.length === 0 && antiAffinity.length === 0) return
    for (let node = 0; node < snapshot.nodeCount; node++) {
      for (const index of snapshot.podsOn(node)) this.countIncoming(snapshot.pod(index), node, 1)
    }
  }

  /** Nothing to decide for this pod in this cluster. */
  get idle(): boolean {
    return this.existingCounts.counts.size === 0 && this.affinity.length === 0 && this.antiAffinity.length === 0
  }

  get counts(): PodCounts {
    return this
  }

  filter(node: number): FilterCode {
    const labels = this.labels(node)
    if (!this.affinityHolds(labels)) return UNRESOLVABLE
    return this.antiAffinityHolds(labels) && this.existingHolds(labels) ? FITS : UNSCHEDULABLE
  }

  explain(node: number): readonly Reason[] {
    const labels = this.labels(node)
    if (!this.affinityHolds(labels)) return [{ plugin: NAME, text: AFFINITY, unresolvable: true }]
    if (!this.antiAffinityHolds(labels)) return [{ plugin: NAME, text: ANTI_AFFINITY, unresolvable: false }]
    return this.existingHolds(labels) ? [] : [{ plugin: NAME, text: EXISTING, unresolvable: false }]
  }

  texts(node: number): readonly string[] {
    return this.explain(node).map(({ text }) => text)
  }

  podAdded(pod: Pod, node: number): void {
    this.countExisting(pod, node, 1)
    this.countIncoming(pod, node, 1)
  }

  podRemoved(pod: Pod, node: number): void {
    this.countExisting(pod, node, -1)
    this.countIncoming(pod, node, -1)
  }

  save(): () => void {
    const all = [this.affinityCounts, this.antiAffinityCounts, this.existingCounts]
    const saved = all.map(({ counts }) => new Map(counts))
    return () => {
      all.forEach(({ counts }, index) => {
        counts.clear()
        for (const [pair, count] of saved[index] ?? []) counts.set(pair, count)
      })
    }
  }

  private labels(node: number): StringMap {
    return this.snapshot.nodes[node]?.metadata.labels ?? {}
  }

  private countExisting(pod: Pod, node: number, by: number): void {
    const terms = affinityTerms(pod, pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution)
    if (terms.kind === 'error') return
    for (const term of terms.terms) {
      if (term.matches(this.pod, this.namespaceLabels)) this.existingCounts.add(this.labels(node), term.topologyKey, by)
    }
  }

  private countIncoming(pod: Pod, node: number, by: number): void {
    const labels = this.labels(node)
    if (matchesAll(this.affinity, pod))
      for (const term of this.affinity) this.affinityCounts.add(labels, term.topologyKey, by)
    for (const term of this.antiAffinity)
      if (term.matches(pod, undefined)) this.antiAffinityCounts.add(labels, term.topologyKey, by)
  }

  private affinityHolds(labels: StringMap): boolean {
    let podsExist = true
    for (const { topologyKey } of this.affinity) {
      if (!Object.hasOwn(labels, topologyKey)) return false
      if (this.affinityCounts.of(topologyKey, labels[topologyKey] ?? '') <= 0) podsExist = false
    }
    // The first pod of a group that has affinity to itself may go anywhere.
    return podsExist || (this.affinityCounts.counts.size === 0 && matchesAll(this.affinity, this.pod))
  }

  private antiAffinityHolds(labels: StringMap): boolean {
    return !this.antiAffinity.some(
      ({ topologyKey }) =>
        Object.hasOwn(labels, topologyKey) && this.antiAffinityCounts.of(topologyKey, labels[topologyKey] ?? '') > 0,
    )
  }

  private existingHolds(labels: StringMap): boolean {
    if (this.existingCounts.counts.size === 0) return true
    return !Object.entries(labels).some(([key, value]) => this.existingCounts.of(key, value) > 0)
  }
}
