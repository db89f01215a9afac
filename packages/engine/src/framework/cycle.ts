import type { Pod } from '../api/core.ts'
import { DisruptionBudgets } from '../preemption/budgets.ts'
import { type PreemptionOutcome, preempt } from '../preemption/preempt.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { DIFFERENCES } from '../versions.ts'
import { FITS, type FilterCode, UNRESOLVABLE, UNSCHEDULABLE } from './filter-plugin.ts'
import { fitErrorText, postFilterText } from './fit-error.ts'
import { filterWithNominated, rejectionWithNominated } from './nominated.ts'
import { byCodeUnit, type PreparedPod, preparePod, type Rejection } from './prepared-pod.ts'
import { type NodeScore, scoreNodes } from './score.ts'

/** What a cycle found on a node that it looked at. */
export interface NodeVerdict {
  readonly code: FilterCode
  /** The filter that rejects and its reasons as text; absent if the node fits. */
  readonly rejection?: Rejection
}

/** The record of one scheduling cycle. */
export interface Cycle {
  readonly prepared: PreparedPod
  readonly selectedNode?: number
  /** Nodes of equal total among which upstream draws; the selected one is the first of them by name. */
  readonly ties: boolean
  /** By position: nodes that were filtered. */
  readonly filtered: ReadonlyMap<number, NodeVerdict>
  /** Status of all nodes that were not; absent if the cycle succeeded. */
  readonly absent?: {
    readonly code: 'Unschedulable' | 'UnschedulableAndUnresolvable'
    readonly plugin: string
    readonly reason: string
  }
  readonly scores: ReadonlyMap<number, NodeScore>
  /** The FailedScheduling text before the event cuts it; absent on success. */
  readonly message?: string
  /** What the PostFilter phase answered; absent where it did not run. `not run` is a phase that ended in an error before preemption. */
  readonly preemption?: PreemptionOutcome | { readonly kind: 'not run'; readonly message: string }
  /** The PostFilter phase's own text. */
  readonly postFilterMessage: string
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
  return new SchedulingCycle(preparePod(pod, snapshot), snapshot, budgets, start).run()
}

class SchedulingCycle {
  private readonly filtered = new Map<number, NodeVerdict>()
  private readonly rejecting = new Set<string>()

  private readonly prepared: PreparedPod
  private readonly snapshot: ClusterSnapshot
  private readonly budgets: DisruptionBudgets
  private readonly start: number

  constructor(prepared: PreparedPod, snapshot: ClusterSnapshot, budgets: DisruptionBudgets, start: number) {
    this.prepared = prepared
    this.snapshot = snapshot
    this.budgets = budgets
    this.start = start
  }

  run(): Cycle {
    const { prepared, snapshot } = this
    if (snapshot.nodeCount === 0) return this.failed('no nodes available to schedule pods')
    if (prepared.rejection) return this.rejected(prepared.rejection)
    for (const plugin of prepared.nodePlugins) this.rejecting.add(plugin)
    const nominated = prepared.pod.status?.nominatedNodeName
    const nominatedNode = nominated ? snapshot.nodeIndex(nominated) : undefined
    if (nominatedNode !== undefined && this.look(nominatedNode)) return this.succeeded([nominatedNode])
    const reason = `node(s) didn't satisfy plugin(s) [${[...this.rejecting].sort(byCodeUnit).join(' ')}]`
    const feasible = this.search()
    if (feasible.length > 0) return this.succeeded(feasible)
    return this.unschedulable(prepared.nodeNames ? reason : undefined)
  }

  /** Filters a node and notes the verdict; true if it fits. */
  private look(node: number): boolean {
    const code = filterWithNominated(this.prepared, this.snapshot, node)
    if (code === FITS) {
      this.filtered.set(node, { code })
      return true
    }
    const rejection = rejectionWithNominated(this.prepared, this.snapshot, node)
    this.filtered.set(node, { code, ...(rejection && { rejection }) })
    if (rejection) this.rejecting.add(rejection.plugin)
    return false
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
    return feasible
  }

  private succeeded(feasible: readonly number[]): Cycle {
    const { prepared, snapshot, filtered } = this
    const [only] = feasible
    const base = { prepared, filtered, ties: false, postFilterMessage: '' }
    if (only !== undefined && feasible.length === 1) return { ...base, selectedNode: only, scores: NO_SCORES }
    const scored = scoreNodes(prepared.pod, snapshot, feasible)
    if (scored.kind === 'error') return this.failed(scored.message)
    const drawn = prepared.nodeNames !== undefined || DIFFERENCES[snapshot.version].equalTotals === 'random'
    const best = scored.best
    const ties = drawn && best.length > 1
    const selectedNode = ties
      ? [...best].sort((a, b) => byCodeUnit(snapshot.nodeName(a), snapshot.nodeName(b)))[0]!
      : scored.selected
    return { ...base, selectedNode, ties, scores: scored.scores }
  }

  /** A failure that is no verdict on nodes: preemption does not run. */
  private failed(message: string): Cycle {
    return {
      prepared: this.prepared,
      filtered: this.filtered,
      ties: false,
      scores: NO_SCORES,
      message,
      postFilterMessage: '',
    }
  }

  private rejected({ code, message, plugin }: NonNullable<PreparedPod['rejection']>): Cycle {
    if (code === 'Error') return this.failed(message)
    const absent = { code, plugin, reason: message }
    if (code === 'Unschedulable') return this.preempting(absent, message)
    // DynamicResources has no state to read then, and its error ends the phase before preemption.
    return {
      ...this.failed(
        fitErrorText({ explicit: [], total: this.snapshot.nodeCount, absent: undefined }, message, 'not found'),
      ),
      absent,
      preemption: { kind: 'not run', message: 'not found' },
      postFilterMessage: 'not found',
    }
  }

  private unschedulable(reason: string | undefined): Cycle {
    return this.preempting({ code: 'UnschedulableAndUnresolvable', plugin: '', reason: reason ?? '' }, undefined)
  }

  private preempting(absent: NonNullable<Cycle['absent']>, preFilterMessage: string | undefined): Cycle {
    const { prepared, snapshot, budgets, filtered } = this
    const absentCode = absent.code === 'Unschedulable' ? UNSCHEDULABLE : UNRESOLVABLE
    const preemption = preempt(prepared, snapshot, budgets, { codes: filtered, absent: absentCode })
    const differences = DIFFERENCES[snapshot.version]
    const postFilterMessage =
      preemption.kind === 'nominated'
        ? preemption.message && `preemption: ${preemption.message}`
        : preemption.kind === 'error'
          ? `preemption: ${preemption.message}`
          : postFilterText(preemption.message, differences)
    const explicit = [...filtered.values()].map(({ rejection }) => rejection?.texts ?? [])
    const message = fitErrorText(
      { explicit, total: snapshot.nodeCount, absent: absent.reason || undefined },
      preFilterMessage,
      postFilterMessage,
    )
    return { prepared, filtered, absent, ties: false, scores: NO_SCORES, message, preemption, postFilterMessage }
  }
}

const NO_SCORES: ReadonlyMap<number, NodeScore> = new Map()

function existing(names: ReadonlySet<string>, snapshot: ClusterSnapshot): readonly number[] {
  const nodes: number[] = []
  for (const name of names) {
    const node = snapshot.nodeIndex(name)
    if (node !== undefined) nodes.push(node)
  }
  return nodes
}
