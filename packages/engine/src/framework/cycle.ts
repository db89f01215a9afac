import type { Pod } from '../api/core.ts'
import { DisruptionBudgets } from '../preemption/budgets.ts'
import { type PreemptionOutcome, preempt } from '../preemption/preempt.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { DIFFERENCES } from '../versions.ts'
import { postFilterOf } from './cycle-texts.ts'
import { FITS, type FilterCode, UNRESOLVABLE, UNSCHEDULABLE } from './filter-plugin.ts'
import { fitErrorText } from './fit-error.ts'
import { filterWithNominated, rejectionWithNominated } from './nominated.ts'
import { schedulePinned } from './pinned-cycle.ts'
import { PinnedPod } from './pinned-pod.ts'
import { byCodeUnit, type PreparedPod, preparePod, type Rejection } from './prepared-pod.ts'
import { type NodeScore, type ScoredNodes, scoreNodes } from './score.ts'

/** What a cycle found on a node that it looked at. */
export interface NodeVerdict {
  readonly code: FilterCode
  /** The filter that rejects and its reasons as text; absent if the node fits. */
  readonly rejection: Rejection | undefined
}

/** The record of one scheduling cycle. */
export interface Cycle {
  readonly prepared: PreparedPod
  readonly selectedNode: number | undefined
  /** Nodes of equal total among which upstream draws; the selected one is the first of them by name. */
  readonly ties: boolean
  /** By position: nodes that were filtered. */
  readonly filtered: ReadonlyMap<number, NodeVerdict>
  /** Status of all nodes that were not; absent if the cycle succeeded. */
  readonly absent:
    | {
        readonly code: 'Unschedulable' | 'UnschedulableAndUnresolvable'
        readonly plugin: string
        readonly reason: string
      }
    | undefined
  /** All nodes of the highest total; empty where nothing was scored. */
  readonly best: readonly number[]
  /** Score plugins that could not tell, as a list is unknown: without them the choice is not certain. */
  readonly unknownScores: readonly string[]
  /** By node that was scored; made for each call. */
  readonly scores: ReadonlyMap<number, NodeScore>
  /** The FailedScheduling text before the event cuts it; absent on success. */
  readonly message: string | undefined
  /** What the PostFilter phase answered; absent where it did not run. `not run` is a phase that ended in an error before preemption. */
  readonly preemption: PreemptionOutcome | { readonly kind: 'not run'; readonly message: string } | undefined
  /** The PostFilter phase's own text. */
  readonly postFilterMessage: string
  /** Position in the node order at which the next cycle starts (`nextStartNodeIndex`). */
  readonly nextStart: number
}

/** The plugins whose events may let the pod fit; empty after an error (`Diagnosis.UnschedulablePlugins`, kubernetes pkg/scheduler/framework/types.go, v1.36.2). */
export function rejectingPlugins({ prepared, filtered, preemption }: Cycle): ReadonlySet<string> {
  const plugins = new Set<string>()
  // An error, not a verdict: preemption was not even thought of.
  if (!preemption) return plugins
  const { rejection, nodePlugins, nodeNames } = prepared
  if (rejection?.plugin) plugins.add(rejection.plugin)
  if (rejection?.code !== 'UnschedulableAndUnresolvable' || nodeNames?.size === 0)
    for (const plugin of nodePlugins) plugins.add(plugin)
  for (const verdict of filtered.values()) if (verdict.rejection) plugins.add(verdict.rejection.plugin)
  return plugins
}

/** Share of nodes to look at in a cluster of 100 and more, in percent: between these, falling by 1 per 125 nodes (schedule_one.go, v1.36.2). */
const MIN_PERCENT = 5
const START_PERCENT = 50
const MIN_FEASIBLE = 100

/** How many feasible nodes end the search (`numFeasibleNodesToFind`, kubernetes pkg/scheduler/schedule_one.go, v1.36.2). */
export function feasibleNodesToFind(nodes: number): number {
  if (nodes < MIN_FEASIBLE) return nodes
  const percent = Math.max(MIN_PERCENT, START_PERCENT - Math.trunc(nodes / 125))
  return Math.max(MIN_FEASIBLE, Math.trunc((nodes * percent) / 100))
}

