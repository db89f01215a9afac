import type { PodSpec } from '../api/core.ts'
import { podRequests } from '../pod-requests.ts'
import { addQuantity, type Quantity, quantitySign } from '../quantity.ts'
import { isSidecar, resourcesOf } from './pod-model.ts'
import { addTo, type Quantities, quantities, raiseTo } from './quantities.ts'
import { isHugePages } from './resource-names.ts'

/**
 * What the containers of a pod ask for together, or may use at most: the sum of the containers and sidecars, or what one init
 * container needs beside the sidecars before it, if that is more (`AggregateContainerRequests` and `AggregateContainerLimits`,
 * component-helpers `resource/helpers.go`, v0.36.2). Status does not count: the pod is new.
 */
export function containerTotal(spec: PodSpec, list: 'requests' | 'limits'): Map<string, Quantity> {
  const total = new Map<string, Quantity>()
  for (const container of spec.containers ?? []) addTo(total, quantities(resourcesOf(container, list)))
  const sidecars = new Map<string, Quantity>()
  const init = new Map<string, Quantity>()
  for (const container of spec.initContainers ?? []) {
    const own = quantities(resourcesOf(container, list))
    if (isSidecar(container)) {
      addTo(total, own)
      addTo(sidecars, own)
      raiseTo(init, sidecars)
    } else {
      const together = new Map(own)
      addTo(together, sidecars)
      raiseTo(init, together)
    }
  }
  raiseTo(total, init)
  return total
}

/** Containers' total, where the pod's own resources take the place of cpu, memory and huge pages; without overhead. */
export function podTotal(spec: PodSpec, list: 'requests' | 'limits'): Map<string, Quantity> {
  const total = containerTotal(spec, list)
  for (const [name, amount] of quantities(spec.resources?.[list])) if (isPodLevel(name)) total.set(name, amount)
  return total
}

/** Requests of a pod with its overhead. */
export function podRequestTotal(spec: PodSpec): Quantities {
  return podRequests({ metadata: {}, spec })
}

/** Limits of a pod; overhead is added to those that are not zero (`PodLimits`, component-helpers v0.36.2). */
export function podLimitTotal(spec: PodSpec): Quantities {
  const total = podTotal(spec, 'limits')
  for (const [name, amount] of quantities(spec.overhead)) {
    const limit = total.get(name)
    if (limit !== undefined && quantitySign(limit) !== 0) total.set(name, addQuantity(limit, amount))
  }
  return total
}

/** Resources that a pod may set for all its containers together (`IsSupportedPodLevelResource`, component-helpers v0.36.2). */
export function isPodLevel(resource: string): boolean {
  return resource === 'cpu' || resource === 'memory' || isHugePages(resource)
}

/** Whether the pod sets such a resource itself. */
export function hasPodLevelResources(spec: PodSpec): boolean {
  const { requests = {}, limits = {} } = spec.resources ?? {}
  return Object.keys(requests).some(isPodLevel) || Object.keys(limits).some(isPodLevel)
}
