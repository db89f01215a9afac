import type { LimitRange, LimitRangeItem } from '../../api/core.ts'
import {
  compareQuantity,
  formatQuantity,
  type Quantity,
  quantityMilliValue,
  quantityOf,
  quantityValue,
} from '../../quantity.ts'
import { duplicate, forbidden, invalid, required } from '../field-errors.ts'
import { byText } from '../json.ts'
import { named, qualifiedNameErrors, subdomainErrors } from '../names.ts'
import { quantities } from '../quantities.ts'
import { mayOvercommit } from '../resource-names.ts'
import { metadataErrors } from './metadata.ts'
import { containerResourceErrors, resourceNameErrors } from './resources.ts'

const TYPES: readonly string[] = ['Pod', 'Container', 'PersistentVolumeClaim']
const ONE = quantityOf(1n, 'DecimalSI')
const MAX_MILLI = (2n ** 63n - 1n) / 1000n

/** Field errors of a LimitRange with its defaults; upstream walks resources in random order, here by name (`ValidateLimitRange`, kubernetes `pkg/apis/core/validation/validation.go`, v1.36.2). */
export function limitRangeErrors({ metadata, spec }: LimitRange): readonly string[] {
  const errors: string[] = [...metadataErrors(metadata, { namespaced: true, nameErrors: subdomainErrors })]
  const types = new Set<string>()
  spec?.limits?.forEach((item, index) => {
    const path = `spec.limits[${index}]`
    errors.push(...typeErrors(item.type, `${path}.type`))
    if (types.has(item.type)) errors.push(duplicate(`${path}.type`, item.type))
    types.add(item.type)
    errors.push(...itemErrors(item, path))
  })
  return errors
}

function typeErrors(type: string, path: string): readonly string[] {
  const errors = named(path, type, qualifiedNameErrors(type))
  if (errors.length > 0 || type.includes('/') || TYPES.includes(type)) return errors
  return [invalid(path, type, 'must be a standard limit type or fully qualified')]
}

function itemErrors(item: LimitRangeItem, path: string): readonly string[] {
  const errors: string[] = []
  const isPod = item.type === 'Pod'
  const nameRule = isPod || item.type === 'Container' ? containerResourceErrors : resourceNameErrors
  const lists = {
    max: quantities(item.max),
    min: quantities(item.min),
    default: quantities(isPod ? undefined : item.default),
    defaultRequest: quantities(isPod ? undefined : item.defaultRequest),
    maxLimitRequestRatio: quantities(item.maxLimitRequestRatio),
  }
  const names = (list: keyof typeof lists): readonly string[] =>
    [...lists[list].keys()].flatMap(name => nameRule(name, `${path}.${list}[${name}]`))
  errors.push(...names('max'), ...names('min'))
  if (isPod) {
    for (const list of ['default', 'defaultRequest'] as const) {
      if (Object.keys(item[list] ?? {}).length === 0) continue
      errors.push(forbidden(`${path}.${list}`, "may not be specified when `type` is 'Pod'"))
    }
  } else errors.push(...names('default'), ...names('defaultRequest'))
  if (item.type === 'PersistentVolumeClaim' && !lists.min.has('storage') && !lists.max.has('storage')) {
    const rule = 'either minimum or maximum storage value is required, but neither was provided'
    errors.push(required(`${path}.limits`, rule))
  }
  errors.push(...names('maxLimitRequestRatio'))
  const all = new Set(Object.values(lists).flatMap(list => [...list.keys()]))
  for (const name of [...all].toSorted(byText)) {
    errors.push(
      ...boundErrors(name, path, {
        min: lists.min.get(name),
        max: lists.max.get(name),
        limit: lists.default.get(name),
        request: lists.defaultRequest.get(name),
        ratio: lists.maxLimitRequestRatio.get(name),
      }),
    )
  }
  return errors
}

interface Bounds {
  readonly min: Quantity | undefined
  readonly max: Quantity | undefined
  readonly limit: Quantity | undefined
  readonly request: Quantity | undefined
  readonly ratio: Quantity | undefined
}

function boundErrors(name: string, path: string, { min, max, limit, request, ratio }: Bounds): readonly string[] {
  const errors: string[] = []
  const text = formatQuantity
  const refuse = (list: string, value: Quantity, rule: string): void => {
    errors.push(invalid(`${path}.${list}[${name}]`, text(value), rule))
  }
  const compare = (
    list: string,
    shown: Quantity | undefined,
    low: Quantity | undefined,
    high: Quantity | undefined,
    rule: string,
  ): void => {
    if (low === undefined || high === undefined || shown === undefined || compareQuantity(low, high) <= 0) return
    refuse(list, shown, rule.replace('LOW', text(low)).replace('HIGH', text(high)))
  }
  // The value that is shown is upstream's choice, and not always the one at the place that is named.
  compare('min', min, min, max, 'min value LOW is greater than max value HIGH')
  compare('defaultRequest', request, min, request, 'min value LOW is greater than default request value HIGH')
  compare('defaultRequest', request, request, max, 'default request value LOW is greater than max value HIGH')
  compare(
    'defaultRequest',
    request,
    request,
    limit,
    'default request value LOW is greater than default limit value HIGH',
  )
  compare('default', min, min, limit, 'min value LOW is greater than default value HIGH')
  compare('default', max, limit, max, 'default value LOW is greater than max value HIGH')
  if (ratio !== undefined) {
    const at = 'maxLimitRequestRatio'
    if (compareQuantity(ratio, ONE) < 0) refuse(at, ratio, `ratio ${text(ratio)} is less than 1`)
    const possible = min === undefined || max === undefined ? undefined : highestRatio(ratio, min, max)
    if (possible !== undefined) refuse(at, ratio, `ratio ${text(ratio)} is greater than max/min = ${possible}`)
  }
  if (!mayOvercommit(name) && limit !== undefined && request !== undefined && compareQuantity(limit, request) !== 0) {
    const rule = `default value ${text(limit)} must equal to defaultRequest value ${text(request)} in ${name}`
    refuse('defaultRequest', request, rule)
  }
  return errors
}

/** The text of max/min if the ratio is greater than that. */
function highestRatio(ratio: Quantity, min: Quantity, max: Quantity): string | undefined {
  const fine = [ratio, min, max].every(each => quantityValue(each) < MAX_MILLI)
  const read = fine ? quantityMilliValue : quantityValue
  const value = fine ? Number(quantityMilliValue(ratio)) / 1000 : Number(quantityValue(ratio))
  const limit = Number(read(max)) / Number(read(min))
  return value > limit ? goFloat(limit) : undefined
}

function goFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  return value.toFixed(6)
}
