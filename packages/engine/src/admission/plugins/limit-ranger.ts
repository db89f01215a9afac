import type { LimitRange } from '../../api/core.ts'
import type { ResourceList } from '../../api/meta.ts'
import { aggregate } from '../../labels/field-error.ts'
import { formatQuantity, type Quantity, quantityMilliValue, quantityOf, quantityValue } from '../../quantity.ts'
import { defaultLimitRange } from '../defaults/objects.ts'
import { byText, sortedKeys } from '../json.ts'
import { type FullContainer, type FullPod, resourcesOf } from '../pod-model.ts'
import { podTotal } from '../pod-resources.ts'
import { type Quantities, quantities } from '../quantities.ts'

const ANNOTATION = 'kubernetes.io/limit-ranger'
const ZERO = quantityOf(0n, 'DecimalSI')
const MAX_MILLI = (2n ** 63n - 1n) / 1000n

/** A LimitRange ready to be applied to many pods (kubernetes `plugin/pkg/admission/limitranger/admission.go`, v1.36.2). */
export interface CompiledLimitRange {
  readonly requests: ResourceList
  readonly limits: ResourceList
  readonly items: readonly LimitItem[]
}

interface LimitItem {
  readonly type: string
  readonly min: Quantities
  readonly max: Quantities
  readonly ratio: Quantities
}

/** Reads a LimitRange; of several items of one kind the last one's defaults count. */
export function compileLimitRange(limitRange: LimitRange): CompiledLimitRange {
  const items = defaultLimitRange(limitRange).spec?.limits ?? []
  const containers = items.filter(({ type }) => type === 'Container')
  return {
    requests: Object.assign({}, ...containers.map(item => item.defaultRequest)),
    limits: Object.assign({}, ...containers.map(item => item.default)),
    items: items.map(item => ({
      type: item.type,
      min: quantities(item.min),
      max: quantities(item.max),
      ratio: quantities(item.maxLimitRequestRatio),
    })),
  }
}

/** The pod with what the LimitRanges, in order, fill in; the annotation tells of the last that filled anything. */
export function applyLimitRanges(pod: FullPod, limitRanges: readonly CompiledLimitRange[]): FullPod {
  let result = pod
  for (const limitRange of limitRanges) result = applyLimitRange(result, limitRange)
  return result
}

function applyLimitRange(pod: FullPod, limitRange: CompiledLimitRange): FullPod {
  const told: string[] = []
  const fill = (container: FullContainer, noun: string): FullContainer => {
    const { requests: asked, limits: limited } = container.resources ?? {}
    const requests = sortedKeys(limitRange.requests).filter(name => asked?.[name] === undefined)
    const limits = sortedKeys(limitRange.limits).filter(name => limited?.[name] === undefined)
    if (requests.length > 0) told.push(`${requests.join(', ')} request for ${noun} ${container.name}`)
    if (limits.length > 0) told.push(`${limits.join(', ')} limit for ${noun} ${container.name}`)
    if (requests.length === 0 && limits.length === 0) return container
    const filledRequests = { ...limitRange.requests, ...asked }
    const filledLimits = { ...limitRange.limits, ...limited }
    return {
      ...container,
      resources: {
        ...container.resources,
        ...(Object.keys(filledRequests).length === 0 ? {} : { requests: filledRequests }),
        ...(Object.keys(filledLimits).length === 0 ? {} : { limits: filledLimits }),
      },
    }
  }
  const containers = pod.spec.containers?.map(container => fill(container, 'container'))
  const initContainers = pod.spec.initContainers?.map(container => fill(container, 'init container'))
  if (told.length === 0) return pod
  const annotations = { ...pod.metadata.annotations, [ANNOTATION]: `LimitRanger plugin set: ${told.join('; ')}` }
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations },
    spec: {
      ...pod.spec,
      ...(containers === undefined ? {} : { containers }),
      ...(initContainers === undefined ? {} : { initContainers }),
    },
  }
}

/** What the first LimitRange that is not met has to say, all its complaints together; undefined if all are met. */
export function limitRangeViolation(pod: FullPod, limitRanges: readonly CompiledLimitRange[]): string | undefined {
  for (const { items } of limitRanges) {
    const complaints = items.flatMap(item => itemComplaints(pod, item))
    if (complaints.length > 0) return aggregate(complaints)
  }
  return undefined
}

