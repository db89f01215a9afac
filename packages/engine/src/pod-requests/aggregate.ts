import type { Container, ContainerStatus, Pod } from '../api/core.ts'
import { addQuantity, quantityOf } from '../quantity/arithmetic.ts'
import { DIFFERENCES, type KubernetesVersion } from '../versions.ts'
import { addAll, greatestOf, type Quantities, type QuantitySums, raiseAll, readQuantities } from './quantities.ts'
import { isPodLevelResourceName } from './resource-names.ts'

const NONE: Quantities = new Map()

/** How a pod's requests are summed. */
export interface RequestOptions {
  /** What statuses say of allocated and actual resources counts too: for a bound pod. */
  readonly useStatus: boolean
  /** Taken for each container that names no request for the resource. */
  readonly missing: Quantities
  readonly version: KubernetesVersion
}

/** A container's requests, as one of the sums counts them. */
type RequestsOf = (container: Container, status: ContainerStatus | undefined) => Quantities

/**
 * The sum of a pod's requests by resource: containers and sidecars, at least what each init container needs with the sidecars
 * before it, replaced by pod-level requests, plus overhead (`PodRequests`, component-helpers `resource/helpers.go`, v0.36.2).
 */
export function aggregateRequests(pod: Pod, options: RequestOptions): Quantities {
  const requests = new Map(containerRequests(pod, options))
  if (hasPodLevelRequests(pod)) applyPodLevel(pod, options, requests)
  const { overhead } = pod.spec
  if (overhead) addAll(requests, readQuantities(overhead))
  return requests
}

/** Whether requests are set at pod level for a resource that may be (`IsPodLevelRequestsSet`, component-helpers v0.36.2). */
export function hasPodLevelRequests(pod: Pod): boolean {
  return Object.keys(pod.spec.resources?.requests ?? {}).some(isPodLevelResourceName)
}

function applyPodLevel(pod: Pod, options: RequestOptions, requests: QuantitySums): void {
  const spec = readQuantities(pod.spec.resources?.requests)
  const effective = options.useStatus && pod.status?.resources ? effectivePodLevel(pod, spec) : spec
  const perSum = DIFFERENCES[options.version].boundUsage === 'perSum'
  // Until 1.36 only names of the spec count, and one that has no effective amount becomes zero.
  for (const name of (perSum ? effective : spec).keys()) {
    if (isPodLevelResourceName(name)) requests.set(name, effective.get(name) ?? quantityOf(0n, 'DecimalSI'))
  }
}

function effectivePodLevel(pod: Pod, spec: Quantities): Quantities {
  const actual = readQuantities(pod.status?.resources?.requests)
  const allocated = readQuantities(pod.status?.allocatedResources)
  return isResizeInfeasible(pod) ? greatestOf(actual, allocated) : greatestOf(spec, actual, allocated)
}

/** Whether the kubelet refused a resize for good (`IsPodResizeInfeasible`, component-helpers `resource/helpers.go`, v0.36.2). */
export function isResizeInfeasible(pod: Pod): boolean {
  return pod.status?.conditions?.find(({ type }) => type === 'PodResizePending')?.reason === 'Infeasible'
}

function containerRequests(pod: Pod, options: RequestOptions): Quantities {
  if (!options.useStatus || !hasStatuses(pod)) return sumContainers(pod, options, fromSpec)
  return DIFFERENCES[options.version].boundUsage === 'perSum'
    ? greatestOfSums(pod, options)
    : sumContainers(pod, options, greatestPerContainer(pod))
}

function hasStatuses(pod: Pod): boolean {
  const { status } = pod
  if (!status) return false
  const some = status.containerStatuses?.length || status.initContainerStatuses?.length || status.resources
  return Boolean(some) || isResizeInfeasible(pod)
}

function sumContainers(pod: Pod, { missing }: RequestOptions, requestsOf: RequestsOf): Quantities {
  const { spec, status } = pod
  const statuses = findStatuses(status?.containerStatuses, status?.initContainerStatuses)
  const effective = (container: Container): Quantities =>
    fillMissing(requestsOf(container, statuses?.get(container.name)), missing)

  const requests: QuantitySums = new Map()
  for (const container of spec.containers ?? []) addAll(requests, effective(container))
  if (!spec.initContainers?.length) return requests
  const sidecars: QuantitySums = new Map()
  const init: QuantitySums = new Map()
  for (const container of spec.initContainers) {
    const own = effective(container)
    if (isSidecar(container)) {
      addAll(requests, own)
      addAll(sidecars, own)
      raiseAll(init, sidecars)
    } else {
      const together = new Map(own)
      addAll(together, sidecars)
      raiseAll(init, together)
    }
  }
  raiseAll(requests, init)
  return requests
}

function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always'
}

/** Of equal names the first counts since 1.37, the last until then; names are unique in what an API server stores. */
function findStatuses(
  ...lists: readonly (readonly ContainerStatus[] | undefined)[]
): ReadonlyMap<string, ContainerStatus> | undefined {
  if (!lists.some(list => list?.length)) return undefined
  return new Map(lists.flatMap(list => (list ?? []).map(status => [status.name, status] as const)))
}

function fillMissing(requests: Quantities, missing: Quantities): Quantities {
  if (missing.size === 0) return requests
  const filled = new Map(requests)
  for (const [name, quantity] of missing) {
    if (!filled.has(name)) filled.set(name, addQuantity(quantityOf(0n, 'DecimalSI'), quantity))
  }
  return filled
}

const fromSpec: RequestsOf = container => readQuantities(container.resources?.requests)

/** Until 1.36: of a container or sidecar whose status reports resources, the greatest of spec, actual and allocated. */
function greatestPerContainer(pod: Pod): RequestsOf {
  const infeasible = isResizeInfeasible(pod)
  const ordinaryInit = new Set(pod.spec.initContainers?.filter(container => !isSidecar(container)))
  return (container, status) => {
    const spec = fromSpec(container, status)
    if (!status?.resources || ordinaryInit.has(container)) return spec
    const actual = readQuantities(status.resources.requests)
    const allocated = readQuantities(status.allocatedResources)
    return infeasible ? greatestOf(actual, allocated) : greatestOf(spec, actual, allocated)
  }
}

/** Since 1.37: the greatest of the three sums (kubernetes#140047); a status that is not set falls back to the next one. */
function greatestOfSums(pod: Pod, options: RequestOptions): Quantities {
  const infeasible = isResizeInfeasible(pod)
  const spec: RequestsOf = container => (infeasible ? NONE : fromSpec(container, undefined))
  const allocated: RequestsOf = (container, status) =>
    status?.allocatedResources ? readQuantities(status.allocatedResources) : spec(container, status)
  const actual: RequestsOf = (container, status) =>
    status?.resources?.requests ? readQuantities(status.resources.requests) : allocated(container, status)

  const { status } = pod
  const reported = status?.allocatedResources && status.resources?.requests
  const allocatedSum = reported ? readQuantities(status.allocatedResources) : sumContainers(pod, options, allocated)
  const actualSum = reported ? readQuantities(status.resources.requests) : sumContainers(pod, options, actual)
  return infeasible
    ? greatestOf(actualSum, allocatedSum)
    : greatestOf(sumContainers(pod, options, fromSpec), actualSum, allocatedSum)
}
