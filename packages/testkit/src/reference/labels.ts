import type { LabelSelector, SelectorRequirement, StringMap } from '@everynode/engine'

const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]{0,61})?[A-Za-z0-9]$/
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** Whether the text is a label key: a name, perhaps with a DNS subdomain before a slash. */
export function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/')
  if (slash < 0) return NAME.test(key)
  const prefix = key.slice(0, slash)
  return prefix.length <= 253 && SUBDOMAIN.test(prefix) && NAME.test(key.slice(slash + 1))
}

/** Whether the text is a label value: empty or a name. */
export function isLabelValue(value: string): boolean {
  return value === '' || NAME.test(value)
}

function int64(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined
  const value = BigInt(text.replace('+', ''))
  return value >= -(2n ** 63n) && value < 2n ** 63n ? value : undefined
}

/** Whether a requirement on labels is one at all; `Gt` and `Lt` are for node selectors only. */
export function isRequirement({ key, operator, values = [] }: SelectorRequirement): boolean {
  if (!isLabelKey(key) || !values.every(isLabelValue)) return false
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0
    case 'Gt':
    case 'Lt':
      return values.length === 1 && int64(values[0] ?? '') !== undefined
    default:
      return false
  }
}

/** Whether labels meet a requirement that is one. */
export function meets(labels: StringMap, { key, operator, values = [] }: SelectorRequirement): boolean {
  const value = new Map(Object.entries(labels)).get(key)
  if (operator === 'Exists') return value !== undefined
  if (operator === 'DoesNotExist') return value === undefined
  if (operator === 'In') return value !== undefined && values.includes(value)
  if (operator === 'NotIn') return value === undefined || !values.includes(value)
  const number = value === undefined ? undefined : int64(value)
  const bound = int64(values[0] ?? '')
  if (number === undefined || bound === undefined) return false
  return operator === 'Gt' ? number > bound : number < bound
}

/** Whether a label selector can be read, and if so, whether it selects these labels. */
export function askSelector(
  selector: LabelSelector | null | undefined,
  labels: StringMap,
): { readonly valid: boolean; readonly matches: boolean } {
  if (selector === null || selector === undefined) return { valid: true, matches: false }
  const wanted: readonly SelectorRequirement[] = [
    ...Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({ key, operator: 'In', values: [value] })),
    ...(selector.matchExpressions ?? []),
  ]
  const valid = wanted.every(one => one.operator !== 'Gt' && one.operator !== 'Lt' && isRequirement(one))
  return { valid, matches: valid && wanted.every(one => meets(labels, one)) }
}
