import type { DaemonSet, PriorityClass, RuntimeClass } from '../../api/apps.ts'
import type { LimitRange, LimitRangeItem, ResourceQuota } from '../../api/core.ts'
import type { ResourceList } from '../../api/meta.ts'
import { quantities, resourceList } from '../quantities.ts'
import { defaultTemplate } from './pod.ts'
import { roundedList } from './resources.ts'

/** A DaemonSet with the API's defaults (`SetDefaults_DaemonSet`, kubernetes `pkg/apis/apps/v1/defaults.go`, v1.36.2). */
export function defaultDaemonSet(daemonSet: DaemonSet): DaemonSet {
  const { spec } = daemonSet
  const type = spec.updateStrategy?.type ?? 'RollingUpdate'
  const rollingUpdate = spec.updateStrategy?.rollingUpdate
  // Under another type a given one is completed too, but with zeros.
  const maxUnavailable = rollingUpdate?.maxUnavailable ?? (type === 'RollingUpdate' ? 1 : 0)
  const completed =
    type === 'RollingUpdate' || rollingUpdate !== undefined
      ? { maxUnavailable, maxSurge: rollingUpdate?.maxSurge ?? 0 }
      : undefined
  return {
    ...daemonSet,
    spec: {
      ...spec,
      template: defaultTemplate(spec.template),
      updateStrategy: { type, ...(completed === undefined ? {} : { rollingUpdate: completed }) },
      revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
    },
  }
}

/** A PriorityClass with its default (`SetDefaults_PriorityClass`, kubernetes `pkg/apis/scheduling/v1/defaults.go`, v1.36.2). */
export function defaultPriorityClass(priorityClass: PriorityClass): PriorityClass {
  return { ...priorityClass, preemptionPolicy: priorityClass.preemptionPolicy ?? 'PreemptLowerPriority' }
}

/** A RuntimeClass with its overhead as Go prints it; it is rounded first in the pod that takes it. */
export function defaultRuntimeClass(runtimeClass: RuntimeClass): RuntimeClass {
  const podFixed = runtimeClass.overhead?.podFixed
  if (podFixed === undefined) return runtimeClass
  return { ...runtimeClass, overhead: { ...runtimeClass.overhead, podFixed: resourceList(quantities(podFixed)) } }
}

/** A ResourceQuota with its amounts rounded. */
export function defaultResourceQuota(quota: ResourceQuota): ResourceQuota {
  const { spec, status } = quota
  return {
    ...quota,
    ...(spec?.hard === undefined ? {} : { spec: { ...spec, hard: roundedList(spec.hard) } }),
    ...(status === undefined ? {} : { status: roundedStatus(status) }),
  }
}

function roundedStatus(status: NonNullable<ResourceQuota['status']>): typeof status {
  return {
    ...status,
    ...(status.hard === undefined ? {} : { hard: roundedList(status.hard) }),
    ...(status.used === undefined ? {} : { used: roundedList(status.used) }),
  }
}

/** A LimitRange with the defaults of its Container items (`SetDefaults_LimitRangeItem`, kubernetes `pkg/apis/core/v1/defaults.go`, v1.36.2). */
export function defaultLimitRange(limitRange: LimitRange): LimitRange {
  const limits = limitRange.spec?.limits
  if (limits === undefined) return limitRange
  return { ...limitRange, spec: { ...limitRange.spec, limits: limits.map(defaultLimitRangeItem) } }
}

const AMOUNTS = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const

function defaultLimitRangeItem(item: LimitRangeItem): LimitRangeItem {
  const limits = { ...item.max, ...item.default }
  const requests = { ...item.min, ...limits, ...item.defaultRequest }
  const completed: LimitRangeItem =
    item.type !== 'Container'
      ? item
      : { ...item, ...unlessEmpty('default', limits), ...unlessEmpty('defaultRequest', requests) }
  const rounded: Partial<Record<(typeof AMOUNTS)[number], ResourceList>> = {}
  for (const name of AMOUNTS) if (completed[name] !== undefined) rounded[name] = roundedList(completed[name])
  return { ...completed, ...rounded }
}

function unlessEmpty(name: 'default' | 'defaultRequest', list: ResourceList): Partial<LimitRangeItem> {
  return Object.keys(list).length === 0 ? {} : { [name]: list }
}
