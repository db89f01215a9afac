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
import type { MatchColumn } from '../snapshot/matching-pods.ts'
import { DIFFERENCES } from '../versions.ts'
import { type AffinityTerm, type AffinityTerms, affinityTerms, incomingTerms, matchingTerm } from './affinity-term.ts'
import { KeyedDomains, type OwnDomains } from './domain-counts.ts'

const NAME = 'InterPodAffinity'
const AFFINITY = "node(s) didn't match pod affinity rules"
const ANTI_AFFINITY = "node(s) didn't match pod anti-affinity rules"
const EXISTING = "node(s) didn't satisfy existing pods anti-affinity rules"
const AFFINITY_TEXTS = [AFFINITY]
const ANTI_AFFINITY_TEXTS = [ANTI_AFFINITY]
const EXISTING_TEXTS = [EXISTING]
const NO_TEXTS: readonly string[] = []

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

const matchesAll = (terms: readonly AffinityTerm[], pod: Pod): boolean =>
  terms.length > 0 && terms.every(term => term.matches(pod, undefined))

/** Required anti-affinity terms of the groups of pods, each read once. */
class AntiAffinityGroups {
  private readonly snapshot: ClusterSnapshot
  private readonly terms: (readonly AffinityTerm[])[] = []

  constructor(snapshot: ClusterSnapshot) {
    this.snapshot = snapshot
  }

  /** Calls back for every term of a group that has pods and matches the incoming pod. */
  matching(pod: Pod, namespaceLabels: StringMap, each: (term: AffinityTerm, pods: MatchColumn) => void): void {
    const { affinityGroups } = this.snapshot.matching
    for (let index = 0; index < affinityGroups.length; index++) {
      const { pod: member, column } = affinityGroups[index]!
      if (column.total === 0) continue
      this.terms[index] ??= antiAffinityTerms(member)
      for (const term of this.terms[index]!) if (term.matches(pod, namespaceLabels)) each(term, column)
    }
  }
}

const antiAffinityGroups = (snapshot: ClusterSnapshot): AntiAffinityGroups => new AntiAffinityGroups(snapshot)

function antiAffinityTerms(pod: Pod): readonly AffinityTerm[] {
  const terms = affinityTerms(pod, pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution)
  return terms.kind === 'error' ? [] : terms.terms
}

class PreparedInterPodAffinity implements PreparedFilter, PodCounts {
  readonly plugin = NAME
  /** By topology key: pods that match all affinity terms, those that match an anti-affinity term, and those whose own term matches. */
  private readonly affinityCounts: KeyedDomains
  private readonly antiAffinityCounts: KeyedDomains
  private readonly existingCounts: KeyedDomains
  private readonly namespaceLabels: StringMap

  private readonly pod: Pod
  private readonly affinity: readonly AffinityTerm[]
  private readonly antiAffinity: readonly AffinityTerm[]
  /** By affinity term: the counts of its key. */
  private readonly affinityDomains: readonly OwnDomains[]

  constructor(
    pod: Pod,
    snapshot: ClusterSnapshot,
    affinity: readonly AffinityTerm[],
    antiAffinity: readonly AffinityTerm[],
  ) {
    this.pod = pod
    this.affinity = affinity
    this.antiAffinity = antiAffinity
    this.affinityCounts = new KeyedDomains(snapshot.labels)
    this.antiAffinityCounts = new KeyedDomains(snapshot.labels)
    this.existingCounts = new KeyedDomains(snapshot.labels)
    this.namespaceLabels = snapshot.namespaces.get(pod.metadata.namespace ?? 'default')?.metadata.labels ?? {}
    if (snapshot.withRequiredAntiAffinity.size > 0) {
      const existing = snapshot.once(antiAffinityGroups)
      existing.matching(pod, this.namespaceLabels, ({ topologyKey }, pods) => {
        this.existingCounts.of(topologyKey).addAll(pods.domainsOf(topologyKey))
      })
    }
    const { matching } = snapshot
    this.affinityDomains = affinity.map(({ topologyKey }) => this.affinityCounts.of(topologyKey))
    if (affinity.length > 0) {
      const key = affinity.map(term => term.key).join('\0')
      const pods = matching.column(`all\0${key}`, other => matchesAll(affinity, other))
      for (const { topologyKey } of affinity) this.affinityCounts.of(topologyKey).addAll(pods.domainsOf(topologyKey))
    }
    for (const term of antiAffinity) {
      const pods = matchingTerm(term, snapshot)
      this.antiAffinityCounts.of(term.topologyKey).addAll(pods.domainsOf(term.topologyKey))
    }
  }

  /** Nothing to decide for this pod in this cluster. */
  get idle(): boolean {
    return this.existingCounts.isEmpty && this.affinity.length === 0 && this.antiAffinity.length === 0
  }

  get counts(): PodCounts {
    return this
  }

  filter(node: number): FilterCode {
    if (!this.affinityHolds(node)) return UNRESOLVABLE
    return this.antiAffinityCounts.isZero(node) && this.existingCounts.isZero(node) ? FITS : UNSCHEDULABLE
  }

  explain(node: number): readonly Reason[] {
    if (!this.affinityHolds(node)) return [{ plugin: NAME, text: AFFINITY, unresolvable: true }]
    if (!this.antiAffinityCounts.isZero(node)) return [{ plugin: NAME, text: ANTI_AFFINITY, unresolvable: false }]
    return this.existingCounts.isZero(node) ? [] : [{ plugin: NAME, text: EXISTING, unresolvable: false }]
  }

  texts(node: number): readonly string[] {
    if (!this.affinityHolds(node)) return AFFINITY_TEXTS
    if (!this.antiAffinityCounts.isZero(node)) return ANTI_AFFINITY_TEXTS
    return this.existingCounts.isZero(node) ? NO_TEXTS : EXISTING_TEXTS
  }

  podAdded(pod: Pod, node: number): void {
    this.count(pod, node, 1)
  }

  podRemoved(pod: Pod, node: number): void {
    this.count(pod, node, -1)
  }

  save(): () => void {
    const restore = [this.affinityCounts.save(), this.antiAffinityCounts.save(), this.existingCounts.save()]
    return () => {
      for (const put of restore) put()
    }
  }

  private count(pod: Pod, node: number, by: number): void {
    for (const term of antiAffinityTerms(pod))
      if (term.matches(this.pod, this.namespaceLabels)) this.existingCounts.of(term.topologyKey).add(node, by)
    if (matchesAll(this.affinity, pod)) for (const domains of this.affinityDomains) domains.add(node, by)
    for (const term of this.antiAffinity)
      if (term.matches(pod, undefined)) this.antiAffinityCounts.of(term.topologyKey).add(node, by)
  }

  private affinityHolds(node: number): boolean {
    const { affinityDomains } = this
    let podsExist = true
    for (let index = 0; index < affinityDomains.length; index++) {
      const domains = affinityDomains[index]!
      if (!domains.has(node)) return false
      if (domains.of(node) <= 0) podsExist = false
    }
    // The first pod of a group that has affinity to itself may go anywhere.
    return podsExist || (this.affinityCounts.isEmpty && matchesAll(this.affinity, this.pod))
  }
}
