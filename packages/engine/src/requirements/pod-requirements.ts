import type { Pod, PodSpec } from '../api/core.ts'
import type { SelectorRequirement } from '../api/meta.ts'
import { goSort } from '../go-sort.ts'
import { Requirements } from './requirements.ts'
import { CORE_LABEL_ALIASES } from './well-known-labels.ts'

/**
 * What a pod requires of its node: node selector and the first of its required affinity terms (`NewStrictPodRequirements`,
 * karpenter `pkg/scheduling/requirements.go`, v1.14.1). Terms are alternatives, which Karpenter tries by dropping the first; what a
 * term says of fields is not looked at.
 */
export function strictPodRequirements(pod: Pod, aliases = CORE_LABEL_ALIASES): Requirements {
  return requiredAlternatives(pod.spec, aliases)[0]!
}

/** The same, and its heaviest preference as if it were required (`NewPodRequirements`). */
export function podRequirements(pod: Pod, aliases = CORE_LABEL_ALIASES): Requirements {
  const { spec } = pod
  const preferred = [...(spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])]
  if (preferred.length === 0) return strictPodRequirements(pod, aliases)
  goSort(preferred, (a, b) => a.weight > b.weight)
  const heaviest = readTerm(preferred[0]?.preference.matchExpressions, aliases)
  const first = requiredTerms(spec)[0]
  const both = Requirements.ofLabels(spec.nodeSelector, aliases).add(heaviest)
  return first === undefined ? both : both.add(readTerm(first.matchExpressions, aliases))
}

/** What a pod requires by each of its required affinity terms in turn; one alternative at least. */
export function requiredAlternatives(spec: PodSpec, aliases = CORE_LABEL_ALIASES): readonly Requirements[] {
  const selector = Requirements.ofLabels(spec.nodeSelector, aliases)
  const terms = requiredTerms(spec)
  return terms.length === 0 ? [selector] : terms.map(term => selector.add(readTerm(term.matchExpressions, aliases)))
}

function requiredTerms(spec: PodSpec) {
  return spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
}

function readTerm(
  expressions: readonly SelectorRequirement[] | undefined,
  aliases: ReadonlyMap<string, string>,
): Requirements {
  return Requirements.read(expressions, aliases)
}
