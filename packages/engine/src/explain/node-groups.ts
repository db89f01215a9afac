import type { Pod } from '../api/core.ts'
import { resourceAmounts } from '../coverage/amounts.ts'
import { byText, holdersOn, podRefs } from '../coverage/holders.ts'
import { formatTaint } from '../coverage/node-shapes.ts'
import { type Placement, placeOn } from '../coverage/placement.ts'
import type { PreparedPod } from '../framework/prepared-pod.ts'
import type { Reason } from '../framework/status.ts'
import { opponentsOn } from './opponents.ts'
import type { PodWorld } from './pod-world.ts'
import { detailOf } from './reason-detail.ts'
import type { PodNodeGroup } from './types.ts'
import { whyNotEvict } from './why-not-evict.ts'

interface Building {
  readonly kind: PodNodeGroup['kind']
  readonly members: number[]
  /** Of the member that comes nearest. */
  best: number
  placement: Placement | undefined
}

/** The nodes of a cluster by what they answer a pod: those that fit first, then those where evictions help, then the larger groups. */
export interface JudgedNodes {
  readonly groups: readonly PodNodeGroup[]
  /** Positions of the nodes that fit, in the scheduler's order. */
  readonly feasible: readonly number[]
  /** Nodes on which evictions make room. */
  readonly candidates: number
}

/** Holds a pod against every node that may take it. Costs the filters for each node, and a dry run of preemption for each that is full. */
export function judgeNodes(world: PodWorld, prepared: PreparedPod, byShape: boolean): JudgedNodes {
  const { snapshot, budgets } = world
  const { pod, nodeNames } = prepared
  const groups = new Map<string, Building>()
  const feasible: number[] = []
  const candidates: number[] = []
  for (const node of snapshot.order) {
    const place = `${world.facts[node]!.pool ?? ''}\0${byShape ? world.shapes.of[node] : ''}`
    if (nodeNames !== undefined && !nodeNames.has(snapshot.nodeName(node))) {
      join(groups, 'not looked at', { kind: 'not looked at', members: [], best: node, placement: undefined }, node)
      continue
    }
    const placement = placeOn(prepared, snapshot, budgets, node)
    if (placement.kind === 'fits') feasible.push(node)
    const helps = placement.kind === 'victims'
    if (helps) candidates.push(node)
    const kind = placement.kind === 'fits' ? 'fits' : helps ? 'evictions help' : 'blocked'
    const key = `${place}\0${kind}\0${causeKey(world, pod, node, placement)}`
    join(groups, key, { kind, members: [], best: node, placement }, node)
  }
  const finished = [...groups.values()].map(building => finish(world, prepared, building))
  return { groups: finished.sort(nearestFirst), feasible, candidates: candidates.length }
}

function join(groups: Map<string, Building>, key: string, made: Building, node: number): void {
  const group = groups.get(key) ?? made
  groups.set(key, group)
  group.members.push(node)
  if (group === made || made.placement === undefined || group.placement === undefined) return
  if (isNearer(made.placement, group.placement)) {
    group.best = node
    group.placement = made.placement
  }
}

/** Less of the first missing resource is nearer; so are fewer victims. */
function isNearer(a: Placement, b: Placement): boolean {
  if (a.kind === 'fits' || b.kind === 'fits') return false
  if (a.kind === 'victims' && b.kind === 'victims' && a.run.victims.length !== b.run.victims.length)
    return a.run.victims.length < b.run.victims.length
  const missing = missingOf(a)
  const other = missingOf(b)
  return missing !== undefined && other !== undefined && missing < other
}

const missingOf = ({ reasons }: Exclude<Placement, { kind: 'fits' }>): bigint | undefined =>
  reasons.find(({ amounts }) => amounts !== undefined)?.amounts?.missing

/** Equal for nodes that one sentence tells. */
function causeKey(world: PodWorld, pod: Pod, node: number, placement: Placement): string {
  if (placement.kind === 'fits') return ''
  const why = placement.kind === 'blocked' ? whyNotEvict(world, pod, node, placement)?.key : undefined
  const parts = placement.reasons.map(({ plugin, text, taint, claim, port, skew, volumes }) =>
    [
      plugin,
      text,
      taint === undefined ? '' : formatTaint(taint),
      claim,
      port?.hostPort ?? port?.containerPort,
      skew?.topologyKey,
      volumes?.driver,
    ].join(' '),
  )
  return `${parts.join('\0')}\0${why}`
}

