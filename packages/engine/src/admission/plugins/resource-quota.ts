import type { PodAffinity, PodAffinityTerm, ResourceQuota } from '../../api/core.ts'
import {
  addQuantity,
  compareQuantity,
  formatQuantity,
  type Quantity,
  quantityOf,
  quantitySign,
} from '../../quantity.ts'
import { defaultResourceQuota } from '../defaults/objects.ts'
import { byText } from '../json.ts'
import type { FullPod, FullPodSpec } from '../pod-model.ts'
import { hasPodLevelResources, podLimitTotal, podRequestTotal } from '../pod-resources.ts'
import { podQos } from '../qos.ts'
import { type Quantities, quantities } from '../quantities.ts'
import { isExtended, isHugePages, isNative } from '../resource-names.ts'

const ONE = quantityOf(1n, 'DecimalSI')
const ZERO = quantityOf(0n, 'DecimalSI')
const REQUESTS = 'requests.'

/** What a quota on pods may limit by name, beside huge pages and extended resources. */
const POD_RESOURCES: ReadonlySet<string> = new Set([
  'count/pods',
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
])

/** What every container must say something of where a quota limits it; upstream calls that a mistake that is not to be repeated. */
const MANDATORY: ReadonlySet<string> = new Set([
  'cpu',
  'memory',
  'requests.cpu',
  'requests.memory',
  'limits.cpu',
  'limits.memory',
])

/** A ResourceQuota ready to be asked about many pods. */
export interface CompiledQuota {
  readonly name: string
  /** The limits that concern pods. */
  readonly hard: Quantities
  readonly used: Quantities
  readonly scopes: readonly QuotaScope[]
}

interface QuotaScope {
  readonly scopeName: string
  readonly operator: string
  readonly values?: readonly string[]
}

/** Reads a quota; one without status counts as unused. */
export function compileQuota(quota: ResourceQuota): CompiledQuota {
  const { metadata, spec, status } = defaultResourceQuota(quota)
  const hard = quantities(status?.hard ?? (status === undefined ? spec?.hard : {}))
  const used = status === undefined ? new Map([...hard.keys()].map(name => [name, ZERO])) : quantities(status.used)
  return {
    name: metadata.name ?? '',
    hard: new Map([...hard].filter(([name]) => concernsPods(name))),
    used,
    scopes: [
      ...(spec?.scopes ?? []).map(scopeName => ({ scopeName, operator: 'Exists' })),
      ...(spec?.scopeSelector?.matchExpressions ?? []),
    ],
  }
}

/** Quotas in the order of their names; upstream's order is random. */
export function compileQuotas(quotas: readonly ResourceQuota[]): readonly CompiledQuota[] {
  return quotas.map(compileQuota).toSorted((a, b) => byText(a.name, b.name))
}

/** The quota with these pods charged to it, for a cluster whose quota controller has not spoken yet. */
export function chargePods(quota: ResourceQuota, pods: readonly FullPod[]): ResourceQuota {
  const compiled = compileQuota(quota)
  const used = new Map(compiled.used)
  for (const pod of pods) {
    if (!matches(compiled, pod.spec)) continue
    for (const [name, amount] of podQuotaUsage(pod.spec)) {
      const sum = used.get(name)
      if (sum !== undefined) used.set(name, addQuantity(sum, amount))
    }
  }
  const text = (list: Quantities) =>
    Object.fromEntries([...list].map(([name, amount]) => [name, formatQuantity(amount)]))
  return { ...quota, status: { hard: quota.spec?.hard ?? {}, used: text(used) } }
}

/**
 * Why a new pod is over a quota, in the server's words, or undefined: first what its containers leave out, of all quotas, then what is
 * exceeded (`CheckRequest`, apiserver `pkg/admission/plugin/resourcequota/controller.go`, v0.36.2).
 */
export function quotaViolation(pod: FullPod, quotas: readonly CompiledQuota[]): string | undefined {
  const { spec } = pod
  const concerned = quotas.filter(quota => matches(quota, spec))
  for (const quota of concerned) {
    const missing = missingResources(spec, quota)
    if (missing !== undefined) return `failed quota: ${quota.name}: must specify ${missing}`
    if ([...quota.hard.keys()].some(name => !quota.used.has(name))) {
      return `status unknown for quota: ${quota.name}, resources: ${[...quota.hard.keys()].join(',')}`
    }
  }
  const usage = podQuotaUsage(spec)
  const negative = [...usage].filter(([, amount]) => quantitySign(amount) < 0).map(([name]) => name)
  if (negative.length > 0) return `quota usage is negative for resource(s): ${negative.toSorted(byText).join(',')}`
  for (const quota of concerned) {
    const exceeded = exceededResources(usage, quota)
    if (exceeded.length === 0) continue
    const print = (list: Quantities): string =>
      exceeded.map(name => `${name}=${formatQuantity(list.get(name) ?? ZERO)}`).join(',')
    return `exceeded quota: ${quota.name}, requested: ${print(usage)}, used: ${print(quota.used)}, limited: ${print(quota.hard)}`
  }
  return undefined
}

