import type { ContainerPort, Namespace, Node, Pod, PodDisruptionBudget, QuantityText } from '@everynode/engine'
import { inParts, nanos } from './amounts.ts'
import { isLabelKey } from './labels.ts'
import { type Amounts, hasPodLevel, sumRequests, type Usage } from './pod-requests.ts'

/** Int64 amounts by resource: cpu in thousandths, all else in units. */
export type Int64s = Readonly<Record<string, bigint>>

/** One node with its pods, in the order in which they came. Nothing changes in place. */
export interface NodeInfo {
  readonly node: Node
  readonly pods: readonly Pod[]
  /** Host ports in use: a set, so that two pods with one port free it when one of them goes. */
  readonly ports: ReadonlySet<string>
}

/** All that a cycle sees. */
export interface World {
  /** In the order of the input. */
  readonly nodes: readonly NodeInfo[]
  /** Unbound pods that name a node. */
  readonly nominated: readonly Pod[]
  readonly namespaces: readonly Namespace[]
  readonly budgets: readonly PodDisruptionBudget[]
}

const MILLI = 10n ** 6n
const UNIT = 10n ** 9n
const MEBIBYTE = 2n ** 20n * UNIT
/** What a container without a request counts as in scores, in billionths. */
const DEFAULTS: Amounts = { cpu: 100n * MILLI, memory: 200n * MEBIBYTE }

export const nameOf = ({ metadata }: Node | Pod): string => metadata.name ?? ''
export const namespaceOf = ({ metadata }: Pod): string => metadata.namespace ?? 'default'
export const keyOf = (pod: Pod): string => `${namespaceOf(pod)}/${nameOf(pod)}`
export const priorityOf = ({ spec }: Pod): number => spec.priority ?? 0
export const labelsOf = ({ metadata }: Node | Pod): Readonly<Record<string, string>> => metadata.labels ?? {}
export const isTerminating = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined
export const wrap = (amount: bigint): bigint => BigInt.asIntN(64, amount)

/** The cluster with one pod more on a node. */
export function withPod(world: World, name: string, pod: Pod): World {
  return onNode(world, name, info => ({
    ...info,
    pods: [...info.pods, pod],
    ports: new Set([...info.ports, ...hostPorts(pod).map(portText)]),
  }))
}

/** The cluster with one pod less on a node; the last pod takes its place. */
export function withoutPod(world: World, name: string, pod: Pod): World {
  return onNode(world, name, info => {
    const pods = [...info.pods]
    const last = pods.pop()
    const at = pods.indexOf(pod)
    if (at >= 0 && last !== undefined) pods[at] = last
    const ports = new Set(info.ports)
    for (const port of hostPorts(pod)) ports.delete(portText(port))
    return { ...info, pods, ports }
  })
}

function onNode(world: World, name: string, change: (info: NodeInfo) => NodeInfo): World {
  let found = false
  const nodes = world.nodes.map(info => {
    if (found || nameOf(info.node) !== name) return info
    found = true
    return change(info)
  })
  return { ...world, nodes }
}

/** Host ports of containers and sidecars. */
export function hostPorts({ spec }: Pod): readonly ContainerPort[] {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')
  const ports = [...(spec.containers ?? []), ...sidecars].flatMap(container => container.ports ?? [])
  return ports.filter(({ hostPort = 0 }) => hostPort > 0)
}

/** `ip protocol port`. */
export function portText({ hostIP, protocol, hostPort }: ContainerPort): string {
  return `${hostIP || '0.0.0.0'} ${protocol || 'TCP'} ${hostPort}`
}

/** A pod's request as the scheduler adds it up; what is below zero counts as nothing in a pod that comes. */
export function podAmounts(pod: Pod, usage: Usage): Int64s {
  const amounts = int64s(sumRequests(pod, usage))
  if (usage === 'bound') return amounts
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, amount < 0n ? 0n : amount]))
}

/** A pod's cpu and memory for scores, with defaults for containers that say nothing. */
export function scoredAmounts(pod: Pod): Int64s {
  const exact = sumRequests(pod, 'bound')
  const missing = Object.entries(DEFAULTS).filter(([name]) => !hasPodLevel(pod) || !(name in exact))
  return int64s(sumRequests(pod, 'bound', Object.fromEntries(missing)))
}

function int64s(amounts: Amounts): Int64s {
  return Object.fromEntries(
    Object.entries(amounts)
      .filter(([name]) => name === 'cpu' || name === 'memory' || name === 'ephemeral-storage' || isScalar(name))
      .map(([name, amount]) => [name, inParts(amount, name === 'cpu' ? MILLI : UNIT)]),
  )
}

/** What a node offers. */
export function allocatable({ node }: NodeInfo, name: string): bigint {
  const text: QuantityText | undefined = node.status?.allocatable?.[name]
  const amount = text === undefined ? undefined : nanos(text)
  return amount === undefined ? 0n : inParts(amount, name === 'cpu' ? MILLI : UNIT)
}

/** What the pods of a node ask for, added up in 64 bits as they wrap. */
export function requested({ pods }: NodeInfo, name: string): bigint {
  return pods.reduce((sum, pod) => wrap(sum + (podAmounts(pod, 'bound')[name] ?? 0n)), 0n)
}

/** Resources besides the three plain ones that the scheduler counts: those with a domain of their own, and some families. */
export function isScalar(name: string): boolean {
  const ofKubernetes = name.includes('kubernetes.io/')
  if (ofKubernetes || name.startsWith('hugepages-') || name.startsWith('attachable-volumes-')) return true
  return name.includes('/') && !name.startsWith('requests.') && isLabelKey(`requests.${name}`)
}
