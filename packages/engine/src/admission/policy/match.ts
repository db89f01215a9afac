import type { LabelSelector, StringMap } from '../../api/meta.ts'
import { compileLabelSelector } from '../../labels.ts'
import type { MatchResources, ResourceRule } from './policy-model.ts'

/** What is created, as rules and conditions see it. */
interface AdmittedResource {
  readonly group: string
  readonly version: string
  readonly kind: string
  readonly resource: string
}

/** What rules and selectors of a policy are held against. */
export interface MatchInput {
  readonly resource: AdmittedResource
  /** Empty while the name is not generated. */
  readonly name: string
  readonly labels: StringMap | undefined
  /** Undefined if the namespace is not known. */
  readonly namespaceLabels: StringMap | undefined
}

/**
 * Whether a policy or a binding concerns the creation of an object; undefined if its namespace decides and is not known, or a selector
 * cannot be read (`Matches`, apiserver `pkg/admission/plugin/policy/matching/matching.go`, v0.36.2). Pods and DaemonSets are served in
 * one version, so that `matchPolicy` makes no difference.
 */
export function matchesResources(match: MatchResources | undefined, input: MatchInput): boolean | undefined {
  if (match === undefined) return true
  const inNamespace = selects(match.namespaceSelector, input.namespaceLabels)
  if (inNamespace === false) return false
  const object = selects(match.objectSelector, input.labels ?? {})
  if (object === false) return false
  if (match.excludeResourceRules?.some(rule => matchesRule(rule, input))) return false
  const rules = match.resourceRules ?? []
  if (rules.length > 0 && !rules.some(rule => matchesRule(rule, input))) return false
  return inNamespace === undefined || object === undefined ? undefined : true
}

/** An absent selector selects everything; undefined if the labels are not known or the selector is not valid. */
function selects(selector: LabelSelector | undefined, labels: StringMap | undefined): boolean | undefined {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {}
  if (Object.keys(matchLabels).length === 0 && matchExpressions.length === 0) return true
  const compiled = compileLabelSelector(selector)
  return compiled.kind === 'error' || labels === undefined ? undefined : compiled.matches(labels)
}

function matchesRule(rule: ResourceRule, { resource, name }: MatchInput): boolean {
  const has = (list: readonly string[] | undefined, value: string): boolean =>
    (list ?? []).some(each => each === '*' || each === value)
  const resources = rule.resources ?? []
  return (
    (rule.scope === undefined || rule.scope === '*' || rule.scope === 'Namespaced') &&
    has(rule.operations, 'CREATE') &&
    has(rule.apiGroups, resource.group) &&
    has(rule.apiVersions, resource.version) &&
    (has(resources, resource.resource) || resources.includes('*/*')) &&
    ((rule.resourceNames ?? []).length === 0 || (rule.resourceNames ?? []).includes(name))
  )
}
