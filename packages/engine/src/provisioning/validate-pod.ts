import type { NodeSelectorTerm, Pod } from '../api/core.ts'
import type { SelectorRequirement } from '../api/meta.ts'
import { parseInt64 } from '../go-text.ts'
import { labelKeyErrors, labelValueErrors } from '../labels/syntax.ts'
import { podRequirements } from '../requirements/pod-requirements.ts'
import {
  CAPACITY_TYPE_LABEL,
  HOSTNAME_LABEL,
  KARPENTER_DOMAIN,
  NODE_POOL_LABEL,
} from '../requirements/well-known-labels.ts'
import type { LabelRules } from './node-claim-template.ts'
import { wrapped } from './pod-volumes.ts'

const OPERATORS: readonly string[] = ['DoesNotExist', 'Exists', 'Gt', 'Gte', 'In', 'Lt', 'Lte', 'NotIn']
const NUMERIC: ReadonlySet<string> = new Set(['Gt', 'Lt', 'Gte', 'Lte'])
const CAPACITY_TYPES: readonly string[] = ['on-demand', 'reserved', 'spot']

/**
 * Why Karpenter does not look at a pod, in its words: it keeps off Karpenter's nodes, or selects labels in a way that no NodePool could
 * meet; empty where it does look. Volumes are judged apart (`Validate`, karpenter `pkg/controllers/provisioning/provisioner.go`, and
 * `ValidateRequirement`, `pkg/apis/v1/nodeclaim_validation.go`, v1.14.1).
 */
export function podInvalidity(pod: Pod, rules: LabelRules): readonly string[] {
  const { nodeSelector = {}, affinity } = pod.spec
  const selected: readonly NodeSelectorTerm[] = Object.entries(nodeSelector).map(([key, value]) => ({
    matchExpressions: [{ key, operator: 'In', values: [value] }],
  }))
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  return [
    ...keepsOff(pod, rules),
    ...selected.flatMap(term => invalidTerm(term, rules)),
    ...required.flatMap(term => invalidTerm(term, rules)),
  ]
}

function keepsOff(pod: Pod, { aliases }: LabelRules): readonly string[] {
  if (podRequirements(pod, aliases).find(NODE_POOL_LABEL)?.operator !== 'DoesNotExist') return []
  const requirement = `${NODE_POOL_LABEL} DoesNotExist`
  return [wrapped('configured to not run on a Karpenter provisioned node', { requirement })]
}

function invalidTerm({ matchFields, matchExpressions }: NodeSelectorTerm, rules: LabelRules): readonly string[] {
  const texts =
    matchFields === undefined || matchFields === null ? [] : ['node selector term with matchFields is not supported']
  return [...texts, ...(matchExpressions ?? []).flatMap(one => invalidRequirement(one, rules))]
}

function invalidRequirement(requirement: SelectorRequirement, { wellKnown, aliases }: LabelRules): readonly string[] {
  const key = aliases.get(requirement.key) ?? requirement.key
  const { operator, values = [] } = requirement
  const texts: string[] = []
  if (!OPERATORS.includes(operator)) {
    texts.push(`key ${key} has an unsupported operator ${operator} not in [${OPERATORS.join(' ')}]`)
  }
  if (isRestricted(key, wellKnown)) texts.push(restrictedText(key, wellKnown))
  if (key === CAPACITY_TYPE_LABEL && operator === 'In' && !values.some(value => CAPACITY_TYPES.includes(value))) {
    const known = CAPACITY_TYPES.map(value => `${value}:{}`).join(' ')
    const given = `[${values.join(' ')}]`
    texts.push(`no valid values found in ${given} for ${key}, expected one of: map[${known}], got: ${given}`)
  }
  for (const error of labelKeyErrors(key, 'a qualified name')) {
    texts.push(`key ${key} is not a qualified name, ${error}`)
  }
  for (const value of values) {
    for (const error of labelValueErrors(value)) texts.push(`invalid value ${value} for key ${key}, ${error}`)
  }
  if (operator === 'In' && values.length === 0) {
    texts.push(`key ${key} with operator ${operator} must have a value defined`)
  }
  if (NUMERIC.has(operator) && !isOneNumber(values)) {
    texts.push(`key ${key} with operator ${operator} must have a single positive integer value`)
  }
  return texts
}

function isOneNumber(values: readonly string[]): boolean {
  const [only = ''] = values
  const number = values.length === 1 ? parseInt64(only) : undefined
  return number !== undefined && number >= 0
}

function isRestricted(key: string, wellKnown: ReadonlySet<string>): boolean {
  if (wellKnown.has(key)) return false
  if (key === HOSTNAME_LABEL) return true
  const slash = key.indexOf('/')
  const domain = slash < 0 ? '' : key.slice(0, slash)
  return domain === KARPENTER_DOMAIN || domain.endsWith(`.${KARPENTER_DOMAIN}`)
}

function restrictedText(key: string, wellKnown: ReadonlySet<string>): string {
  const known = [...wellKnown].sort((a, b) => (a < b ? -1 : 1)).join(' ')
  return (
    `using label ${key} is not allowed as it might interfere with the internal provisioning logic; ` +
    `specify a well known label: [${known}], or a custom label that does not use a restricted domain: [${KARPENTER_DOMAIN}]`
  )
}
