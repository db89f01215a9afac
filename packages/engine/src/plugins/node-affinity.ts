import type { Node, NodeSelectorTerm, Pod } from '../api/core.ts'
import type { StringMap } from '../api/meta.ts'
import {
  FITS,
  type FilterCode,
  type FilterPlugin,
  type PreparedFilter,
  SKIP,
  UNRESOLVABLE,
} from '../framework/filter-plugin.ts'
import type { Reason } from '../framework/status.ts'
import { compileNodeAffinity, type NodeFieldRequirement } from '../node-affinity.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { type ColumnCheck, columnCheck, meetsAll } from './column-check.ts'

/** The plugin's public name. */
export const NODE_AFFINITY = 'NodeAffinity'
const TEXTS: readonly string[] = ["node(s) didn't match Pod's node affinity/selector"]
const NO_TEXTS: readonly string[] = []
const REASON: Reason = { plugin: NODE_AFFINITY, text: TEXTS[0]!, unresolvable: true }

/** nodeSelector and required node affinity (kubernetes plugins/nodeaffinity/node_affinity.go, v1.36.2). */
export const nodeAffinity: FilterPlugin = {
  name: NODE_AFFINITY,
  prepare(pod, snapshot) {
    const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
    if (!required && !pod.spec.nodeSelector) return SKIP
    const pin = required && pinOf(required.nodeSelectorTerms)
    if (pin !== undefined) {
      const index = snapshot.nodeIndex(pin)
      const selected = index !== undefined && hasLabels(snapshot.node(index), pod.spec.nodeSelector ?? {})
      return { kind: 'filter', filter: new PreparedPin(selected ? index : undefined), nodes: new Set([pin]) }
    }
    const nodes = required && namedNodes(required.nodeSelectorTerms ?? [])
    if (nodes?.size === 0)
      return { kind: 'rejected', code: 'UnschedulableAndUnresolvable', message: 'pod affinity terms conflict' }
    return { kind: 'filter', filter: new PreparedNodeAffinity(pod, snapshot), ...(nodes && { nodes }) }
  },
}

/** The name of the node that the DaemonSet controller pins a pod to: one term, one field, one name. Such a term needs no columns. */
export function pinOf(terms: readonly NodeSelectorTerm[] | undefined): string | undefined {
  const term = terms?.length === 1 ? terms[0] : undefined
  const field = term?.matchFields?.length === 1 && !term.matchExpressions?.length ? term.matchFields[0] : undefined
  return field?.key === 'metadata.name' && field.operator === 'In' && field.values?.length === 1
    ? field.values[0]
    : undefined
}

/** Names of the only nodes that the terms allow; absent if a term names none, empty if the names of every term contradict each other. */
function namedNodes(terms: readonly NodeSelectorTerm[]): ReadonlySet<string> | undefined {
  if (terms.length === 0) return undefined
  const all = new Set<string>()
  for (const { matchFields } of terms) {
    const sets = (matchFields ?? [])
      .filter(({ key, operator }) => key === 'metadata.name' && operator === 'In')
      .map(({ values }) => new Set(values ?? []))
    const [first, ...rest] = sets
    if (!first) return undefined
    for (const name of first) if (rest.every(set => set.has(name))) all.add(name)
  }
  return all
}

/** A pod that is pinned to one node, as the DaemonSet controller does: every other node is rejected, and it too where its labels don't match. */
export class PreparedPin implements PreparedFilter {
  readonly plugin = NODE_AFFINITY
  private readonly index: number | undefined

  /** `index` is the pin's node, absent if it is not there or not selected. */
  constructor(index: number | undefined) {
    this.index = index
  }

  filter(node: number): FilterCode {
    return node === this.index ? FITS : UNRESOLVABLE
  }

  texts(node: number): readonly string[] {
    return node === this.index ? NO_TEXTS : TEXTS
  }

  explain(node: number): readonly Reason[] {
    return node === this.index ? [] : [REASON]
  }
}

function hasLabels({ metadata }: Node, wanted: StringMap): boolean {
  const labels = metadata.labels ?? {}
  for (const key in wanted) if (!Object.hasOwn(labels, key) || labels[key] !== wanted[key]) return false
  return true
}

interface TermChecks {
  readonly columns: readonly ColumnCheck[]
  readonly fields: readonly NodeFieldRequirement[]
}

class PreparedNodeAffinity implements PreparedFilter {
  readonly plugin = NODE_AFFINITY
  private compiled:
    | { readonly selector: readonly ColumnCheck[]; readonly terms: readonly TermChecks[] | undefined }
    | undefined

  private readonly pod: Pod
  private readonly snapshot: ClusterSnapshot

  constructor(pod: Pod, snapshot: ClusterSnapshot) {
    this.pod = pod
    this.snapshot = snapshot
  }

  filter(node: number): FilterCode {
    const { selector, terms } = this.checks()
    return this.matches(selector, terms, node) ? FITS : UNRESOLVABLE
  }

  explain(node: number): readonly Reason[] {
    return this.filter(node) === FITS ? [] : [REASON]
  }

  texts(node: number): readonly string[] {
    return this.filter(node) === FITS ? NO_TEXTS : TEXTS
  }

  sweep(codes: Uint8Array): void {
    const { selector, terms } = this.checks()
    for (let node = 0; node < codes.length; node++) {
      if (codes[node] === FITS && !this.matches(selector, terms, node)) codes[node] = UNRESOLVABLE
    }
  }

  /** Turned into columns at the first question, as a pinned pod asks about one node only. */
  private checks() {
    if (this.compiled) return this.compiled
    const affinity = compileNodeAffinity(this.pod.spec, this.snapshot.version)
    this.compiled = {
      selector: affinity.nodeSelector.map(requirement => columnCheck(requirement, this.snapshot)),
      terms: affinity.terms
        ?.filter(({ errors }) => errors.length === 0)
        .map(({ labels, fields }) => ({
          columns: labels.map(requirement => columnCheck(requirement, this.snapshot)),
          fields,
        })),
    }
    return this.compiled
  }

  private matches(selector: readonly ColumnCheck[], terms: readonly TermChecks[] | undefined, node: number): boolean {
    if (!meetsAll(selector, node)) return false
    if (terms === undefined) return true
    for (let index = 0; index < terms.length; index++) if (this.termMatches(terms[index]!, node)) return true
    return false
  }

  private termMatches({ columns, fields }: TermChecks, node: number): boolean {
    if (!meetsAll(columns, node)) return false
    if (fields.length === 0) return true
    const name = this.snapshot.nodeName(node)
    if (name === '') return true
    return fields.every(
      ({ key, operator, value }) => ((key === 'metadata.name' ? name : '') === value) === (operator === 'In'),
    )
  }
}
