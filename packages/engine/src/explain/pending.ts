import type { DumpKind } from '../api/cluster-dump.ts'
import type { Pod } from '../api/core.ts'
import { graceOf, podRefs } from '../coverage/holders.ts'
import { meaningOf } from '../coverage/message-reasons.ts'
import { comparable, isStale, schedulersText } from '../coverage/self-check.ts'
import { type Cycle, scheduleOne } from '../framework/cycle.ts'
import { terminatesByPreemption } from '../preemption/preempt.ts'
import { podPriority } from '../snapshot/cluster-snapshot.ts'
import { chooseNode } from './choice.ts'
import { type JudgedNodes, judgeNodes } from './node-groups.ts'
import type { PodWorld } from './pod-world.ts'
import type { MessageBeside, PodOutcome } from './types.ts'

/** What the scheduler makes of a pod that has no node. */
export interface Judged {
  readonly outcome: PodOutcome
  readonly nodes: JudgedNodes['groups']
  /** The text that the scheduler writes for it; absent if it fits. */
  readonly text?: string
  /** Lists and filters that have a say and are not known: the text cannot be compared, and nothing proved. */
  readonly lacks: readonly string[]
}

/** From this many candidates on preemption starts at a random node and need not see all (DefaultPreemptionArgs, kubernetes v1.36.2). */
const ALL_CANDIDATES = 100
const NOTHING: JudgedNodes = { groups: [], feasible: [], candidates: 0 }

/** One pod without a node, held against all nodes as they are now. */
export function judgePending(world: PodWorld, pod: Pod, byShape: boolean): Judged {
  const special = notScheduled(world, pod)
  if (special !== undefined)
    return { outcome: special, nodes: [], lacks: special.kind === 'unknown' ? special.needs : [] }
  const { snapshot, budgets } = world
  const cycle = scheduleOne(pod, snapshot, budgets)
  const { prepared } = cycle
  const judged = prepared.rejection === undefined ? judgeNodes(world, prepared, byShape) : NOTHING
  return {
    outcome: outcomeOf(world, pod, cycle, judged),
    nodes: judged.groups,
    ...(cycle.message === undefined ? {} : { text: cycle.message }),
    lacks: lackedBy(world, prepared.notModelled),
  }
}

/** Pods at which kube-scheduler does not look. */
function notScheduled(world: PodWorld, { spec }: Pod): PodOutcome | undefined {
  if (world.dump.nodes === undefined) return { kind: 'unknown', needs: ['nodes'], detail: 'no list of nodes was read' }
  if (spec.schedulingGates !== undefined && spec.schedulingGates.length > 0)
    return { kind: 'gated', gates: spec.schedulingGates.map(({ name }) => name) }
  const { schedulerName } = spec
  return schedulerName === undefined || schedulerName === '' || schedulerName === 'default-scheduler'
    ? undefined
    : { kind: 'unknown', needs: [`the scheduler ${schedulerName}`], detail: 'schedulerName names another scheduler' }
}

