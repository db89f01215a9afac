import type { NodeSelectorTerm } from '../../api/core.ts'
import type { LabelSelector, SelectorRequirement } from '../../api/meta.ts'
import { labelValueErrors } from '../../labels/syntax.ts'
import { forbidden, invalid, required } from '../field-errors.ts'
import { labelsErrors, named, qualifiedNameErrors, subdomainErrors } from '../names.ts'

const VALUES_NEEDED = "must be specified when `operator` is 'In' or 'NotIn'"
const VALUES_FORBIDDEN = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"

/** Field errors of a label selector (`ValidateLabelSelector`, apimachinery `pkg/apis/meta/v1/validation/validation.go`, v0.36.2). */
export function labelSelectorErrors(selector: LabelSelector | undefined, path: string): readonly string[] {
  if (selector === undefined) return []
  return [
    ...labelsErrors(selector.matchLabels, `${path}.matchLabels`),
    ...(selector.matchExpressions ?? []).flatMap((requirement, index) => {
      const at = `${path}.matchExpressions[${index}]`
      return [
        ...operatorErrors(requirement, at, false),
        ...named(`${at}.key`, requirement.key, qualifiedNameErrors(requirement.key)),
        ...valueErrors(requirement, at),
      ]
    }),
  ]
}

/** Field errors of a term of node affinity (`ValidateNodeSelectorTerm`, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2). */
export function nodeSelectorTermErrors(
  term: NodeSelectorTerm,
  path: string,
  values: 'checked' | 'unchecked',
): readonly string[] {
  return [
    ...(term.matchExpressions ?? []).flatMap((requirement, index) => {
      const at = `${path}.matchExpressions[${index}]`
      return [
        ...operatorErrors(requirement, at, true),
        ...named(`${at}.key`, requirement.key, qualifiedNameErrors(requirement.key)),
        ...(values === 'checked' ? valueErrors(requirement, at) : []),
      ]
    }),
    ...(term.matchFields ?? []).flatMap((requirement, index) =>
      fieldRequirementErrors(requirement, `${path}.matchFields[${index}]`),
    ),
  ]
}

function operatorErrors(
  { operator, values = [] }: SelectorRequirement,
  path: string,
  numeric: boolean,
): readonly string[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length === 0 ? [required(`${path}.values`, VALUES_NEEDED)] : []
    case 'Exists':
    case 'DoesNotExist':
      return values.length > 0 ? [forbidden(`${path}.values`, VALUES_FORBIDDEN)] : []
    case 'Gt':
    case 'Lt':
      if (!numeric) break
      if (values.length === 1) return []
      return [required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'")]
  }
  return [invalid(`${path}.operator`, operator, 'not a valid selector operator')]
}

function valueErrors({ values = [] }: SelectorRequirement, path: string): readonly string[] {
  return values.flatMap((value, index) => named(`${path}.values[${index}]`, value, labelValueErrors(value)))
}

function fieldRequirementErrors({ key, operator, values = [] }: SelectorRequirement, path: string): readonly string[] {
  const errors: string[] = []
  if (operator !== 'In' && operator !== 'NotIn') {
    errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'))
  } else if (values.length !== 1) {
    const detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
    errors.push(required(`${path}.values`, detail))
  }
  if (key !== 'metadata.name') return [...errors, invalid(`${path}.key`, key, 'not a valid field selector key')]
  values.forEach((value, index) => {
    errors.push(...named(`${path}.values[${index}]`, value, subdomainErrors(value)))
  })
  return errors
}
