import type { Toleration } from '../api/core.ts'
import type { LabelSelector } from '../api/meta.ts'
import type { NodeFilter, TopologyType } from './topology-group.ts'

/**
 * A text that is equal for what Karpenter counts as one group. Its hash sees of a node filter only the labels that it names, not
 * their values, and a term or toleration that comes twice cancels itself out; minDomains is not part of it (`TopologyGroup.Hash`,
 * karpenter `pkg/controllers/provisioning/scheduling/topologygroup.go`, v1.14.1, by hashstructure v2 with `SlicesAsSets`).
 */
export function groupKey(
  type: TopologyType,
  key: string,
  namespaces: ReadonlySet<string>,
  maxSkew: number,
  selector: LabelSelector | undefined,
  filter: NodeFilter | undefined,
): string {
  return JSON.stringify([type, key, [...namespaces].sort(byText), maxSkew, selectorKey(selector), filterKey(filter)])
}

function selectorKey(selector: LabelSelector | undefined): unknown {
  if (selector === undefined || selector === null) return undefined
  const labels = Object.entries(selector.matchLabels ?? {}).sort(([a], [b]) => byText(a, b))
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values }) =>
    JSON.stringify([key, operator, oddOnes(values ?? [])]),
  )
  return [labels, [...new Set(expressions)].sort(byText)]
}

function filterKey(filter: NodeFilter | undefined): unknown {
  if (filter === undefined) return undefined
  const terms = filter.alternatives.map(one => JSON.stringify([...one.values()].map(({ key }) => key).sort(byText)))
  return [filter.honorTaints, filter.honorAffinity, oddOnes(terms), oddOnes(filter.tolerations.map(tolerationKey))]
}

function tolerationKey({ key, operator, value, effect, tolerationSeconds }: Toleration): string {
  return JSON.stringify([key ?? '', operator ?? '', value ?? '', effect ?? '', tolerationSeconds ?? 0])
}

/** What stands there an odd number of times, ascending. */
function oddOnes(texts: readonly string[]): readonly string[] {
  const odd = new Set<string>()
  for (const text of texts) if (!odd.delete(text)) odd.add(text)
  return [...odd].sort(byText)
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