/**
 * One scheduling cycle for a pod, without effect on the snapshot: the node that kube-scheduler would choose, or its whole
 * FailedScheduling text and what it would preempt (`schedulePod` and `schedulingAlgorithm`, kubernetes pkg/scheduler/schedule_one.go,
 * v1.36.2). `start` is the position in the node order at which the search starts.
 */
export function scheduleOne(
  pod: Pod,
  snapshot: ClusterSnapshot,
  budgets = new DisruptionBudgets(snapshot.podDisruptionBudgets),
  start = 0,
): Cycle {
  const prepared = preparePod(pod, snapshot)
  if (prepared instanceof PinnedPod && !pod.status?.nominatedNodeName && snapshot.nodeCount > 0)
    return schedulePinned(prepared, snapshot, budgets, start)
  return new SchedulingCycle(prepared, snapshot, budgets, start).run()
}

class SchedulingCycle {
  private readonly filtered = new Map<number, NodeVerdict>()
  private readonly prepared: PreparedPod
  private readonly snapshot: ClusterSnapshot
  private readonly budgets: DisruptionBudgets
  private readonly start: number
  private nextStart: number

  constructor(prepared: PreparedPod, snapshot: ClusterSnapshot, budgets: DisruptionBudgets, start: number) {
    this.prepared = prepared
    this.snapshot = snapshot
    this.budgets = budgets
    this.start = start
    this.nextStart = start
  }

  run(): Cycle {
    const { prepared, snapshot } = this
    if (snapshot.nodeCount === 0) return this.failed('no nodes available to schedule pods')
    if (prepared.rejection) return this.rejected(prepared.rejection)
    const nominated = prepared.pod.status?.nominatedNodeName
    const nominatedNode = nominated ? snapshot.nodeIndex(nominated) : undefined
    if (nominatedNode !== undefined && this.look(nominatedNode)) return this.chosen(nominatedNode)
    const reason = prepared.nodeNames && this.absentReason(nominatedNode)
    const feasible = this.search()
    if (feasible.length === 1) return this.chosen(feasible[0]!)
    if (feasible.length > 1) return this.scored(feasible)
    return this.preempting({ code: 'UnschedulableAndUnresolvable', plugin: '', reason: reason ?? '' }, undefined)
  }

  /** Filters a node and notes the verdict; true if it fits. */
  private look(node: number): boolean {
    const code = filterWithNominated(this.prepared, this.snapshot, node)
    if (code === FITS) {
      this.filtered.set(node, FITTING)
      return true
    }
    const rejection = rejectionWithNominated(this.prepared, this.snapshot, node)
    this.filtered.set(node, { code, rejection })
    return false
  }

  /** Who keeps the pod off the nodes that are not looked at: also the plugin that rejected it on its nominated node. */
  private absentReason(nominatedNode: number | undefined): string {
    const { nodePlugins } = this.prepared
    const rejecting = nominatedNode === undefined ? undefined : this.filtered.get(nominatedNode)?.rejection?.plugin
    const plugins = rejecting === undefined ? nodePlugins : [...new Set([...nodePlugins, rejecting])]
    const list = plugins.length < 2 ? plugins[0] : [...plugins].sort(byCodeUnit).join(' ')
    return `node(s) didn't satisfy plugin(s) [${list}]`
  }

  private search(): readonly number[] {
    const { nodeNames } = this.prepared
    const { snapshot } = this
    const nodes = nodeNames ? existing(nodeNames, snapshot) : snapshot.order
    const enough = feasibleNodesToFind(nodes.length)
    const feasible: number[] = []
    for (let step = 0; step < nodes.length; step++) {
      const node = nodes[(this.start + step) % nodes.length]!
      if (!this.look(node)) continue
      if (feasible.length === enough) break
      feasible.push(node)
    }
    let rejected = 0
    for (const { code } of this.filtered.values()) if (code !== FITS) rejected++
    this.nextStart = (this.start + feasible.length + rejected) % snapshot.nodeCount
    return feasible
  }

  private chosen(selectedNode: number): Cycle {
    return this.record({ selectedNode })
  }