function exceededResources(usage: Quantities, quota: CompiledQuota): readonly string[] {
  return [...quota.hard.keys()].filter(name => {
    const asked = usage.get(name)
    const limit = quota.hard.get(name)
    if (asked === undefined || limit === undefined || quantitySign(asked) === 0) return false
    return compareQuantity(addQuantity(quota.used.get(name) ?? ZERO, asked), limit) > 0
  })
}

/** What a pod takes of quotas, by their names (`PodUsageFunc`, kubernetes `pkg/quota/v1/evaluator/core/pods.go`, v1.36.2). */
export function podQuotaUsage(spec: FullPodSpec): Quantities {
  return new Map([['count/pods', ONE], ...quotaNames(podRequestTotal(spec), podLimitTotal(spec))])
}

function quotaNames(requests: Quantities, limits: Quantities): readonly (readonly [string, Quantity])[] {
  const result: (readonly [string, Quantity])[] = [['pods', ONE]]
  for (const [name, amount] of requests) {
    const isCompute = name === 'cpu' || name === 'memory' || name === 'ephemeral-storage'
    if (isCompute || isHugePages(name)) result.push([name, amount])
    if (isCompute || isHugePages(name) || isExtended(name)) result.push([REQUESTS + name, amount])
  }
  for (const [name, amount] of limits) {
    if (name === 'cpu' || name === 'memory' || name === 'ephemeral-storage') result.push([`limits.${name}`, amount])
  }
  return result
}

function missingResources(spec: FullPodSpec, { hard }: CompiledQuota): string | undefined {
  if (hasPodLevelResources(spec)) return undefined
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])]
  const said = containers.map(({ name, resources }) => ({
    name,
    names: new Set(
      quotaNames(quantities(resources?.requests), quantities(resources?.limits)).map(([resource]) => resource),
    ),
  }))
  const missing = [...hard.keys()].flatMap(resource => {
    if (!MANDATORY.has(resource)) return []
    const silent = said.filter(({ names }) => !names.has(resource)).map(({ name }) => name)
    return silent.length === 0 ? [] : [`${resource} for: ${[...new Set(silent)].toSorted(byText).join(',')}`]
  })
  return missing.length === 0 ? undefined : missing.join('; ')
}

function matches(quota: CompiledQuota, spec: FullPodSpec): boolean {
  return quota.hard.size > 0 && quota.scopes.every(scope => inScope(scope, spec))
}

function inScope({ scopeName, operator, values = [] }: QuotaScope, spec: FullPodSpec): boolean {
  switch (scopeName) {
    case 'Terminating':
      return isTerminating(spec)
    case 'NotTerminating':
      return !isTerminating(spec)
    case 'BestEffort':
      return podQos(spec) === 'BestEffort'
    case 'NotBestEffort':
      return podQos(spec) !== 'BestEffort'
    case 'CrossNamespacePodAffinity':
      return [spec.affinity?.podAffinity, spec.affinity?.podAntiAffinity].some(crossesNamespaces)
    case 'PriorityClass':
      return hasPriorityClass(spec.priorityClassName ?? '', operator, values)
    default:
      return false
  }
}

function isTerminating({ activeDeadlineSeconds }: FullPodSpec): boolean {
  return activeDeadlineSeconds !== undefined && activeDeadlineSeconds >= 0
}

function hasPriorityClass(name: string, operator: string, values: readonly string[]): boolean {
  switch (operator) {
    case 'In':
      return name !== '' && values.includes(name)
    case 'NotIn':
      return name === '' || !values.includes(name)
    case 'Exists':
      return name !== ''
    case 'DoesNotExist':
      return name === ''
    default:
      return false
  }
}

function crossesNamespaces(affinity: PodAffinity | undefined): boolean {
  const crosses = ({ namespaces = [], namespaceSelector }: PodAffinityTerm): boolean =>
    namespaces.length > 0 || namespaceSelector !== undefined
  return (
    (affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).some(crosses) ||
    (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).some(term => crosses(term.podAffinityTerm))
  )
}

function concernsPods(name: string): boolean {
  if (POD_RESOURCES.has(name) || isHugePages(name)) return true
  if (!name.startsWith(REQUESTS)) return false
  return (
    isHugePages(name.slice(REQUESTS.length)) ||
    !isNative(name) ||
    name.startsWith('requests.deviceclass.resource.kubernetes.io/')
  )
}
