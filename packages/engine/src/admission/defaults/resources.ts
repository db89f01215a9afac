import type { Container } from '../../api/core.ts'
import type { ResourceList } from '../../api/meta.ts'
import { formatQuantity, roundUpQuantity } from '../../quantity.ts'
import { sortedKeys } from '../json.ts'
import type { FullPodSpec } from '../pod-model.ts'
import { containerTotal, isPodLevel } from '../pod-resources.ts'
import { quantity, resourceList } from '../quantities.ts'
import { isHugePages, mayOvercommit } from '../resource-names.ts'

const MILLI = -3

/** A resource list as it is stored: nothing finer than a thousandth (`SetDefaults_ResourceList`, kubernetes `pkg/apis/core/v1/defaults.go`, v1.36.2). */
export function roundedList(list: ResourceList): ResourceList {
  return Object.fromEntries(
    Object.entries(list).map(([name, text]) => [name, formatQuantity(roundUpQuantity(quantity(text), MILLI))]),
  )
}

/** Rounds both lists of an object that has requests and limits. */
export function roundedResources<T extends { readonly requests?: ResourceList; readonly limits?: ResourceList }>(
  resources: T,
): T {
  return {
    ...resources,
    ...(resources.limits === undefined ? {} : { limits: roundedList(resources.limits) }),
    ...(resources.requests === undefined ? {} : { requests: roundedList(resources.requests) }),
  }
}

/** The container of a Pod with each limit taken for a request where there is none (`SetDefaults_Pod`, same file); not of a template. */
export function withRequestsFromLimits<T extends Container>(container: T): T {
  const { limits, requests } = container.resources ?? {}
  if (limits === undefined || Object.keys(limits).length === 0) return container
  return { ...container, resources: { ...container.resources, limits, requests: { ...limits, ...requests } } }
}

/**
 * Resources of the pod itself, completed from its containers: limits of huge pages, then, if there is any limit, requests from the
 * containers' total and last from the limits (`defaultHugePagePodLimits`, `defaultPodRequests`, same file).
 */
export function podLevelResources(spec: FullPodSpec): FullPodSpec['resources'] {
  const { resources } = spec
  if (resources === undefined) return undefined
  const limits = { ...resources.limits }
  const requests = { ...resources.requests }
  if (Object.keys(limits).length === 0 && Object.keys(requests).length === 0) return resources
  const total = resourceList(containerTotal(spec, 'limits'))
  for (const name of sortedKeys(total)) {
    if (isHugePages(name) && !(name in requests)) limits[name] ??= total[name] ?? 0
  }
  if (Object.keys(limits).length > 0) {
    const asked = resourceList(containerTotal(spec, 'requests'))
    for (const name of sortedKeys(asked)) {
      if (isPodLevel(name) && mayOvercommit(name)) requests[name] ??= asked[name] ?? 0
    }
    for (const name of sortedKeys(limits)) if (isPodLevel(name)) requests[name] ??= limits[name] ?? 0
  }
  return {
    ...resources,
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...(Object.keys(requests).length === 0 ? {} : { requests }),
  }
}
