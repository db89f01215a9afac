import type { Pod, PodAffinityTerm } from '../api/core.ts'
import type { StringMap } from '../api/meta.ts'
import { type CompiledLabelSelector, compileLabelSelector } from '../labels.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import type { MatchColumn } from '../snapshot/matching-pods.ts'

/** A pod affinity term, read (`AffinityTerm`, k8s.io/kube-scheduler framework/types.go, v1.36.2). */
export interface AffinityTerm {
  readonly topologyKey: string
  /** Equal for terms that match the same pods, apart from the topology key. */
  readonly key: string
  /** Does the pod match? `namespaceLabels` are those of its namespace, absent where the caller merged the selector into names before. */
  matches(pod: Pod, namespaceLabels: StringMap | undefined): boolean
}

export type AffinityTerms =
  | { readonly kind: 'terms'; readonly terms: readonly AffinityTerm[] }
  | { readonly kind: 'error'; readonly text: string }

type Selector = Pick<CompiledLabelSelector, 'matches' | 'nothing' | 'requirements'>

/** True for `{}`, which selects everything; false for an absent selector, which selects nothing (`Selector.Empty`, apimachinery v0.36.2). */
export const isEmptySelector = ({ nothing, requirements }: Selector): boolean => !nothing && requirements.length === 0

const namespaceOf = (pod: Pod): string => pod.metadata.namespace ?? 'default'

/** Terms of a pod as they stand; a bad selector of any makes all of them an error. */
export function affinityTerms(pod: Pod, terms: readonly PodAffinityTerm[] | undefined): AffinityTerms {
  const read: AffinityTerm[] = []
  for (const term of terms ?? []) {
    const selectors = readSelectors(term)
    if (selectors.kind === 'error') return selectors
    read.push(newTerm(term, namesOf(pod, term), selectors.labels, selectors.namespaces))
  }
  return { kind: 'terms', terms: read }
}

/**
 * Terms of an incoming pod: the namespaces that a namespaceSelector selects become names. Until 1.36 the selector then stays in
 * force against *no* labels, so that one of only NotIn or DoesNotExist matches pods of every namespace
 * (kubernetes plugins/interpodaffinity/plugin.go mergeAffinityTermNamespacesIfNotEmpty, v1.36.2; kubernetes#138198).
 */
export function incomingTerms(
  pod: Pod,
  terms: readonly PodAffinityTerm[] | undefined,
  snapshot: ClusterSnapshot,
  keepSelector: boolean,
): AffinityTerms {
  const read: AffinityTerm[] = []
  for (const term of terms ?? []) {
    const selectors = readSelectors(term)
    if (selectors.kind === 'error') return selectors
    const names = new Set(namesOf(pod, term))
    let namespaces: Selector = selectors.namespaces
    if (!isEmptySelector(namespaces)) {
      for (const [name, namespace] of snapshot.namespaces) {
        if (namespaces.matches(namespace.metadata.labels ?? {})) names.add(name)
      }
      if (!keepSelector) namespaces = NOTHING
    }
    read.push(newTerm(term, names, selectors.labels, namespaces))
  }
  return { kind: 'terms', terms: read }
}

const NOTHING: Selector = { nothing: true, requirements: [], matches: () => false }

function newTerm(
  { topologyKey, labelSelector, namespaceSelector }: PodAffinityTerm,
  names: ReadonlySet<string>,
  labels: Selector,
  namespaces: Selector,
): AffinityTerm {
  const inForce = namespaces === NOTHING ? null : namespaceSelector
  return {
    topologyKey,
    key: JSON.stringify([[...names], inForce, labelSelector]),
    matches: (pod, namespaceLabels) =>
      (names.has(namespaceOf(pod)) || namespaces.matches(namespaceLabels ?? NO_LABELS)) &&
      labels.matches(pod.metadata.labels ?? NO_LABELS),
  }
}

const NO_LABELS: StringMap = {}

function namesOf(pod: Pod, term: PodAffinityTerm): ReadonlySet<string> {
  if (!term.namespaces?.length && term.namespaceSelector === undefined) return new Set([namespaceOf(pod)])
  return new Set(term.namespaces)
}

type Selectors =
  | { readonly kind: 'selectors'; readonly labels: Selector; readonly namespaces: Selector }
  | { readonly kind: 'error'; readonly text: string }

function readSelectors(term: PodAffinityTerm): Selectors {
  const labels = compileLabelSelector(term.labelSelector)
  if (labels.kind === 'error') return labels
  const namespaces = compileLabelSelector(term.namespaceSelector)
  if (namespaces.kind === 'error') return namespaces
  return { kind: 'selectors', labels, namespaces }
}

/** The snapshot's pods that an incoming pod's term matches. */
export function matchingTerm({ key, matches }: AffinityTerm, { matching }: ClusterSnapshot): MatchColumn {
  return matching.column(`term\0${key}`, pod => matches(pod, undefined))
}
