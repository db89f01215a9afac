import type { Namespace, Node, NodeSelectorTerm, Pod, PodDisruptionBudget } from '@everynode/engine'
import { askNode, type Code, type No } from './filters.ts'
import { isTerminating, labelsOf, type NodeInfo, nameOf, type World, withPod } from './node-info.ts'
import { bestOf, type DryRun, dryRun, ineligible, podNames } from './preemption.ts'
import { askScores, type Scores } from './scores.ts'

/** The question of one cycle, as the protocol has it; Go prints an empty list as null. */
export interface Question {
  readonly pod: Pod
  readonly nodes?: readonly Node[] | null
  readonly pods?: readonly Pod[] | null
  readonly namespaces?: readonly Namespace[] | null
  readonly podDisruptionBudgets?: readonly PodDisruptionBudget[] | null
}

const FINAL = 'UnschedulableAndUnresolvable'
const CLAIMS = 'no new claims to deallocate'
const LOOKS_AT_ALL = 100

/** One scheduling cycle of 1.36, spelled out: in the protocol's words, and for small clusters. Nothing is prepared, counted ahead or kept. */
export function askScheduleOne(question: Question): unknown {
  const { pod } = question
  const world = worldOf(question)
  if (world.nodes.length >= LOOKS_AT_ALL) throw new Error('the reference looks at all nodes')
  const names = world.nodes.map(({ node }) => nameOf(node))
  if (names.length === 0) return { nodes: [], message: 'no nodes available to schedule pods' }
  const only = namedNodes(pod)
  if (only?.length === 0) return conflict(names)
  const nominated = names.find(name => name === pod.status?.nominatedNodeName)
  const seen = new Map<string, No | undefined>()
  if (nominated !== undefined) seen.set(nominated, askNode(pod, nominated, world))
  if (nominated !== undefined && seen.get(nominated) === undefined) return found(nominated, names, seen, undefined)
  const rejecting = nominated === undefined ? undefined : seen.get(nominated)?.plugin
  const looked = only === undefined ? walkingOrder(world) : names.filter(name => only.includes(name))
  for (const name of looked) seen.set(name, askNode(pod, name, world))
  const feasible = looked.filter(name => seen.get(name) === undefined)
  if (feasible.length > 1) return scored(pod, feasible, names, seen, world, only !== undefined)
  if (feasible[0] !== undefined) return found(feasible[0], names, seen, undefined)
  const plugins = [...new Set(['NodeAffinity', ...(rejecting === undefined ? [] : [rejecting])])].sort()
  const absent = only === undefined ? undefined : `node(s) didn't satisfy plugin(s) [${plugins.join(' ')}]`
  return failed(pod, names, seen, absent, world)
}

function worldOf({ nodes, pods: all, namespaces, podDisruptionBudgets }: Question): World {
  const pods = all ?? []
  const empty: World = {
    nodes: (nodes ?? []).map(node => ({ node, pods: [], ports: new Set<string>() })),
    nominated: pods.filter(({ spec, status }) => !spec.nodeName && status?.nominatedNodeName),
    namespaces: namespaces ?? [],
    budgets: podDisruptionBudgets ?? [],
  }
  const bound = pods.filter(({ spec, status }) => spec.nodeName && !/^(Succeeded|Failed)$/.test(status?.phase ?? ''))
  return bound.reduce((world, pod) => withPod(world, pod.spec.nodeName ?? '', pod), empty)
}

/** The only nodes that required affinity allows by name; undefined if a term names none. */
function namedNodes({ spec }: Pod): readonly string[] | undefined {
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  const sets = terms.map(namesOfTerm)
  if (sets.length === 0 || sets.includes(undefined)) return undefined
  return [...new Set(sets.flatMap(set => set ?? []))]
}

function namesOfTerm({ matchFields = [] }: NodeSelectorTerm): readonly string[] | undefined {
  const named = matchFields.filter(({ key, operator }) => key === 'metadata.name' && operator === 'In')
  const [first, ...rest] = named.map(({ values = [] }) => values)
  return first?.filter(name => rest.every(values => values.includes(name)))
}