function itemComplaints(pod: FullPod, item: LimitItem): readonly string[] {
  if (item.type === 'Pod') {
    return complaints(item, podTotal(pod.spec, 'requests'), podTotal(pod.spec, 'limits'))
  }
  if (item.type !== 'Container') return []
  return [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])].flatMap(container =>
    complaints(item, quantities(resourcesOf(container, 'requests')), quantities(resourcesOf(container, 'limits'))),
  )
}

function complaints({ type, min, max, ratio }: LimitItem, requests: Quantities, limits: Quantities): readonly string[] {
  const found: (string | undefined)[] = []
  for (const [name, bound] of min) found.push(minComplaint(type, name, bound, requests.get(name), limits.get(name)))
  for (const [name, bound] of max) found.push(maxComplaint(type, name, bound, requests.get(name), limits.get(name)))
  for (const [name, bound] of ratio) found.push(ratioComplaint(type, name, bound, requests.get(name), limits.get(name)))
  return found.filter(complaint => complaint !== undefined)
}

function minComplaint(
  type: string,
  name: string,
  bound: Quantity,
  request: Quantity | undefined,
  limit: Quantity | undefined,
): string | undefined {
  const rule = `minimum ${name} usage per ${type} is ${formatQuantity(bound)}`
  if (request === undefined) return `${rule}.  No request is specified`
  const values = comparable(request, limit, bound)
  if (values.request < values.bound) return `${rule}, but request is ${formatQuantity(request)}`
  if (limit !== undefined && values.limit < values.bound) return `${rule}, but limit is ${formatQuantity(limit)}`
  return undefined
}

function maxComplaint(
  type: string,
  name: string,
  bound: Quantity,
  request: Quantity | undefined,
  limit: Quantity | undefined,
): string | undefined {
  const rule = `maximum ${name} usage per ${type} is ${formatQuantity(bound)}`
  if (limit === undefined) return `${rule}.  No limit is specified`
  const values = comparable(request, limit, bound)
  if (values.limit > values.bound) return `${rule}, but limit is ${formatQuantity(limit)}`
  if (request !== undefined && values.request > values.bound)
    return `${rule}, but request is ${formatQuantity(request)}`
  return undefined
}

function ratioComplaint(
  type: string,
  name: string,
  bound: Quantity,
  request: Quantity | undefined,
  limit: Quantity | undefined,
): string | undefined {
  const rule = `${name} max limit to request ratio per ${type} is ${formatQuantity(bound)}`
  const values = comparable(request, limit, bound)
  if (request === undefined || values.request === 0n) return `${rule}, but no request is specified or request is 0`
  if (limit === undefined || values.limit === 0n) return `${rule}, but no limit is specified or limit is 0`
  const ratio = Number(values.limit) / Number(values.request)
  const whole = quantityValue(bound)
  const isExceeded = whole <= MAX_MILLI ? ratio * 1000 > Number(quantityMilliValue(bound)) : ratio > Number(whole)
  return isExceeded ? `${rule}, but provided ratio is ${sixDecimals(ratio)}` : undefined
}

/** The three in thousandths if that cannot overflow, else in whole units. */
function comparable(
  request: Quantity | undefined,
  limit: Quantity | undefined,
  bound: Quantity,
): { readonly request: bigint; readonly limit: bigint; readonly bound: bigint } {
  const all = [request ?? ZERO, limit ?? ZERO, bound] as const
  const read = all.every(each => quantityValue(each) <= MAX_MILLI) ? quantityMilliValue : quantityValue
  return { request: read(all[0]), limit: read(all[1]), bound: read(all[2]) }
}

/** Go's `%f`: rounded half to even by the exact value, where `toFixed` rounds half up. */
function sixDecimals(value: number): string {
  const exact = value.toFixed(60)
  const point = exact.indexOf('.')
  const rounded = value.toFixed(6)
  const tail = exact.slice(point + 7)
  if (!/^50*$/.test(tail)) return rounded
  const down = exact.slice(0, point + 7)
  return Number(down.at(-1)) % 2 === 0 ? down : rounded
}

/** LimitRanges in the order of their names; upstream's order is random. */
export function inOrder(limitRanges: readonly LimitRange[]): readonly LimitRange[] {
  return limitRanges.toSorted((a, b) => byText(a.metadata.name ?? '', b.metadata.name ?? ''))
}
