import type { Pod, TopologySpreadConstraint } from '@everynode/engine'
import { askSelector } from './labels.ts'
import { askNodeAffinity } from './node-affinity.ts'
import {
  allocatable,
  hostPorts,
  isScalar,
  isTerminating,
  labelsOf,
  type NodeInfo,
  nameOf,
  namespaceOf,
  podAmounts,
  portText,
  priorityOf,
  requested,
  type World,
  withPod,
  wrap,
} from './node-info.ts'
import { interPodAffinity } from './pod-affinity.ts'
import { firstUntolerated, tolerates } from './taints.ts'

export type Code = 'Unschedulable' | 'UnschedulableAndUnresolvable'

/** Why a node does not take a pod. */
export interface No {
  readonly plugin: string
  readonly code: Code
  readonly reasons: readonly string[]
}

/** One plugin's question; undefined is yes. */
type Filter = (pod: Pod, info: NodeInfo, world: World) => Omit<No, 'plugin'> | undefined

const FINAL = 'UnschedulableAndUnresolvable'
const final = (reason: string): Omit<No, 'plugin'> => ({ code: FINAL, reasons: [reason] })
const HARD = ['NoSchedule', 'NoExecute']

const FILTERS: readonly (readonly [plugin: string, filter: Filter])[] = [
  ['NodeUnschedulable', nodeUnschedulable],
  ['NodeName', nodeName],
  ['TaintToleration', taintToleration],
  ['NodeAffinity', nodeAffinity],
  ['NodePorts', nodePorts],
  ['NodeResourcesFit', nodeResourcesFit],
  ['PodTopologySpread', podTopologySpread],
  ['InterPodAffinity', interPodAffinity],
]

/** What the first plugin that rejects the pod on a node says, with pods nominated there and then without them; undefined if it fits. */
export function askNode(pod: Pod, name: string, world: World): No | undefined {
  const rivals = world.nominated.filter(
    other => other.status?.nominatedNodeName === name && priorityOf(other) >= priorityOf(pod) && !isSame(other, pod),
  )
  const crowded = rivals.reduce((with_, rival) => withPod(with_, name, rival), world)
  return (rivals.length > 0 ? askFilters(pod, name, crowded) : undefined) ?? askFilters(pod, name, world)
}

function isSame(a: Pod, b: Pod): boolean {
  const [first, second] = [a.metadata.uid, b.metadata.uid]
  if (first !== undefined && second !== undefined) return first === second
  return nameOf(a) === nameOf(b) && namespaceOf(a) === namespaceOf(b)
}

function askFilters(pod: Pod, name: string, world: World): No | undefined {
  const info = world.nodes.find(({ node }) => nameOf(node) === name)
  if (info === undefined) throw new Error(`no node ${name}`)
  for (const [plugin, filter] of FILTERS) {
    const no = filter(pod, info, world)
    if (no !== undefined) return { plugin, ...no }
  }
  return undefined
}

function nodeUnschedulable({ spec }: Pod, { node }: NodeInfo) {
  if (node.spec?.unschedulable !== true) return undefined
  const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
  const tolerated = (spec.tolerations ?? []).some(toleration => tolerates(toleration, taint))
  return tolerated ? undefined : final('node(s) were unschedulable')
}

function nodeName({ spec }: Pod, { node }: NodeInfo) {
  const fits = !spec.nodeName || spec.nodeName === nameOf(node)
  return fits ? undefined : final("node(s) didn't match the requested node name")
}

function taintToleration({ spec }: Pod, { node }: NodeInfo) {
  const untolerated = firstUntolerated(node.spec?.taints ?? [], spec.tolerations ?? [], HARD)
  return untolerated < 0 ? undefined : final('node(s) had untolerated taint(s)')
}

function nodeAffinity({ spec }: Pod, { node }: NodeInfo) {
  return askNodeAffinity(spec, node).match ? undefined : final("node(s) didn't match Pod's node affinity/selector")
}