/** One node of each zone in turn. */
function walkingOrder({ nodes }: World): readonly string[] {
  const zones = new Map<string, string[]>()
  for (const { node } of nodes) {
    const label = (name: string): string =>
      labelsOf(node)[`failure-domain.beta.kubernetes.io/${name}`] ??
      labelsOf(node)[`topology.kubernetes.io/${name}`] ??
      ''
    const zone = `${label('region')} ${label('zone')}`
    zones.set(zone, [...(zones.get(zone) ?? []), nameOf(node)])
  }
  const lists = [...zones.values()]
  const longest = Math.max(...lists.map(({ length }) => length))
  return Array.from({ length: longest }, (_, round) => lists.flatMap(list => list[round] ?? [])).flat()
}

function found(
  selectedNode: string,
  names: readonly string[],
  seen: ReadonlyMap<string, No | undefined>,
  scores: ReadonlyMap<string, Scores> | undefined,
  ties = false,
): unknown {
  const nodes = names.map(node => {
    if (!seen.has(node)) return { node, code: 'NotEvaluated' }
    return nodeAnswer(node, seen.get(node), scores?.get(node))
  })
  return { selectedNode, ...(ties && { ties }), nodes }
}

function nodeAnswer(node: string, no: No | undefined, scores?: Scores): unknown {
  if (no !== undefined) return { node, code: no.code, plugin: no.plugin, reasons: [...no.reasons].sort() }
  if (scores === undefined) return { node, code: 'Success' }
  const parts = [...scores].filter(([, part]) => part !== 0n)
  return { node, code: 'Success', score: total(scores), ...(parts.length > 0 && { scores: Object.fromEntries(parts) }) }
}

const total = (scores: Scores): bigint => [...scores.values()].reduce((a, b) => a + b, 0n)

function scored(
  pod: Pod,
  feasible: readonly string[],
  names: readonly string[],
  seen: ReadonlyMap<string, No | undefined>,
  world: World,
  isDrawn: boolean,
): unknown {
  const infos = feasible.map(name => world.nodes.find(({ node }) => nameOf(node) === name) as NodeInfo)
  const list = askScores(pod, infos)
  const scores = new Map(feasible.map((name, index) => [name, list[index] as Scores]))
  const wrong = outOfRange(list)
  if (wrong !== undefined) return { nodes: names.map(node => anyNode(node, seen)), message: wrong }
  const totals = list.map(total)
  const highest = totals.reduce((a, b) => (a > b ? a : b))
  const best = feasible.filter((_, index) => totals[index] === highest)
  const ties = isDrawn && best.length > 1
  const selected = ties ? [...best].sort()[0] : feasible[heapTop(totals)]
  return found(selected ?? '', names, seen, scores, ties)
}

function anyNode(node: string, seen: ReadonlyMap<string, No | undefined>): unknown {
  return seen.has(node) ? nodeAnswer(node, seen.get(node)) : { node, code: 'NotEvaluated' }
}

const WEIGHTS: Readonly<Record<string, bigint>> = { TaintToleration: 3n, NodeAffinity: 2n }

function outOfRange(list: readonly Scores[]): string | undefined {
  for (const scores of list) {
    for (const [plugin, weighted] of scores) {
      const score = weighted / (WEIGHTS[plugin] ?? 1n)
      if (score >= 0n && score <= 100n) continue
      const range = 'it should in the range of [0, 100] after normalizing'
      return `applying score defaultWeights on Score plugins: plugin "${plugin}" returns an invalid score ${score}, ${range}`
    }
  }
  return undefined
}

/** The top of a heap made of the totals: the greater child comes up, the left one where both are equal. */
function heapTop(totals: readonly bigint[]): number {
  const sunk = (heap: readonly number[], at: number): readonly number[] => {
    const children = [2 * at + 1, 2 * at + 2].filter(child => child < heap.length)
    const value = (position: number): bigint => totals[heap[position]!]!
    const child = children.reduce<number | undefined>(
      (best, one) => (best === undefined || value(one) > value(best) ? one : best),
      undefined,
    )
    if (child === undefined || value(child) <= value(at)) return heap
    const swapped = heap.map((one, position) => (position === at ? heap[child]! : position === child ? heap[at]! : one))
    return sunk(swapped, child)
  }
  let heap: readonly number[] = totals.map((_, index) => index)
  for (let at = Math.floor(heap.length / 2) - 1; at >= 0; at--) heap = sunk(heap, at)
  return heap[0] ?? 0
}

