import type { Container, Pod, ResourceList } from '@everynode/engine'
import { nanos } from './amounts.ts'

/** Billionths by resource. */
export type Amounts = Readonly<Record<string, bigint>>

/** Which of a container's or a pod's reported resources count besides the spec. */
export type Usage = 'incoming' | 'bound'

/** What a pod asks for or, as 1.36 counts it, takes from its node; `defaults` are taken for each container that names none. */
export function sumRequests(pod: Pod, usage: Usage, defaults: Amounts = {}): Amounts {
  const requests = (container: Container): Amounts => ({ ...defaults, ...containerRequests(pod, container, usage) })
  const init = pod.spec.initContainers ?? []
  const sidecars = init.filter(container => container.restartPolicy === 'Always')
  const running = plus(...(pod.spec.containers ?? []).map(requests), ...sidecars.map(requests))
  const starting = init.map((container, i) => {
    const before = init.slice(0, i).filter(other => other.restartPolicy === 'Always')
    return plus(requests(container), ...before.map(requests))
  })
  const total: Record<string, bigint> = { ...greatest(running, ...starting) }
  const podLevel = amounts(pod.spec.resources?.requests)
  const reported = usage === 'bound' && pod.status?.resources
  const effective = reported
    ? reports(pod, podLevel, pod.status?.resources?.requests, pod.status?.allocatedResources)
    : podLevel
  for (const name of Object.keys(podLevel)) if (isPodLevel(name)) total[name] = effective[name] ?? 0n
  return plus(total, amounts(pod.spec.overhead))
}

/** Whether requests at pod level replace any sum. */
export function hasPodLevel(pod: Pod): boolean {
  return Object.keys(pod.spec.resources?.requests ?? {}).some(isPodLevel)
}

function isPodLevel(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')
}

function containerRequests(pod: Pod, container: Container, usage: Usage): Amounts {
  const spec = amounts(container.resources?.requests)
  const isInit = pod.spec.initContainers?.includes(container) === true
  if (usage === 'incoming' || (isInit && container.restartPolicy !== 'Always')) return spec
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])]
  const status = statuses.findLast(({ name }) => name === container.name)
  return status?.resources ? reports(pod, spec, status.resources.requests, status.allocatedResources) : spec
}

function reports(
  pod: Pod,
  spec: Amounts,
  actual: ResourceList | undefined,
  allocated: ResourceList | undefined,
): Amounts {
  const pending = pod.status?.conditions?.find(({ type }) => type === 'PodResizePending')
  const reported = greatest(amounts(actual), amounts(allocated))
  return pending?.reason === 'Infeasible' ? reported : greatest(spec, reported)
}

function amounts(list: ResourceList | undefined): Amounts {
  return Object.fromEntries(
    Object.entries(list ?? {}).flatMap(([name, text]) => {
      const amount = nanos(text)
      return amount === undefined ? [] : [[name, amount]]
    }),
  )
}

function plus(...all: readonly Amounts[]): Amounts {
  return merge(all, (a, b) => a + b)
}

function greatest(...all: readonly Amounts[]): Amounts {
  return merge(all, (a, b) => (b > a ? b : a))
}

function merge(all: readonly Amounts[], both: (a: bigint, b: bigint) => bigint): Amounts {
  const merged: Record<string, bigint> = {}
  for (const one of all) {
    for (const [name, amount] of Object.entries(one)) {
      const known = merged[name]
      merged[name] = known === undefined ? amount : both(known, amount)
    }
  }
  return merged
}