  private scored(feasible: readonly number[]): Cycle {
    const { prepared, snapshot } = this
    const scored = scoreNodes(prepared.pod, snapshot, feasible)
    if (scored.kind === 'error') return this.failed(scored.message)
    const drawn = prepared.nodeNames !== undefined || DIFFERENCES[snapshot.version].equalTotals === 'random'
    const ties = drawn && scored.best.length > 1
    const byName = (a: number, b: number) => byCodeUnit(snapshot.nodeName(a), snapshot.nodeName(b))
    const selectedNode = ties ? [...scored.best].sort(byName)[0]! : scored.selected
    return this.record({ selectedNode, ties, scored })
  }

  /** A failure that is no verdict on nodes: preemption does not run. */
  private failed(message: string): Cycle {
    return this.record({ message })
  }

  private rejected({ code, message, plugin }: NonNullable<PreparedPod['rejection']>): Cycle {
    if (code === 'Error') return this.failed(message)
    const absent = { code, plugin, reason: message }
    if (code === 'Unschedulable') return this.preempting(absent, message)
    // DynamicResources has no state to read then, and its error ends the phase before preemption.
    const text = fitErrorText(
      { explicit: [], total: this.snapshot.nodeCount, absent: undefined },
      message,
      NO_CLAIMS_STATE,
    )
    const preemption = { kind: 'not run', message: NO_CLAIMS_STATE } as const
    return this.record({ message: text, absent, preemption, postFilterMessage: NO_CLAIMS_STATE })
  }

  private preempting(absent: NonNullable<Cycle['absent']>, preFilterMessage: string | undefined): Cycle {
    const { prepared, snapshot, budgets, filtered } = this
    const absentCode = absent.code === 'Unschedulable' ? UNSCHEDULABLE : UNRESOLVABLE
    const preemption = preempt(prepared, snapshot, budgets, { codes: filtered, absent: absentCode })
    const postFilterMessage = postFilterOf(preemption, snapshot)
    const explicit: (readonly string[])[] = []
    for (const { rejection } of filtered.values()) explicit.push(rejection?.texts ?? [])
    const nodes = { explicit, total: snapshot.nodeCount, absent: absent.reason || undefined }
    const message = fitErrorText(nodes, preFilterMessage, postFilterMessage)
    return this.record({ message, absent, preemption, postFilterMessage })
  }

  private record(found: Found): Cycle {
    return new CycleRecord(this.prepared, this.filtered, this.nextStart, found)
  }
}

type Found = Partial<Omit<Cycle, 'prepared' | 'filtered' | 'nextStart' | 'best' | 'scores' | 'unknownScores'>> & {
  readonly scored?: Extract<ScoredNodes, { kind: 'scored' }>
}

class CycleRecord implements Cycle {
  readonly prepared: PreparedPod
  readonly selectedNode: number | undefined
  readonly ties: boolean
  readonly filtered: ReadonlyMap<number, NodeVerdict>
  readonly absent: Cycle['absent']
  readonly message: string | undefined
  readonly preemption: Cycle['preemption']
  readonly postFilterMessage: string
  readonly nextStart: number
  private readonly scored: Found['scored']

  constructor(
    prepared: PreparedPod,
    filtered: ReadonlyMap<number, NodeVerdict>,
    nextStart: number,
    { selectedNode, ties, absent, message, preemption, postFilterMessage, scored }: Found,
  ) {
    this.prepared = prepared
    this.selectedNode = selectedNode
    this.ties = ties ?? false
    this.filtered = filtered
    this.absent = absent
    this.message = message
    this.preemption = preemption
    this.postFilterMessage = postFilterMessage ?? ''
    this.nextStart = nextStart
    this.scored = scored
  }

  get best(): readonly number[] {
    return this.scored?.best ?? NO_NODES
  }

  get unknownScores(): readonly string[] {
    return this.scored?.unknown ?? NO_NAMES
  }

  get scores(): ReadonlyMap<number, NodeScore> {
    return this.scored?.scores() ?? NO_SCORES
  }
}

const FITTING: NodeVerdict = { code: FITS, rejection: undefined }
const NO_CLAIMS_STATE = 'not found'
const NO_NODES: readonly number[] = []
const NO_NAMES: readonly string[] = []
const NO_SCORES: ReadonlyMap<number, NodeScore> = new Map()

function existing(names: ReadonlySet<string>, snapshot: ClusterSnapshot): readonly number[] {
  const nodes: number[] = []
  for (const name of names) {
    const node = snapshot.nodeIndex(name)
    if (node !== undefined) nodes.push(node)
  }
  return nodes
}
