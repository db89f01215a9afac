import type { Affinity, NodeAffinity, PodAffinity, PodAffinityTerm } from '../../api/core.ts'
import type { LabelSelector } from '../../api/meta.ts'
import { forbidden, invalid, required } from '../field-errors.ts'
import { dnsLabelErrors, named, qualifiedNameErrors } from '../names.ts'
import { labelSelectorErrors, nodeSelectorTermErrors } from './selectors.ts'

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution'

/** Field errors of affinity (`validateAffinity`, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2). */
export function affinityErrors(affinity: Affinity | undefined, path: string): readonly string[] {
  return [
    ...nodeAffinityErrors(affinity?.nodeAffinity, `${path}.nodeAffinity`),
    ...podAffinityErrors(affinity?.podAffinity, `${path}.podAffinity`),
    ...podAffinityErrors(affinity?.podAntiAffinity, `${path}.podAntiAffinity`),
  ]
}

function nodeAffinityErrors(affinity: NodeAffinity | undefined, path: string): readonly string[] {
  const errors: string[] = []
  const needed = affinity?.[REQUIRED]
  if (needed !== undefined) {
    const at = `${path}.${REQUIRED}.nodeSelectorTerms`
    const terms = needed.nodeSelectorTerms ?? []
    if (terms.length === 0) errors.push(required(at, 'must have at least one node selector term'))
    terms.forEach((term, index) => {
      errors.push(...nodeSelectorTermErrors(term, `${at}[${index}]`, 'checked'))
    })
  }
  affinity?.[PREFERRED]?.forEach(({ weight, preference }, index) => {
    const at = `${path}.${PREFERRED}[${index}]`
    errors.push(...weightErrors(weight, at), ...nodeSelectorTermErrors(preference, `${at}.preference`, 'unchecked'))
  })
  return errors
}

function podAffinityErrors(affinity: PodAffinity | undefined, path: string): readonly string[] {
  return [
    ...(affinity?.[REQUIRED] ?? []).flatMap((term, index) => termErrors(term, `${path}.${REQUIRED}[${index}]`)),
    ...(affinity?.[PREFERRED] ?? []).flatMap(({ weight, podAffinityTerm }, index) => {
      const at = `${path}.${PREFERRED}[${index}]`
      return [...weightErrors(weight, at), ...termErrors(podAffinityTerm, `${at}.podAffinityTerm`)]
    }),
  ]
}

function weightErrors(weight: number, path: string): readonly string[] {
  return weight > 0 && weight <= 100 ? [] : [invalid(`${path}.weight`, weight, 'must be in the range 1-100')]
}

function termErrors(term: PodAffinityTerm, path: string): readonly string[] {
  const errors: string[] = [
    ...labelSelectorErrors(term.labelSelector, `${path}.labelSelector`),
    ...labelSelectorErrors(term.namespaceSelector, `${path}.namespaceSelector`),
  ]
  for (const name of term.namespaces ?? []) errors.push(...named(`${path}.namespace`, name, dnsLabelErrors(name)))
  errors.push(...labelKeysErrors(term.matchLabelKeys ?? [], term.mismatchLabelKeys ?? [], term.labelSelector, path))
  if (term.topologyKey === '') errors.push(required(`${path}.topologyKey`, 'can not be empty'))
  return [...errors, ...named(`${path}.topologyKey`, term.topologyKey, qualifiedNameErrors(term.topologyKey))]
}

/**
 * Field errors of `matchLabelKeys` and `mismatchLabelKeys`. By now the selector has a requirement made of each key that the pod has
 * as a label, so that a second one was the user's (`ValidateMatchLabelKeysAndMismatchLabelKeys`, same file).
 */
export function labelKeysErrors(
  matchKeys: readonly string[],
  mismatchKeys: readonly string[],
  selector: LabelSelector | undefined,
  path: string,
): readonly string[] {
  const errors: string[] = [
    ...keyErrors(matchKeys, selector, `${path}.matchLabelKeys`),
    ...keyErrors(mismatchKeys, selector, `${path}.mismatchLabelKeys`),
  ]
  if (selector !== undefined) {
    const seen = new Set(Object.keys(selector.matchLabels ?? {}))
    for (const { key } of selector.matchExpressions ?? []) {
      const index = matchKeys.lastIndexOf(key)
      if (index >= 0 && seen.has(key)) {
        errors.push(invalid(`${path}[${index}]`, key, 'exists in both matchLabelKeys and labelSelector'))
      }
      seen.add(key)
    }
  }
  matchKeys.forEach((key, index) => {
    if (!mismatchKeys.includes(key)) return
    const at = `${path}.matchLabelKeys[${index}]`
    errors.push(invalid(at, key, 'exists in both matchLabelKeys and mismatchLabelKeys'))
  })
  return errors
}

function keyErrors(keys: readonly string[], selector: LabelSelector | undefined, path: string): readonly string[] {
  if (keys.length === 0) return []
  if (selector === undefined) return [forbidden(path, 'must not be specified when labelSelector is not set')]
  return keys.flatMap((key, index) => named(`${path}[${index}]`, key, qualifiedNameErrors(key)))
}
