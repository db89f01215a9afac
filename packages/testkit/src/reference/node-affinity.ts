import type { Node, NodeSelectorTerm, PodSpec } from '@everynode/engine'
import { isRequirement, meets } from './labels.ts'

/** Whether nodeSelector and required node affinity admit a node, and whether an unreadable term is to blame if not. */
export function askNodeAffinity(
  spec: Pick<PodSpec, 'nodeSelector' | 'affinity'>,
  node: Node,
): { readonly match: boolean; readonly blamed: boolean } {
  const labels = new Map(Object.entries(node.metadata.labels ?? {}))
  for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) {
    if (labels.get(key) !== value) return { match: false, blamed: false }
  }
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  if (!required) return { match: true, blamed: false }
  const terms = (required.nodeSelectorTerms ?? []).filter(term => !isEmpty(term))
  const match = terms.some(term => isReadable(term) && admits(term, node))
  return { match, blamed: !match && terms.some(term => !isReadable(term)) }
}

function isEmpty({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): boolean {
  return matchExpressions.length === 0 && matchFields.length === 0
}

function isReadable({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): boolean {
  const fields = matchFields.every(({ operator, values = [] }) => /^(In|NotIn)$/.test(operator) && values.length === 1)
  return fields && matchExpressions.every(isRequirement)
}

function admits({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node): boolean {
  const { name = '', labels = {} } = node.metadata
  if (!matchExpressions.every(requirement => meets(labels, requirement))) return false
  if (name === '') return true
  return matchFields.every(({ key, operator, values = [] }) => {
    const equal = (key === 'metadata.name' ? name : '') === values[0]
    return operator === 'In' ? equal : !equal
  })
}