function nodePorts(pod: Pod, { ports }: NodeInfo) {
  const taken = hostPorts(pod).some(wanted => {
    const [ip, protocol, port] = portText(wanted).split(' ')
    return [...ports].some(used => {
      const [usedIp, usedProtocol, usedPort] = used.split(' ')
      const sameIp = ip === usedIp || ip === '0.0.0.0' || usedIp === '0.0.0.0'
      return sameIp && protocol === usedProtocol && port === usedPort
    })
  })
  if (!taken) return undefined
  return { code: 'Unschedulable', reasons: ["node(s) didn't have free ports for the requested pod ports"] } as const
}

function nodeResourcesFit(pod: Pod, info: NodeInfo) {
  const slots = allocatable(info, 'pods')
  const tooMany = BigInt(info.pods.length) + 1n > slots
  const asked = podAmounts(pod, 'incoming')
  const scarce = Object.entries(asked).filter(([name, amount]) => {
    const counts = isScalar(name) ? amount !== 0n : amount > 0n
    return counts && amount > wrap(allocatable(info, name) - requested(info, name))
  })
  const reasons = [...(tooMany ? ['Too many pods'] : []), ...scarce.map(([name]) => `Insufficient ${name}`)]
  if (reasons.length === 0) return undefined
  const never = scarce.some(([name, amount]) => amount > allocatable(info, name))
  return { code: never ? FINAL : 'Unschedulable', reasons } as const
}

const SKEW = "node(s) didn't match pod topology spread constraints"

function podTopologySpread(pod: Pod, info: NodeInfo, world: World) {
  const constraints = (pod.spec.topologySpreadConstraints ?? []).filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule',
  )
  for (const constraint of constraints) {
    const domain = labelsOf(info.node)[constraint.topologyKey]
    if (domain === undefined) return final(`${SKEW} (missing required label)`)
    const eligible = world.nodes.filter(
      other =>
        constraints.every(({ topologyKey }) => labelsOf(other.node)[topologyKey] !== undefined) &&
        isEligible(pod, other, constraint),
    )
    const counts = new Map<string, number>()
    for (const other of eligible) {
      const value = labelsOf(other.node)[constraint.topologyKey] ?? ''
      const matching = other.pods.filter(
        one => !isTerminating(one) && namespaceOf(one) === namespaceOf(pod) && counted(one, pod, constraint),
      )
      counts.set(value, (counts.get(value) ?? 0) + matching.length)
    }
    const lowest = counts.size < (constraint.minDomains ?? 1) ? 0 : Math.min(...counts.values(), 2 ** 31 - 1)
    const self = selects(pod, pod, constraint) ? 1 : 0
    if ((counts.get(domain) ?? 0) + self - lowest > constraint.maxSkew)
      return { code: 'Unschedulable', reasons: [SKEW] } as const
  }
  return undefined
}

function isEligible(pod: Pod, { node }: NodeInfo, constraint: TopologySpreadConstraint): boolean {
  const { nodeAffinityPolicy = 'Honor', nodeTaintsPolicy = 'Ignore' } = constraint
  if (nodeAffinityPolicy === 'Honor' && !askNodeAffinity(pod.spec, node).match) return false
  return nodeTaintsPolicy !== 'Honor' || firstUntolerated(node.spec?.taints ?? [], pod.spec.tolerations ?? [], HARD) < 0
}

/** An empty selector counts no pod at all. */
function counted(one: Pod, pod: Pod, constraint: TopologySpreadConstraint): boolean {
  const { matchLabels = {}, matchExpressions = [] } = constraint.labelSelector ?? {}
  const keys = (constraint.matchLabelKeys ?? []).filter(key => labelsOf(pod)[key] !== undefined)
  const isEmpty =
    constraint.labelSelector !== undefined &&
    Object.keys(matchLabels).length + matchExpressions.length + keys.length === 0
  return !isEmpty && selects(one, pod, constraint)
}

function selects(one: Pod, pod: Pod, { labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint): boolean {
  const keys = matchLabelKeys.filter(key => labelsOf(pod)[key] !== undefined)
  return (
    askSelector(labelSelector, labelsOf(one)).matches && keys.every(key => labelsOf(one)[key] === labelsOf(pod)[key])
  )
}
