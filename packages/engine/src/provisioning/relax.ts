import type { NodeSelectorTerm, Pod, PodAffinityTerm, Toleration, TopologySpreadConstraint } from '../api/core.ts'
import type { StringMap } from '../api/meta.ts'
import { goSort } from '../go-sort.ts'
import { toleratingPreferences } from './taints.ts'

export interface WeightedNodeTerm {
  readonly weight: number
  readonly preference: NodeSelectorTerm
}

export interface WeightedPodTerm {
  readonly weight: number
  readonly podAffinityTerm: PodAffinityTerm
}

/** What a pod asks of its place, as far as Karpenter gives it up step by step. */
export interface PlacementTerms {
  readonly nodeSelector: StringMap | undefined
  /** Alternatives, of which the first counts. */
  readonly required: readonly NodeSelectorTerm[]
  /** The heaviest first. */
  readonly preferred: readonly WeightedNodeTerm[]
  readonly podAffinity: readonly PodAffinityTerm[]
  readonly preferredPodAffinity: readonly WeightedPodTerm[]
  readonly podAntiAffinity: readonly PodAffinityTerm[]
  readonly preferredPodAntiAffinity: readonly WeightedPodTerm[]
  readonly spread: readonly TopologySpreadConstraint[]
  readonly tolerations: readonly Toleration[]
}

/** The terms as a pod's spec states them. */
export function placementTerms({ spec }: Pod): PlacementTerms {
  const { nodeAffinity, podAffinity, podAntiAffinity } = spec.affinity ?? {}
  const preferred = [...(nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])]
  goSort(preferred, (a, b) => a.weight > b.weight)
  return {
    nodeSelector: spec.nodeSelector,
    required: nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [],
    preferred,
    podAffinity: podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [],
    preferredPodAffinity: podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [],
    podAntiAffinity: podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [],
    preferredPodAntiAffinity: podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [],
    spread: spec.topologySpreadConstraints ?? [],
    tolerations: spec.tolerations ?? [],
  }
}

/**
 * The terms less the first thing that can be given up, or undefined where nothing can: a required node affinity term that is not the
 * last, then the heaviest preference for pods, against pods, and for nodes, then a spread that is only wished for, and last, where
 * some NodePool has such a taint, a toleration of every PreferNoSchedule taint (`Relax`, karpenter
 * `pkg/controllers/provisioning/scheduling/preferences.go`, v1.14.1).
 */
export function relaxTerms(terms: PlacementTerms, toleratePreferNoSchedule: boolean): PlacementTerms | undefined {
  if (terms.required.length > 1) return { ...terms, required: terms.required.slice(1) }
  if (terms.preferredPodAffinity.length > 0) {
    return { ...terms, preferredPodAffinity: withoutHeaviest(terms.preferredPodAffinity) }
  }
  if (terms.preferredPodAntiAffinity.length > 0) {
    return { ...terms, preferredPodAntiAffinity: withoutHeaviest(terms.preferredPodAntiAffinity) }
  }
  if (terms.preferred.length > 0) return { ...terms, preferred: withoutHeaviest(terms.preferred) }
  const wished = terms.spread.findIndex(({ whenUnsatisfiable }) => whenUnsatisfiable === 'ScheduleAnyway')
  if (wished >= 0) return { ...terms, spread: replacedByLast(terms.spread, wished) }
  if (!toleratePreferNoSchedule) return undefined
  const tolerations = toleratingPreferences(terms.tolerations)
  return tolerations === terms.tolerations ? undefined : { ...terms, tolerations }
}

function withoutHeaviest<T extends { readonly weight: number }>(terms: readonly T[]): readonly T[] {
  return terms.toSorted((a, b) => b.weight - a.weight).slice(1)
}

function replacedByLast<T>(list: readonly T[], index: number): readonly T[] {
  const kept = list.slice(0, -1)
  if (index < kept.length) kept[index] = list.at(-1) as T
  return kept
}
