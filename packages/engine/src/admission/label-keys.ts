import type { PodAffinity, PodAffinityTerm, TopologySpreadConstraint } from '../api/core.ts'
import type { LabelSelector, SelectorRequirement, StringMap } from '../api/meta.ts'
import type { FullPod } from './pod-model.ts'

/**
 * The pod as the server prepares it for validation: its own values of `matchLabelKeys` and `mismatchLabelKeys` are written into the
 * selectors (`mutatePodAffinity`, `mutateTopologySpreadConstraints`, kubernetes `pkg/registry/core/pod/strategy.go`, v1.36.2).
 */
export function withLabelKeys(pod: FullPod): FullPod {
  const { affinity, topologySpreadConstraints: constraints } = pod.spec
  const labels = pod.metadata.labels ?? {}
  const { podAffinity, podAntiAffinity } = affinity ?? {}
  if (podAffinity === undefined && podAntiAffinity === undefined && constraints === undefined) return pod
  return {
    ...pod,
    spec: {
      ...pod.spec,
      ...(affinity === undefined
        ? {}
        : {
            affinity: {
              ...affinity,
              ...(podAffinity === undefined ? {} : { podAffinity: inAffinity(podAffinity, labels) }),
              ...(podAntiAffinity === undefined ? {} : { podAntiAffinity: inAffinity(podAntiAffinity, labels) }),
            },
          }),
      ...(constraints === undefined
        ? {}
        : { topologySpreadConstraints: constraints.map(constraint => inConstraint(constraint, labels)) }),
    },
  }
}

function inAffinity(affinity: PodAffinity, labels: StringMap): PodAffinity {
  const required = affinity.requiredDuringSchedulingIgnoredDuringExecution
  const preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution
  return {
    ...affinity,
    ...(required === undefined
      ? {}
      : { requiredDuringSchedulingIgnoredDuringExecution: required.map(term => inTerm(term, labels)) }),
    ...(preferred === undefined
      ? {}
      : {
          preferredDuringSchedulingIgnoredDuringExecution: preferred.map(({ weight, podAffinityTerm }) => ({
            weight,
            podAffinityTerm: inTerm(podAffinityTerm, labels),
          })),
        }),
  }
}

function inTerm(term: PodAffinityTerm, labels: StringMap): PodAffinityTerm {
  const { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } = term
  const added = [...requirements(matchLabelKeys, 'In', labels), ...requirements(mismatchLabelKeys, 'NotIn', labels)]
  if (labelSelector === undefined || added.length === 0) return term
  return { ...term, labelSelector: extended(labelSelector, added) }
}

function inConstraint(constraint: TopologySpreadConstraint, labels: StringMap): TopologySpreadConstraint {
  const { labelSelector, matchLabelKeys = [] } = constraint
  const added = requirements(matchLabelKeys, 'In', labels)
  if (labelSelector === undefined || added.length === 0) return constraint
  return { ...constraint, labelSelector: extended(labelSelector, added) }
}

function requirements(keys: readonly string[], operator: string, labels: StringMap): readonly SelectorRequirement[] {
  return keys.flatMap(key => {
    const value = labels[key]
    return value === undefined ? [] : [{ key, operator, values: [value] }]
  })
}

function extended(selector: LabelSelector, added: readonly SelectorRequirement[]): LabelSelector {
  return { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...added] }
}
