import type { Node, NodeSelectorTerm, PodSpec } from './api/core.ts'
import type { SelectorRequirement, StringMap } from './api/meta.ts'
import { aggregate, invalid, notSupported } from './labels/field-error.ts'
import {
  checkRequirement,
  type LabelOperator,
  type LabelRequirement,
  requirementMatches,
} from './labels/requirement.ts'
import { DEFAULT_VERSION, type KubernetesVersion } from './versions.ts'

/** A condition on a field of the node; every field but `metadata.name` reads as empty. */
export interface NodeFieldRequirement {
  readonly key: string
  readonly operator: 'In' | 'NotIn'
  readonly value: string
}

/** One term of required node affinity that is not empty. A term with errors matches no node. */
export interface NodeTerm {
  readonly labels: readonly LabelRequirement[]
  readonly fields: readonly NodeFieldRequirement[]
  readonly errors: readonly string[]
}

/** What a pod's nodeSelector and required node affinity ask of a node, ready for many nodes. */
export interface CompiledNodeAffinity {
  /** Labels that the nodeSelector asks for, as given. */
  readonly nodeSelector: readonly LabelRequirement[]
  /** Any of them suffices; absent if nothing is required, empty if no node can match. */
  readonly terms: readonly NodeTerm[] | undefined
  /** True if every node matches. */
  readonly unrestricted: boolean
  match(labels: StringMap | undefined, nodeName: string): boolean
  /** The half of the answer that the nodeSelector gives. */
  matchSelector(labels: StringMap | undefined): boolean
  /** The half of the answer that required node affinity gives. */
  matchTerms(labels: StringMap | undefined, nodeName: string): boolean
  /** The parse errors of all terms as one text; upstream reports it only for a node that the nodeSelector admits and no term matches. */
  readonly error: string | undefined
}

const NO_LABELS: StringMap = {}
const NAME_FIELD = 'metadata.name'
const OPERATORS: readonly string[] = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']
const FIELD_OPERATORS: readonly string[] = ['In', 'NotIn']

/**
 * Prepares nodeSelector (taken without validation) and required node affinity, term by term; a term that cannot be parsed
 * does not match and spoils no other (`GetRequiredNodeAffinity`, component-helpers `nodeaffinity/nodeaffinity.go`, v0.36.2).
 */
export function compileNodeAffinity(
  spec: Pick<PodSpec, 'nodeSelector' | 'affinity'>,
  version: KubernetesVersion = DEFAULT_VERSION,
): CompiledNodeAffinity {
  const nodeSelector = Object.entries(spec.nodeSelector ?? NO_LABELS).map(
    ([key, value]): LabelRequirement => ({ key, operator: 'Equals', values: [value] }),
  )
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? undefined
  const terms = required && compileNodeTerms(required.nodeSelectorTerms ?? [], version)
  const matchSelector = (labels: StringMap | undefined): boolean =>
    nodeSelector.every(requirement => requirementMatches(requirement, labels ?? NO_LABELS))
  const matchTerms = (labels: StringMap | undefined, nodeName: string): boolean =>
    terms === undefined || terms.some(term => nodeTermMatches(term, labels, nodeName))
  return {
    nodeSelector,
    terms,
    unrestricted: nodeSelector.length === 0 && terms === undefined,
    match: (labels, nodeName) => matchSelector(labels) && matchTerms(labels, nodeName),
    matchSelector,
    matchTerms,
    error: terms && aggregate(terms.flatMap(term => term.errors)),
  }
}

/** The terms of a node selector without the empty ones, which match nothing (`NewLazyErrorNodeSelector`, component-helpers v0.36.2). */
export function compileNodeTerms(
  terms: readonly NodeSelectorTerm[],
  version: KubernetesVersion = DEFAULT_VERSION,
  path = 'nodeSelectorTerms',
): readonly NodeTerm[] {
  return terms.flatMap((term, i) => {
    const expressions = term?.matchExpressions ?? []
    const fields = term?.matchFields ?? []
    return expressions.length + fields.length === 0 ? [] : [compileTerm(expressions, fields, `${path}[${i}]`, version)]
  })
}

function compileTerm(
  expressions: readonly SelectorRequirement[],
  matchFields: readonly SelectorRequirement[],
  path: string,
  version: KubernetesVersion,
): NodeTerm {
  const labels: LabelRequirement[] = []
  const fields: NodeFieldRequirement[] = []
  const errors: string[] = []
  expressions.forEach(({ key, operator, values }, i) => {
    const at = `${path}.matchExpressions[${i}]`
    if (!OPERATORS.includes(operator)) {
      errors.push(notSupported(`${at}.operator`, operator ?? '', OPERATORS))
      return
    }
    const checked = checkRequirement(key ?? '', operator as LabelOperator, values ?? undefined, at, version)
    if (checked.kind === 'requirement') labels.push(checked.requirement)
    else errors.push(...checked.errors)
  })
  matchFields.forEach(({ key, operator, values }, i) => {
    const at = `${path}.matchFields[${i}]`
    const [value, ...others] = values ?? []
    if (operator !== 'In' && operator !== 'NotIn') {
      errors.push(notSupported(`${at}.operator`, operator ?? '', FIELD_OPERATORS))
    } else if (value === undefined || others.length > 0) {
      errors.push(invalid(`${at}.values`, values ?? null, 'must have one element'))
    } else fields.push({ key, operator, value })
  })
  return { labels, fields, errors }
}

/** Whether a node meets every requirement of a term; a node without a name meets any field requirement, as upstream. */
export function nodeTermMatches(term: NodeTerm, labels: StringMap | undefined, nodeName: string): boolean {
  if (term.errors.length > 0) return false
  for (const requirement of term.labels) if (!requirementMatches(requirement, labels ?? NO_LABELS)) return false
  if (nodeName === '') return true
  for (const { key, operator, value } of term.fields) {
    const found = key === NAME_FIELD ? nodeName : ''
    if ((found === value) !== (operator === 'In')) return false
  }
  return true
}

/**
 * Whether a pod's nodeSelector and required node affinity admit a node; `error` has the terms that could not be parsed if
 * no other matched (`RequiredNodeAffinity.Match`, component-helpers `nodeaffinity/nodeaffinity.go`, v0.36.2).
 */
export function matchNodeAffinity(
  spec: Pick<PodSpec, 'nodeSelector' | 'affinity'>,
  node: Node,
  version: KubernetesVersion = DEFAULT_VERSION,
): { readonly match: boolean; readonly error?: string } {
  const affinity = compileNodeAffinity(spec, version)
  const { labels, name = '' } = node.metadata
  if (!affinity.matchSelector(labels)) return { match: false }
  if (affinity.matchTerms(labels, name)) return { match: true }
  return affinity.error === undefined ? { match: false } : { match: false, error: affinity.error }
}
