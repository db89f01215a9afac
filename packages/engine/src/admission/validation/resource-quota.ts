import type { ResourceQuota } from '../../api/core.ts'
import { invalid, required } from '../field-errors.ts'
import type { Json } from '../json.ts'
import { subdomainErrors } from '../names.ts'
import { quantities } from '../quantities.ts'
import { isStandardOfQuotas, scopeFits } from '../resource-names.ts'
import { metadataErrors } from './metadata.ts'
import { amountErrors, resourceNameErrors } from './resources.ts'

const EXISTS_ONLY: readonly string[] = [
  'BestEffort',
  'NotBestEffort',
  'Terminating',
  'NotTerminating',
  'CrossNamespacePodAffinity',
]
const SCOPES: readonly string[] = [...EXISTS_ONLY, 'PriorityClass', 'VolumeAttributesClass']
const CONFLICTS = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const
const EXISTS_RULE =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, " +
  'ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity'

/** Field errors of a ResourceQuota on creation (`ValidateResourceQuota`, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2). */
export function resourceQuotaErrors({ metadata, spec = {} }: ResourceQuota): readonly string[] {
  const errors: string[] = [...metadataErrors(metadata, { namespaced: true, nameErrors: subdomainErrors })]
  const hard = quantities(spec.hard)
  for (const [name, amount] of hard) {
    const at = `spec.hard[${name}]`
    errors.push(...resourceNameErrors(name, at))
    if (!name.includes('/') && !isStandardOfQuotas(name)) {
      errors.push(invalid(at, name, 'must be a standard resource for quota'))
    }
    errors.push(...amountErrors(name, amount, at))
  }
  const names = [...hard.keys()].filter(isStandardOfQuotas)
  return [...errors, ...scopesErrors(spec.scopes ?? [], names), ...selectorErrors(spec, names)]
}

function scopesErrors(scopes: readonly string[], names: readonly string[]): readonly string[] {
  const path = 'spec.scopes'
  const errors: string[] = []
  for (const scope of scopes) {
    if (!SCOPES.includes(scope)) errors.push(invalid(path, scopes, 'unsupported scope'))
    for (const name of names) {
      if (!scopeFits(scope, name)) errors.push(invalid(path, scopes, 'unsupported scope applied to resource'))
    }
  }
  return [...errors, ...conflictErrors(scopes, path, scopes)]
}

function selectorErrors(spec: NonNullable<ResourceQuota['spec']>, names: readonly string[]): readonly string[] {
  const { scopeSelector, scopes } = spec
  if (scopeSelector === undefined) return []
  const path = 'spec.scopeSelector.matchExpressions'
  const errors: string[] = []
  const expressions = scopeSelector.matchExpressions ?? []
  for (const { scopeName, operator, values = [] } of expressions) {
    if (!SCOPES.includes(scopeName)) errors.push(invalid(`${path}.scopeName`, scopeName, 'unsupported scope'))
    for (const name of names) {
      if (!scopeFits(scopeName, name)) {
        errors.push(invalid(path, goSelector(expressions), 'unsupported scope applied to resource'))
      }
    }
    if (EXISTS_ONLY.includes(scopeName) && operator !== 'Exists') {
      errors.push(invalid(`${path}.operator`, operator, EXISTS_RULE))
    }
    errors.push(...operatorErrors(operator, values, path))
  }
  return [
    ...errors,
    ...conflictErrors(
      expressions.map(({ scopeName }) => scopeName),
      path,
      scopes,
    ),
  ]
}

function operatorErrors(operator: string, values: readonly string[], path: string): readonly string[] {
  switch (operator) {
    case 'In':
    case 'NotIn': {
      const rule = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"
      return values.length === 0 ? [required(`${path}.values`, rule)] : []
    }
    case 'Exists':
    case 'DoesNotExist': {
      const rule = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"
      return values.length === 0 ? [] : [invalid(`${path}.values`, values, rule)]
    }
    default:
      return [invalid(`${path}.operator`, operator, 'not a valid selector operator')]
  }
}

function conflictErrors(
  scopes: readonly string[],
  path: string,
  shown: readonly string[] | undefined,
): readonly string[] {
  return CONFLICTS.filter(([a, b]) => scopes.includes(a) && scopes.includes(b)).map(() =>
    invalid(path, shown ?? null, 'conflicting scopes'),
  )
}

/** A scope selector as Go prints the server's internal type. */
function goSelector(
  expressions: readonly {
    readonly scopeName: string
    readonly operator: string
    readonly values?: readonly string[]
  }[],
): Json {
  return {
    MatchExpressions: expressions.map(({ scopeName, operator, values }) => ({
      ScopeName: scopeName,
      Operator: operator,
      Values: values ?? null,
    })),
  }
}
