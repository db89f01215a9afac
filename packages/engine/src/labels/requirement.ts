import type { StringMap } from '../api/meta.ts'
import { parseInt64 } from '../go-text.ts'
import { DIFFERENCES, type KubernetesVersion } from '../versions.ts'
import { invalid } from './field-error.ts'
import { labelKeyErrors, labelValueErrors } from './syntax.ts'

/** What a requirement asks of a label; `Equals`, `DoubleEquals` and `NotEquals` come from the text form and from maps of labels. */
export type LabelOperator =
  | 'In'
  | 'NotIn'
  | 'Exists'
  | 'DoesNotExist'
  | 'Gt'
  | 'Lt'
  | 'Equals'
  | 'DoubleEquals'
  | 'NotEquals'

/** One condition on one label (`labels.Requirement`, apimachinery `pkg/labels/selector.go`, v0.36.2). */
export interface LabelRequirement {
  readonly key: string
  readonly operator: LabelOperator
  readonly values: readonly string[]
  /** The operand of `Gt` and `Lt`. */
  readonly bound?: number | bigint
}

/** A requirement, or what is wrong with it: one text an error, in upstream's order. */
export type CheckedRequirement =
  | { readonly kind: 'requirement'; readonly requirement: LabelRequirement }
  | { readonly kind: 'errors'; readonly errors: readonly string[] }

/**
 * Checks a requirement as `labels.NewRequirement` does; the label-value rule holds for `Gt` and `Lt` too, so that `-1` is
 * refused. `path` is where it stands, `''` for nowhere (apimachinery `pkg/labels/selector.go`, v0.36.2).
 */
export function checkRequirement(
  key: string,
  operator: LabelOperator,
  values: readonly string[] | undefined,
  path: string,
  version: KubernetesVersion,
): CheckedRequirement {
  const at = path === '' ? '' : `${path}.`
  const errors: string[] = []
  const { labelKeyNoun, lengthUnit } = DIFFERENCES[version]
  const keyErrors = labelKeyErrors(key, labelKeyNoun, lengthUnit)
  if (keyErrors.length > 0) errors.push(invalid(`${at}key`, key, keyErrors.join('; ')))
  const given = values ?? []
  const valuesPath = `${at}values`
  const countError = wrongCount(operator, given.length)
  if (countError !== undefined) errors.push(invalid(valuesPath, values ?? null, countError))
  const comparison = operator === 'Gt' || operator === 'Lt'
  given.forEach((value, i) => {
    if (comparison && parseInt64(value) === undefined) {
      errors.push(invalid(`${valuesPath}[${i}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer"))
    }
  })
  given.forEach((value, i) => {
    const valueErrors = labelValueErrors(value, lengthUnit)
    if (valueErrors.length > 0) errors.push(invalid(`${valuesPath}[${i}][${key}]`, value, valueErrors.join('; ')))
  })
  if (errors.length > 0) return { kind: 'errors', errors }
  const bound = comparison ? parseInt64(given[0] ?? '') : undefined
  return { kind: 'requirement', requirement: { key, operator, values: given, ...(bound !== undefined && { bound }) } }
}

function wrongCount(operator: LabelOperator, count: number): string | undefined {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return count === 0 ? "for 'in', 'notin' operators, values set can't be empty" : undefined
    case 'Equals':
    case 'DoubleEquals':
    case 'NotEquals':
      return count === 1 ? undefined : 'exact-match compatibility requires one single value'
    case 'Exists':
    case 'DoesNotExist':
      return count === 0 ? undefined : 'values set must be empty for exists and does not exist'
    case 'Gt':
    case 'Lt':
      return count === 1 ? undefined : "for 'Gt', 'Lt' operators, exactly one value is required"
  }
}

/** Whether labels meet a requirement; an absent label meets `NotIn`, `NotEquals` and `DoesNotExist` only (`Requirement.Matches`, apimachinery v0.36.2). */
export function requirementMatches(requirement: LabelRequirement, labels: StringMap): boolean {
  // An inherited property such as `constructor` is no string, so it counts as absent.
  const found: unknown = labels[requirement.key]
  const value = typeof found === 'string' ? found : undefined
  switch (requirement.operator) {
    case 'In':
    case 'Equals':
    case 'DoubleEquals':
      return value !== undefined && requirement.values.includes(value)
    case 'NotIn':
    case 'NotEquals':
      return value === undefined || !requirement.values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
    case 'Lt':
      return value !== undefined && compares(requirement, value)
  }
}

function compares({ operator, bound }: LabelRequirement, value: string): boolean {
  const number = parseInt64(value)
  if (number === undefined || bound === undefined) return false
  return operator === 'Gt' ? number > bound : number < bound
}