/** Terms that contradict each other: no node is looked at, and preemption does not run. */
function conflict(names: readonly string[]): unknown {
  const reason = 'pod affinity terms conflict'
  return {
    nodes: names.map(node => ({ node, code: FINAL, plugin: 'NodeAffinity', reasons: [reason], absent: true })),
    message: `0/${names.length} nodes are available: ${reason}. not found`,
    preemption: { keepsNomination: true, pdbViolations: 0, message: 'not found' },
  }
}

function failed(
  pod: Pod,
  names: readonly string[],
  seen: ReadonlyMap<string, No | undefined>,
  absent: string | undefined,
  world: World,
): unknown {
  const nodes = names.map(node => {
    const no = seen.get(node)
    if (no !== undefined) return nodeAnswer(node, no)
    return { node, code: FINAL, ...(absent !== undefined && { reasons: [absent] }), absent: true }
  })
  const reasons = [...seen.values()].map(no => no?.reasons ?? [])
  const preemption = preempted(pod, names, seen, world)
  const said = preemption.message === undefined ? '' : ` ${preemption.message}`
  return { nodes, message: `${fitError(reasons, names.length, absent)}${said}`, preemption }
}

function fitError(reasons: readonly (readonly string[])[], of: number, absent: string | undefined): string {
  const counts = new Map<string, number>()
  const count = (reason: string, by: number): void => void counts.set(reason, (counts.get(reason) ?? 0) + by)
  for (const reason of reasons.flat()) count(reason, 1)
  if (absent !== undefined && reasons.length < of) count(absent, of - reasons.length)
  const texts = [...counts].map(([reason, times]) => `${times} ${reason}`).sort()
  return `0/${of} nodes are available:${texts.length === 0 ? '' : ` ${texts.join(', ')}.`}`
}

interface Preempted {
  readonly message?: string
  readonly pdbViolations: number
}

function preempted(
  pod: Pod,
  names: readonly string[],
  seen: ReadonlyMap<string, No | undefined>,
  world: World,
): Preempted {
  const obstacle = ineligible(pod, world, name => seen.get(name)?.code as Code | undefined)
  if (obstacle !== undefined)
    return { keepsNomination: true, pdbViolations: 0, message: `${CLAIMS}, preemption: ${obstacle}` } as Preempted
  const runs = walkingOrder(world)
    .filter(name => seen.get(name)?.code === 'Unschedulable')
    .map(name => dryRun(pod, name, world))
  const candidates = runs.filter(({ victims }) => victims.length > 0)
  const listed = runs.toSorted((a, b) => (a.node < b.node ? -1 : 1)).map(runAnswer)
  const shown = listed.length > 0 && { candidates: listed }
  const pointless = runs.find(({ code, victims }) => code === 'Success' && victims.length === 0)
  if (candidates.length === 0 && pointless !== undefined) {
    const message = `preemption: expected at least one victim pod on node "${pointless.node}"`
    return { keepsNomination: true, pdbViolations: 0, message, ...shown } as Preempted
  }
  if (candidates.length === 0) {
    const text = fitError(
      runs.map(({ reasons = [] }) => reasons),
      names.length,
      'Preemption is not helpful for scheduling',
    )
    return { pdbViolations: 0, message: `${CLAIMS}, preemption: ${text}`, ...shown }
  }
  const best = bestOf(candidates)
  const { node, victims, pdbViolations, ties } = best[0] as DryRun
  const leaving = victims.filter(isTerminating)
  return {
    nominatedNode: node,
    victims: podNames(victims),
    ...(leaving.length > 0 && { alreadyTerminating: podNames(leaving) }),
    pdbViolations,
    ...shown,
    ...((ties || best.length > 1) && { ties: true }),
    ...(best.length > 1 && { tiedNodes: best.map(run => run.node) }),
  } as Preempted
}

function runAnswer({ node, code, reasons, victims, pdbViolations, ties }: DryRun): unknown {
  return {
    node,
    code,
    ...(reasons !== undefined && { reasons: [...reasons].sort() }),
    ...(victims.length > 0 && { victims: podNames(victims) }),
    pdbViolations,
    ...(ties && { ties }),
  }
}