function finish(world: PodWorld, prepared: PreparedPod, { kind, members, best, placement }: Building): PodNodeGroup {
  const { facts, snapshot, owners, budgets } = world
  const { pod } = prepared
  const pools = new Set(members.map(node => facts[node]!.pool))
  const [pool] = pools.size === 1 ? pools : []
  const reasons: readonly Reason[] = placement === undefined || placement.kind === 'fits' ? [] : placement.reasons
  const amounts = reasons.some(reason => reason.amounts !== undefined)
    ? resourceAmounts(snapshot, best, snapshot.incoming(pod), reasons)
    : []
  const missing = amounts.filter(amount => amount.missing !== '0').map(({ resource }) => resource)
  const about = (field: keyof Reason): Reason | undefined => reasons.find(reason => reason[field] !== undefined)
  const excluded = reasons.some(({ plugin, unresolvable }) => plugin === 'InterPodAffinity' && !unresolvable)
  const opponents = excluded ? opponentsOn(world, pod, best) : []
  const details = reasons.flatMap(reason => detailOf(world, pod, best, reason, opponents) ?? [])
  const taint = about('taint')?.taint
  const port = about('port')?.port
  const claim = about('claim')?.claim
  const skew = about('skew')?.skew
  const volumes = about('volumes')?.volumes
  const why = placement?.kind === 'blocked' ? whyNotEvict(world, pod, best, placement)?.text : undefined
  const pinned = kind === 'not looked at'
  const tooBig = reasons.some(({ amounts: short, unresolvable }) => short !== undefined && unresolvable)
  return {
    kind,
    ...(pool === undefined ? {} : { pool }),
    types: typesOf(world, members),
    nodes: members.map(node => snapshot.nodeName(node)).sort(byText),
    example: snapshot.nodeName(best),
    reasons: pinned
      ? [`node(s) didn't satisfy plugin(s) [${[...prepared.nodePlugins].sort(byText).join(' ')}]`]
      : reasons.map(({ text }) => text),
    plugins: pinned ? prepared.nodePlugins : [...new Set(reasons.map(({ plugin }) => plugin))],
    ...(details.length === 0 ? {} : { detail: details.join('; ') }),
    amounts,
    heldBy: missing.length === 0 || tooBig ? [] : holdersOn(snapshot, owners, best, missing),
    ...(taint === undefined ? {} : { taint: plainTaint(taint) }),
    ...(port === undefined ? {} : { port: `${port.hostPort ?? port.containerPort}/${port.protocol ?? 'TCP'}` }),
    ...(claim === undefined ? {} : { claim }),
    ...(skew === undefined ? {} : { skew }),
    ...(volumes === undefined ? {} : { volumes }),
    opponents,
    victims: placement?.kind === 'victims' ? podRefs(snapshot, owners, budgets, placement.run.victims) : [],
    ...(why === undefined ? {} : { whyNoPreemption: why }),
  }
}

function plainTaint({ timeAdded: _, ...taint }: NonNullable<Reason['taint']>): NonNullable<Reason['taint']> {
  return taint
}

function typesOf({ facts }: PodWorld, members: readonly number[]): PodNodeGroup['types'] {
  const counts = new Map<string, number>()
  for (const node of members) {
    const { instanceType } = facts[node]!
    if (instanceType !== undefined) counts.set(instanceType, (counts.get(instanceType) ?? 0) + 1)
  }
  return [...counts]
    .map(([instanceType, nodes]) => ({ instanceType, nodes }))
    .sort((a, b) => b.nodes - a.nodes || byText(a.instanceType, b.instanceType))
}

function nearestFirst(a: PodNodeGroup, b: PodNodeGroup): number {
  return rankOf(a) - rankOf(b) || b.nodes.length - a.nodes.length || byText(a.nodes[0] ?? '', b.nodes[0] ?? '')
}

/** What is short of an amount could fit one day; what a taint or a selector keeps away is meant so. */
function rankOf({ kind, amounts, plugins, detail }: PodNodeGroup): number {
  if (kind === 'fits') return 0
  if (kind === 'evictions help') return 1
  if (kind === 'not looked at') return 5
  if (amounts.length > 0) return detail === undefined ? 2 : 3
  return plugins.some(plugin => MEANT.has(plugin)) ? 4 : 3
}

const MEANT = new Set(['TaintToleration', 'NodeAffinity', 'NodeUnschedulable'])
