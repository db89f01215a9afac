import type { LabelSelector, StringMap } from '../api/meta.ts'
import { goQuote } from '../go-text.ts'
import { DEFAULT_VERSION, type KubernetesVersion } from '../versions.ts'
import { aggregate } from './field-error.ts'
import { checkRequirement, type LabelOperator, type LabelRequirement, requirementMatches } from './requirement.ts'

/** A label selector ready to be asked many times. */
export interface CompiledLabelSelector {
  readonly kind: 'selector'
  /** True for an absent selector, which selects nothing at all. */
  readonly nothing: boolean
  /** All must be met; sorted by key. Empty selects everything, unless `nothing` is set. */
  readonly requirements: readonly LabelRequirement[]
  matches(labels: StringMap | undefined): boolean
}

/** Why a selector cannot be read, in apimachinery's words. */
export interface LabelSelectorError {
  readonly kind: 'error'
  readonly text: string
}

const NO_LABELS: StringMap = {}
const NOTHING: CompiledLabelSelector = { kind: 'selector', nothing: true, requirements: [], matches: () => false }
const OPERATORS: ReadonlySet<string> = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist'])

/**
 * Prepares a selector of the API: absent selects nothing, `{}` everything, one invalid requirement makes it an error
 * (`LabelSelectorAsSelector`, apimachinery `pkg/apis/meta/v1/helpers.go`, v0.36.2). Upstream walks `matchLabels` in
 * random order; here the error is that of the first key.
 */
export function compileLabelSelector(
  selector: LabelSelector | undefined,
  version: KubernetesVersion = DEFAULT_VERSION,
): CompiledLabelSelector | LabelSelectorError {
  if (selector === undefined || selector === null) return NOTHING
  const requirements: LabelRequirement[] = []
  const labels = Object.entries(selector.matchLabels ?? NO_LABELS).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  for (const [key, value] of labels) {
    const error = add(requirements, key, 'Equals', [value], version)
    if (error !== undefined) return error
  }
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    if (!OPERATORS.has(operator)) {
      return { kind: 'error', text: `${goQuote(operator ?? '')} is not a valid label selector operator` }
    }
    // Upstream copies the values, which turns an empty list into none.
    const given = values === undefined || values === null || values.length === 0 ? undefined : values
    const error = add(requirements, key ?? '', operator as LabelOperator, given, version)
    if (error !== undefined) return error
  }
  return selectorOf(requirements)
}

function add(
  requirements: LabelRequirement[],
  key: string,
  operator: LabelOperator,
  values: readonly string[] | undefined,
  version: KubernetesVersion,
): LabelSelectorError | undefined {
  const checked = checkRequirement(key, operator, values, '', version)
  if (checked.kind === 'errors') return { kind: 'error', text: aggregate(checked.errors) ?? '' }
  requirements.push(checked.requirement)
  return undefined
}

/** A selector of requirements that were checked, all of which must be met. */
export function selectorOf(requirements: readonly LabelRequirement[]): CompiledLabelSelector {
  const sorted = requirements.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return {
    kind: 'selector',
    nothing: false,
    requirements: sorted,
    matches(labels) {
      for (const requirement of sorted) if (!requirementMatches(requirement, labels ?? NO_LABELS)) return false
      return true
    },
  }
}

/** Whether a selector of the API selects an object with these labels; an invalid one selects nothing. Compile it to ask more than once. */
export function labelSelectorMatches(selector: LabelSelector | undefined, labels: StringMap | undefined): boolean {
  const compiled = compileLabelSelector(selector)
  return compiled.kind === 'selector' && compiled.matches(labels)
}

const SIGNS: Readonly<Record<LabelOperator, string>> = {
  In: ' in ',
  NotIn: ' notin ',
  Exists: '',
  DoesNotExist: '',
  Gt: '>',
  Lt: '<',
  Equals: '=',
  DoubleEquals: '==',
  NotEquals: '!=',
}

/** The text form, requirements by key and values in order (`Selector.String`, apimachinery `pkg/labels/selector.go`, v0.36.2). */
export function formatLabelSelector(selector: CompiledLabelSelector): string {
  return selector.requirements.map(formatRequirement).join(',')
}

function formatRequirement({ key, operator, values }: LabelRequirement): string {
  if (operator === 'Exists') return key
  if (operator === 'DoesNotExist') return `!${key}`
  const list = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join(',')
  return key + SIGNS[operator] + (operator === 'In' || operator === 'NotIn' ? `(${list})` : list)
}
