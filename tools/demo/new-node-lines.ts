import { EC2, STAND_IN_REGION } from '@everynode/data-ec2'
import type { DaemonSetCoverage, Pod } from '@everynode/engine'
import { INDENT } from '../../packages/cli/src/render/group.ts'
import { count, troubleOf } from '../../packages/cli/src/render/words.ts'
import { type Line, line, whole } from '../../packages/cli/src/terminal/layout.ts'
import type { Displaced } from './displaced.ts'
import type { KarpenterAnswer, NewNodes } from './new-nodes.ts'

/** What becomes of evicted pods, and the nodes that Karpenter adds for them; `daemonSets` is the coverage when they are placed. */
export function displacedLines(
  displaced: Displaced,
  answer: KarpenterAnswer,
  daemonSets: readonly DaemonSetCoverage[],
): readonly Line[] {
  const karpenter = told('Karpenter', newNodesText(answer, displaced.later.length > 0))
  const evicted = countOf(displaced)
  return evicted === 0 ? [karpenter] : [told('evicted', evictedText(displaced, answer, daemonSets)), karpenter]
}

/** Where the prices are from: list prices of the region, or of the region that stands for it. */
export function pricesText(region: string): string {
  if (EC2.priceRegions().includes(region)) return `list prices: on-demand in ${region}`
  return `list prices: on-demand in ${STAND_IN_REGION}, which stands for ${region}: of that none is known here`
}

function countOf({ placed, homeless, later }: Displaced): number {
  return placed.length + homeless.length + later.length
}

function told(label: string, text: string): Line {
  return line([whole(label.padEnd(INDENT), 'bold'), text], INDENT)
}

function evictedText(
  displaced: Displaced,
  { onTheirWay, refused }: KarpenterAnswer,
  daemonSets: readonly DaemonSetCoverage[],
): string {
  const { placed, later, evicted } = displaced
  const room = `${placed.length} of ${count(countOf(displaced), 'pod')} find room on nodes that are there`
  const reasons = [...new Set([...refused.values()].flat())].join('; ')
  return [
    `${room}${victimsText(evicted, daemonSets)}`,
    ...(onTheirWay.length > 0 ? [`${onTheirWay.length} on a node that is on its way`] : []),
    ...(later.length > 0 ? [`${later.length} when the pod before in the StatefulSet runs`] : []),
    ...(refused.size > 0 ? [`${refused.size} nowhere: ${reasons}`] : []),
  ].join(', ')
}

/** Who has to go in turn, and how many nodes a daemon among them then misses. */
function victimsText(pods: readonly Pod[], daemonSets: readonly DaemonSetCoverage[]): string {
  if (pods.length === 0) return ''
  const counts = new Map<string, number>()
  for (const { metadata } of pods) {
    const owner = metadata.ownerReferences?.[0]
    const name = owner === undefined ? `Pod/${metadata.name}` : `${owner.kind}/${owner.name}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const owners = [...counts].map(([name, number]) => {
    const daemonSet = daemonSets.find(one => name === `DaemonSet/${one.name}`)
    const groups = daemonSet?.groups.filter(group => troubleOf(group) === 'missing') ?? []
    const missed = groups.reduce((sum, { nodes }) => sum + nodes.length, 0)
    return `${name} ${number}${missed > 0 ? ` (it then misses ${count(missed, 'node')})` : ''}`
  })
  return ` by evicting ${owners.join(', ')}`
}

/** `isFirst`: more pods are to come, and maybe more nodes for them. */
function newNodesText({ newNodes, refused }: KarpenterAnswer, isFirst: boolean): string {
  if (newNodes.length === 0) return `adds no node${refused.size === 0 ? ': no workload pod needs one' : ''}`
  const nodes = newNodes.reduce((sum, one) => sum + one.count, 0)
  const pods = newNodes.reduce((sum, one) => sum + one.pods.length, 0)
  const launched = newNodes.flatMap(({ launch, count: number }) => (launch === undefined ? [] : [{ launch, number }]))
  const price = launched.reduce((sum, { launch, number }) => sum + number * launch.price, 0)
  const basis = launched.every(({ launch }) => launch.capacityType === 'on-demand') ? 'list price' : 'assumed price'
  return `adds ${isFirst ? 'at first ' : ''}${count(nodes, 'node')} for ${count(pods, 'evicted pod')}: ${kindsText(newNodes)}; ${basis} $${price.toFixed(3)}/h`
}

/** What is true of all kinds is told once. */
function kindsText(newNodes: readonly NewNodes[]): string {
  const details = new Set(newNodes.map(detailText))
  const kinds = newNodes.map(one => {
    const what = `${one.count} × ${one.launch?.instanceType ?? 'nothing'}`
    return `${what} (${one.pool}${details.size > 1 ? `, ${detailText(one)}` : ''})`
  })
  const [detail] = details
  return details.size > 1 ? kinds.join(', ') : `${kinds.join(', ')}, ${detail}`
}

function detailText({ allowedTypes, launch }: NewNodes): string {
  if (launch === undefined) return 'no offering is to be had'
  const choice = allowedTypes === 1 ? 'each the one type that fits' : `each the cheapest of ${allowedTypes} types`
  const zone = launch.zones.length === 1 ? launch.zones[0] : `any of ${launch.zones.length} zones`
  return `${choice}, ${launch.capacityType}, ${zone}`
}
