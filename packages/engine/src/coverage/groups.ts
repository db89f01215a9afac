import { podPriority } from '../snapshot/cluster-snapshot.ts'
import type { PodIndex } from '../snapshot/indices.ts'
import { formatAmount } from './amounts.ts'
import type { DaemonModel } from './daemon-model.ts'
import { notReadyReason, POD_NOT_READY, POD_READY } from './daemon-pods.ts'
import type { Finding } from './finding.ts'
import { byText, graceOf, holdersOn } from './holders.ts'
import { pinnedMessage } from './pinned-message.ts'
import type { ResourceAmount, Verdict, VerdictGroup } from './types.ts'
import { countsLanded, findingOn, isOutdated, landedVerdict } from './verdicts.ts'
import { UNTOLERATED_TAINT, WANTED, type WantedCode } from './wanted.ts'
import type { World } from './world.ts'

/** A group while nodes join it. */
interface Building {
  readonly first: number
  readonly finding: Finding | undefined
  readonly counted: boolean
  readonly nodes: string[]
  verdict: Verdict
  since: string | undefined
  /** By resource: the largest free amount seen, where a resource is missing. */
  readonly mostFree: Map<string, bigint>
  /** Victims on all nodes so far, where pods would be evicted. */
  readonly evictions: Map<string, { owner: string; priority: number; pods: number; daemon: boolean }>
  graceSeconds: number
}

/** The groups of one DaemonSet, and what they count. */
export interface GroupedVerdicts {
  readonly groups: readonly VerdictGroup[]
  readonly should: number
  readonly landed: number
  readonly ready: number
  /** Positions of the nodes that are counted and have no pod, in order; what a remedy works on. */
  readonly uncovered: readonly number[]
}

/** Groups the verdicts of one DaemonSet over the nodes that are asked about: equal findings on nodes of one pool and type are told once. */
export function groupVerdicts(world: World, model: DaemonModel): GroupedVerdicts {
  const landed = new Map<number, Building>()
  const others = new Map<string, Building>()
  const uncovered: number[] = []
  const perNode = world.options.grouping === 'node'
  let should = 0
  let landedCount = 0
  let ready = 0
  for (const position of world.order) {
    const state = model.pods.state[position]!
    if (state === POD_READY || state === POD_NOT_READY) {
      const counted = countsLanded(world, model, position)
      if (counted) {
        should++
        landedCount++
        if (state === POD_READY) ready++
      }
      addLanded(world, model, position, counted, landed, others)
      continue
    }
    const code = model.wanted.code(world.nodes[position]!, position)
    if (code !== WANTED && code !== UNTOLERATED_TAINT) {
      addLeftOut(world, model, position, code, landed)
      continue
    }
    const finding = findingOn(world, model, position)
    if (finding.counted) {
      should++
      uncovered.push(position)
    }
    const key = perNode ? String(position) : `${finding.key}\0${finding.counted}\0${world.shapes.of[position]}`
    addTo(others, key, world, position, finding.counted, finding)
  }
  const all = [...landed.values(), ...others.values()]
  const groups = all.sort(byTrouble).map(building => finish(world, building))
  return { groups, should, landed: landedCount, ready, uncovered }
}

/** Nodes that the template leaves out: as many as landed pods, and grouped like them. */
function addLeftOut(
  world: World,
  model: DaemonModel,
  position: number,
  code: WantedCode,
  groups: Map<number, Building>,
): void {
  const key = world.shapes.of[position]! * 8 + 4 + code
  const known = groups.get(key)
  if (known) {
    known.nodes.push(world.facts[position]!.name)
    return
  }
  const finding = findingOn(world, model, position)
  groups.set(key, building(world, position, false, finding.make(), finding, undefined))
}

/** Landed and ready pods of the current revision are nearly all verdicts: they are grouped by numbers only. */
function addLanded(
  world: World,
  model: DaemonModel,
  position: number,
  counted: boolean,
  landed: Map<number, Building>,
  others: Map<string, Building>,
): void {
  const pod = world.pods[model.pods.pod[position]!]!
  const isReady = model.pods.state[position] === POD_READY
  if (isReady) {
    const key = world.shapes.of[position]! * 8 + Number(counted) * 2 + Number(isOutdated(model, pod))
    const known = landed.get(key)
    if (known) known.nodes.push(world.facts[position]!.name)
    else
      landed.set(key, building(world, position, counted, landedVerdict(world, model, position), undefined, undefined))
    return
  }
  const verdict = landedVerdict(world, model, position)
  const since = pod.status?.conditions?.find(condition => condition.type === 'Ready')?.lastTransitionTime
  const key = `landed\0${verdict.notReadyReason ?? notReadyReason(pod)}\0${verdict.outdated}\0${counted}\0${world.shapes.of[position]}`
  const known = others.get(key)
  if (known) {
    known.nodes.push(world.facts[position]!.name)
    known.since = earliest(known.since, since)
  } else others.set(key, building(world, position, counted, verdict, undefined, since))
}

function building(
  world: World,
  first: number,
  counted: boolean,
  verdict: Verdict,
  finding: Finding | undefined,
  since: string | undefined,
): Building {
  return {
    first,
    finding,
    counted,
    nodes: [world.facts[first]!.name],
    verdict,
    since,
    mostFree: new Map(),
    evictions: new Map(),
    graceSeconds: 0,
  }
}

