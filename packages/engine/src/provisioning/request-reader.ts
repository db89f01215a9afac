import type { Container, ContainerStatus, Pod } from '../api/core.ts'
import type { KarpenterDifferences } from '../karpenter-versions.ts'
import type { Quantities } from '../pod-requests/quantities.ts'
import { requestsOfPod } from './resource-lists.ts'

const NO_STATUSES: readonly ContainerStatus[] = []

/**
 * What pods ask for, worked out once for pods of the same containers and statuses: dumps are read so that equal ones are the same
 * objects. Pods with anything else that counts are worked out one by one.
 */
export class RequestReader {
  private readonly differences: KarpenterDifferences
  private readonly known = new WeakMap<readonly Container[], WeakMap<readonly ContainerStatus[], Quantities>>()

  constructor(differences: KarpenterDifferences) {
    this.differences = differences
  }

  /** With 1 of `pods`. */
  of(pod: Pod): Quantities {
    const { containers } = pod.spec
    if (containers === undefined || !isPlain(pod)) return requestsOfPod(pod, this.differences)
    let byStatuses = this.known.get(containers)
    if (byStatuses === undefined) {
      byStatuses = new WeakMap()
      this.known.set(containers, byStatuses)
    }
    const statuses = pod.status?.containerStatuses ?? NO_STATUSES
    let requests = byStatuses.get(statuses)
    if (requests === undefined) {
      requests = requestsOfPod(pod, this.differences)
      byStatuses.set(statuses, requests)
    }
    return requests
  }
}

/** Whether nothing but containers and their statuses decides what the pod asks for. */
function isPlain({ spec, status }: Pod): boolean {
  if (spec.initContainers?.length || spec.overhead || spec.resources || status?.resources) return false
  return !status?.conditions?.some(({ type }) => type === 'PodResizePending')
}
