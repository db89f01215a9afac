import type { PodSpec } from '../api/core.ts'
import type { ResourceList } from '../api/meta.ts'
import { compareQuantity, type Quantity, quantitySign } from '../quantity.ts'
import { addTo, quantities } from './quantities.ts'

/** How much a pod is promised: `Guaranteed`, `Burstable` or `BestEffort` (kubernetes `pkg/apis/core/helper/qos/qos.go`, v1.36.2). */
export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort'

/**
 * Quality of service of a pod: by cpu and memory alone, of the pod's own resources if it has any, else of its containers and init
 * containers (`ComputePodQOS`, kubernetes `pkg/apis/core/v1/helper/qos/qos.go`, v1.36.2).
 */
export function podQos(spec: PodSpec): QosClass {
  const requests = new Map<string, Quantity>()
  const limits = new Map<string, Quantity>()
  let guaranteed = true
  if (spec.resources !== undefined) {
    addTo(requests, counted(spec.resources.requests))
    addTo(limits, counted(spec.resources.limits))
    // Without any pod-level limit upstream does not ask for both, and compares with an empty list below.
    if (Object.keys(spec.resources.limits ?? {}).length > 0 && limits.size < 2) guaranteed = false
  } else {
    for (const { resources } of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
      const own = counted(resources?.limits)
      addTo(requests, counted(resources?.requests))
      addTo(limits, own)
      if (own.size < 2) guaranteed = false
    }
  }
  if (requests.size === 0 && limits.size === 0) return 'BestEffort'
  if (!guaranteed || requests.size !== limits.size) return 'Burstable'
  for (const [name, request] of requests) {
    const limit = limits.get(name)
    if (limit === undefined || compareQuantity(limit, request) !== 0) return 'Burstable'
  }
  return 'Guaranteed'
}

function counted(list: ResourceList | undefined): Map<string, Quantity> {
  return new Map(
    [...quantities(list)].filter(([name, amount]) => (name === 'cpu' || name === 'memory') && quantitySign(amount) > 0),
  )
}