function addTo(
  groups: Map<string, Building>,
  key: string,
  world: World,
  position: number,
  counted: boolean,
  finding: Finding,
): void {
  let group = groups.get(key)
  if (group === undefined) {
    group = building(world, position, counted, finding.make(), finding, finding.since)
    groups.set(key, group)
  } else {
    group.nodes.push(world.facts[position]!.name)
    group.since = earliest(group.since, finding.since)
  }
  const placement = finding.asked?.placement
  if (placement === undefined || placement.kind === 'fits') return
  if (placement.kind === 'victims' && group.verdict.kind === 'preempts') addVictims(world, group, placement.run.victims)
  for (const { amounts } of placement.reasons) {
    if (amounts === undefined) continue
    const most = group.mostFree.get(amounts.resource)
    if (most === undefined || amounts.free > most) group.mostFree.set(amounts.resource, amounts.free)
  }
}

function addVictims({ snapshot, owners }: World, group: Building, victims: readonly PodIndex[]): void {
  for (const victim of victims) {
    const pod = snapshot.pod(victim)
    const { text: owner, daemon } = owners.topOf(pod)
    const priority = podPriority(pod)
    const key = `${priority}\0${pod.metadata.namespace ?? ''}\0${owner}`
    const known = group.evictions.get(key)
    if (known) known.pods++
    else group.evictions.set(key, { owner, priority, pods: 1, daemon })
    group.graceSeconds = Math.max(group.graceSeconds, graceOf(snapshot, victim))
  }
}

function earliest(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a
}

/** Trouble first, then larger groups, then names. */
function byTrouble(a: Building, b: Building): number {
  return rank(a) - rank(b) || b.nodes.length - a.nodes.length || byText(a.nodes[0]!, b.nodes[0]!)
}

const RANKS: Readonly<Record<Verdict['kind'], number>> = {
  refused: 0,
  blocked: 1,
  preempts: 3,
  waits: 4,
  unknown: 5,
  fits: 6,
  skipped: 7,
  landed: 9,
}

function rank({ verdict, counted }: Building): number {
  if (verdict.kind === 'skipped')
    return verdict.intent === 'likely-gap' && counted ? 2 : verdict.intent === 'unknown' ? 7 : 8
  if (verdict.kind === 'landed') return verdict.ready ? 10 : 3.5
  return RANKS[verdict.kind]
}

function finish(world: World, group: Building): VerdictGroup {
  const { first, finding, nodes } = group
  const { pool, instanceType } = world.facts[first]!
  const verdict = withMostFree(group)
  const missing = missingResources(verdict)
  const asked = finding?.asked
  const message =
    asked === undefined
      ? undefined
      : pinnedMessage(asked.placement, world.facts[first]!.name, world.snapshot.nodeCount, world.version)
  const joins = verdict.kind === 'landed' && !world.facts[first]!.ready && world.facts[first]!.state === 'joining'
  return {
    verdict,
    ...(pool === undefined ? {} : { pool }),
    ...(instanceType === undefined ? {} : { instanceType }),
    nodes,
    ...(group.counted ? {} : { uncounted: true as const }),
    heldBy: missing.length === 0 ? [] : holdersOn(world.snapshot, world.owners, first, missing),
    ...(group.evictions.size === 0
      ? {}
      : {
          evictions: [...group.evictions.values()].sort((a, b) => b.pods - a.pods || byText(a.owner, b.owner)),
        }),
    ...(message === undefined ? {} : { message }),
    ...(group.since === undefined ? {} : { since: group.since }),
    waitingHelps: finding?.waitingHelps ?? (joins && !verdict.ready),
    waitingWhy: finding?.waitingWhy ?? landedWhy(verdict, joins, world.facts[first]!.ready),
  }
}

function landedWhy(verdict: Verdict, joins: boolean, nodeReady: boolean): string {
  if (verdict.kind === 'landed' && verdict.ready) return ''
  if (joins) return 'pods on a node that joins become ready with it'
  return nodeReady
    ? 'the pod is bound: its containers decide, not the scheduler'
    : 'the node is not ready: its kubelet decides, not the scheduler'
}

function missingResources(verdict: Verdict): readonly string[] {
  if (verdict.kind !== 'blocked' && verdict.kind !== 'preempts') return []
  return verdict.amounts.filter(({ missing }) => missing !== '0').map(({ resource }) => resource)
}

function withMostFree(group: Building): Verdict {
  const { verdict, mostFree } = group
  if ((verdict.kind !== 'blocked' && verdict.kind !== 'preempts') || group.nodes.length === 1) return verdict
  const amounts = verdict.amounts.map(amount => withMost(amount, mostFree.get(amount.resource)))
  return verdict.kind === 'preempts'
    ? { ...verdict, amounts, graceSeconds: group.graceSeconds }
    : { ...verdict, amounts }
}

function withMost(amount: ResourceAmount, most: bigint | undefined): ResourceAmount {
  const text = most === undefined ? undefined : formatAmount(amount.resource, most)
  return text === undefined || text === amount.free ? amount : { ...amount, mostFree: text }
}
