import type { Container, ContainerStatus, Pod } from '../api/core.ts'
import type { ResourceList } from '../api/meta.ts'
import { exactNumber } from '../quantity/reader.ts'
import { DIFFERENCES, type KubernetesVersion } from '../versions.ts'
import { hasPodLevelRequests, isResizeInfeasible } from './aggregate.ts'

/** The amounts of most pods, in doubles that are exact: thousandths of cpu, bytes. */
export interface PlainAmounts {
  readonly cpu: number
  readonly memory: number
  readonly ephemeral: number
  readonly nonZeroCpu: number
  readonly nonZeroMemory: number
}

/** The requests of a container; −1 for one that it does not name. */
interface Requests {
  readonly cpu: number
  readonly memory: number
  readonly ephemeral: number
}

/** A container's requests, or undefined where they are not plain. */
type RequestsOf = (container: Container, status: ContainerStatus | undefined) => Requests | undefined

const NONE: Requests = { cpu: -1, memory: -1, ephemeral: -1 }
const DEFAULT_MILLI_CPU = 100
const DEFAULT_MEMORY = 200 * 1024 * 1024

/**
 * What the exact arithmetic gives for a pod whose amounts are whole, small, and of cpu, memory and ephemeral-storage only; such
 * a dump has a million of. Undefined for every other pod.
 */
export function plainAmounts(pod: Pod, useStatus: boolean, version: KubernetesVersion): PlainAmounts | undefined {
  if (pod.spec.resources && hasPodLevelRequests(pod)) return undefined
  if (!useStatus || !pod.status) return sum(pod, fromSpec)
  if (isResizeInfeasible(pod)) return undefined
  if (!reportsResources(pod)) return sum(pod, fromSpec)
  if (DIFFERENCES[version].boundUsage === 'perContainer') return sum(pod, greatestPerContainer(pod))
  if (pod.status?.resources || pod.status?.allocatedResources) return undefined
  return greatest(sum(pod, fromSpec), sum(pod, allocated), sum(pod, actual))
}

/** True if a status may change the sum. Kubelets since 1.33 report the resources of every container. */
function reportsResources({ status }: Pod): boolean {
  if (!status) return false
  const reports = (one: ContainerStatus): boolean => Boolean(one.resources ?? one.allocatedResources)
  return Boolean(
    status.resources ??
      status.allocatedResources ??
      (status.containerStatuses?.some(reports) || status.initContainerStatuses?.some(reports)),
  )
}

const fromSpec: RequestsOf = container => read(container.resources?.requests)
const allocated: RequestsOf = (container, status) =>
  status?.allocatedResources ? read(status.allocatedResources) : fromSpec(container, status)
const actual: RequestsOf = (container, status) =>
  status?.resources?.requests ? read(status.resources.requests) : allocated(container, status)

function greatestPerContainer({ spec }: Pod): RequestsOf {
  return (container, status) => {
    const own = fromSpec(container, status)
    if (!status?.resources || own === undefined) return own
    if (container.restartPolicy !== 'Always' && spec.initContainers?.includes(container)) return own
    const first = read(status.resources.requests)
    const second = read(status.allocatedResources)
    if (first === undefined || second === undefined) return undefined
    return {
      cpu: Math.max(own.cpu, first.cpu, second.cpu),
      memory: Math.max(own.memory, first.memory, second.memory),
      ephemeral: Math.max(own.ephemeral, first.ephemeral, second.ephemeral),
    }
  }
}

function read(list: ResourceList | undefined): Requests | undefined {
  if (!list) return NONE
  let cpu = -1
  let memory = -1
  let ephemeral = -1
  for (const name in list) {
    const amount = exactNumber(list[name]!, name === 'cpu' ? 1000 : 1)
    if (amount === undefined) return undefined
    if (name === 'cpu') cpu = amount
    else if (name === 'memory') memory = amount
    else if (name === 'ephemeral-storage') ephemeral = amount
    else return undefined
  }
  return { cpu, memory, ephemeral }
}

/** Sums that are being made, one double each. */
interface Sums {
  cpu: number
  memory: number
  ephemeral: number
  nonZeroCpu: number
  nonZeroMemory: number
}

const zero = (): Sums => ({ cpu: 0, memory: 0, ephemeral: 0, nonZeroCpu: 0, nonZeroMemory: 0 })

function sum(pod: Pod, requestsOf: RequestsOf): PlainAmounts | undefined {
  const { spec, status } = pod
  const total = zero()
  for (const container of spec.containers ?? []) {
    const requests = requestsOf(
      container,
      find(container.name, status?.containerStatuses, status?.initContainerStatuses),
    )
    if (requests === undefined) return undefined
    add(total, requests)
  }
  if (spec.initContainers?.length) {
    const sidecars = zero()
    const init = zero()
    for (const container of spec.initContainers) {
      const requests = requestsOf(
        container,
        find(container.name, status?.initContainerStatuses, status?.containerStatuses),
      )
      if (requests === undefined) return undefined
      if (container.restartPolicy === 'Always') {
        add(total, requests)
        add(sidecars, requests)
        raise(init, sidecars)
      } else {
        const together = { ...sidecars }
        add(together, requests)
        raise(init, together)
      }
    }
    raise(total, init)
  }
  if (spec.overhead && !addOverhead(total, spec.overhead)) return undefined
  return isExact(total) ? total : undefined
}

/** Names are unique among all containers of a pod that an API server stores. */
function find(
  name: string,
  first: readonly ContainerStatus[] | undefined,
  second: readonly ContainerStatus[] | undefined,
): ContainerStatus | undefined {
  return first?.find(status => status.name === name) ?? second?.find(status => status.name === name)
}

function add(sums: Sums, { cpu, memory, ephemeral }: Requests): void {
  if (cpu > 0) sums.cpu += cpu
  if (memory > 0) sums.memory += memory
  if (ephemeral > 0) sums.ephemeral += ephemeral
  sums.nonZeroCpu += cpu < 0 ? DEFAULT_MILLI_CPU : cpu
  sums.nonZeroMemory += memory < 0 ? DEFAULT_MEMORY : memory
}

function addOverhead(sums: Sums, list: ResourceList): boolean {
  const overhead = read(list)
  if (overhead === undefined) return false
  const { cpu, memory, ephemeral } = overhead
  add(sums, { cpu: Math.max(cpu, 0), memory: Math.max(memory, 0), ephemeral: Math.max(ephemeral, 0) })
  return true
}

function raise(sums: Sums, others: Sums): void {
  sums.cpu = Math.max(sums.cpu, others.cpu)
  sums.memory = Math.max(sums.memory, others.memory)
  sums.ephemeral = Math.max(sums.ephemeral, others.ephemeral)
  sums.nonZeroCpu = Math.max(sums.nonZeroCpu, others.nonZeroCpu)
  sums.nonZeroMemory = Math.max(sums.nonZeroMemory, others.nonZeroMemory)
}

function greatest(...all: readonly (PlainAmounts | undefined)[]): PlainAmounts | undefined {
  const result = zero()
  for (const one of all) {
    if (one === undefined) return undefined
    raise(result, one)
  }
  return result
}

/** No sum shrinks, so one that is not exact leaves a result that is too great. */
function isExact({ cpu, memory, ephemeral, nonZeroCpu, nonZeroMemory }: Sums): boolean {
  return Math.max(cpu, memory, ephemeral, nonZeroCpu, nonZeroMemory) <= Number.MAX_SAFE_INTEGER
}