function outcomeOf(world: PodWorld, pod: Pod, cycle: Cycle, { feasible, candidates }: JudgedNodes): PodOutcome {
  const { snapshot, owners, budgets } = world
  const { prepared, preemption } = cycle
  if (prepared.rejection !== undefined) {
    const { plugin, message: text } = prepared.rejection
    const meaning = meaningOf(text)
    const known = meaning === undefined ? {} : { means: meaning.means, helps: meaning.helps }
    return { kind: 'blocked', reason: { plugin: plugin || (meaning?.plugin ?? 'the scheduler'), text, ...known } }
  }
  if (feasible.length > 0 && prepared.notModelled.length > 0) return notModelled(world, prepared.notModelled)
  const choice = chooseNode(world, prepared, feasible)
  if (typeof choice === 'string') return { kind: 'blocked', reason: { plugin: 'the scheduler', text: choice } }
  if (choice !== undefined) return { kind: 'lands', choice, landing: 1 }
  const waits = victimsOnTheWay(world, pod)
  if (waits !== undefined) return waits
  if (preemption?.kind !== 'nominated') return { kind: 'blocked' }
  if (prepared.notModelled.length > 0) return notModelled(world, prepared.notModelled)
  const { candidate, tied } = preemption.chosen
  const uncertain = [
    ...(candidates > ALL_CANDIDATES
      ? ['preemption starts at a node that is drawn and need not look at all candidates']
      : []),
    ...(tied.length > 1 ? [`${tied.length} candidates are equal, the scheduler draws`] : []),
    ...(candidate.ties ? ['pods of equal priority and start time are there: another of them may go'] : []),
  ]
  return {
    kind: 'preempts',
    node: snapshot.nodeName(candidate.node),
    candidates,
    victims: podRefs(snapshot, owners, budgets, candidate.victims),
    ...(world.dump.podDisruptionBudgets === undefined ? {} : { pdbViolations: candidate.pdbViolations }),
    graceSeconds: Math.max(0, ...candidate.victims.map(victim => graceOf(snapshot, victim))),
    ...(uncertain.length === 0 ? {} : { uncertain: uncertain.join('; ') }),
  }
}

function notModelled(world: PodWorld, plugins: readonly string[]): PodOutcome {
  return { kind: 'unknown', needs: lackedBy(world, plugins), detail: `${plugins.join(', ')} cannot be asked` }
}

/** What these filters would read and the dump has not; the filters themselves where they are not modelled. */
function lackedBy({ dump }: PodWorld, plugins: readonly string[]): readonly string[] {
  const lacked = plugins.flatMap(plugin => {
    const lists = (READ[plugin] ?? []).filter(list => dump[list] === undefined)
    return lists.length === 0 ? [`the filter ${plugin}`] : lists
  })
  return [...new Set(lacked)]
}

const CLAIMS = ['persistentVolumeClaims', 'persistentVolumes', 'storageClasses'] as const

/** Lists that filters read and a dump may lack. */
const READ: Readonly<Record<string, readonly DumpKind[]>> = {
  VolumeRestrictions: ['persistentVolumeClaims'],
  NodeVolumeLimits: [...CLAIMS, 'csiNodes', 'volumeAttachments'],
  VolumeBinding: [...CLAIMS, 'csiDrivers', 'csiStorageCapacities'],
  VolumeZone: CLAIMS,
}

/** Preemption has been there: the nominated node has pods of lower priority that end because of it. */
function victimsOnTheWay({ snapshot }: PodWorld, pod: Pod): PodOutcome | undefined {
  const node = pod.status?.nominatedNodeName ?? ''
  const index = node === '' ? undefined : snapshot.nodeIndex(node)
  if (index === undefined) return undefined
  const going = snapshot
    .podsOn(index)
    .filter(victim => snapshot.podPriorities.cells[victim]! < podPriority(pod))
    .filter(victim => terminatesByPreemption(snapshot.pod(victim)))
  if (going.length === 0) return undefined
  return {
    kind: 'waits',
    for: 'victims',
    node,
    detail: `${going.length === 1 ? 'a pod was' : `${going.length} pods were`} evicted for it and ${going.length === 1 ? 'is' : 'are'} ending`,
    graceSeconds: Math.max(...going.map(victim => graceOf(snapshot, victim))),
  }
}

/** The text of a pod's PodScheduled condition beside the engine's; undefined where the scheduler wrote none. */
export function messageBeside(world: PodWorld, pod: Pod, judged: Judged): MessageBeside | undefined {
  const theirs = schedulersText(pod)
  if (theirs === undefined) return undefined
  const { text: ours } = judged
  if (judged.lacks.length > 0) return { theirs, verdict: 'not compared' }
  const verdict = ours === comparable(theirs) ? 'agrees' : isStale(world, pod, theirs) ? 'stale' : 'differs'
  return { theirs, ...(ours === undefined ? {} : { ours }), verdict }
}
