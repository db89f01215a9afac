import type { Pod } from '../api/core.ts'
import { type FilterCode, UNRESOLVABLE, UNSCHEDULABLE } from '../framework/filter-plugin.ts'
import { fitErrorText } from '../framework/fit-error.ts'
import type { PreparedPod } from '../framework/prepared-pod.ts'
import { type ClusterSnapshot, podPriority } from '../snapshot/cluster-snapshot.ts'
import type { NodeIndex } from '../snapshot/indices.ts'
import { DIFFERENCES } from '../versions.ts'
import type { DisruptionBudgets } from './budgets.ts'
import { type Candidate, type ChosenCandidate, chooseCandidate } from './candidates.ts'
import type { DryRun } from './dry-run.ts'
import { selectVictims } from './victims.ts'

/** At least this many candidates are looked at, or a tenth of the nodes if that is more (DefaultPreemptionArgs, kubernetes v1.36.2). */
const MIN_CANDIDATES = 100
const MIN_CANDIDATES_PERCENT = 10

/** The answer of DefaultPreemption's PostFilter. */
export type PreemptionOutcome =
  | {
      readonly kind: 'nominated'
      readonly chosen: ChosenCandidate
      readonly dryRuns: readonly DryRun[]
      readonly message: string
    }
  /** The pod may not preempt now; an existing nomination stays. */
  | { readonly kind: 'not eligible'; readonly message: string }
  /** No node helps; an existing nomination is cleared. */
  | { readonly kind: 'no candidate'; readonly message: string; readonly dryRuns: readonly DryRun[] }
  /** Nobody would have to go and still the pod did not fit; upstream calls that an error and keeps an existing nomination. */
  | { readonly kind: 'error'; readonly message: string; readonly dryRuns: readonly DryRun[] }

/** The verdicts of a cycle that found no node: those of the nodes that were looked at, and the one that all others share. */
export interface FailedNodes {
  readonly codes: ReadonlyMap<number, { readonly code: FilterCode }>
  readonly absent: FilterCode
}

/** Text of a pod whose class or spec says `preemptionPolicy: Never`. */
export const NEVER = 'not eligible due to preemptionPolicy=Never.'
const NOT_ELIGIBLE: PreemptionOutcome = { kind: 'not eligible', message: NEVER }
const NO_RUNS: readonly DryRun[] = []
const NO_VICTIMS: readonly string[] = ['No preemption victims found for incoming pod']
const NO_TEXTS: readonly string[] = []
const TERMINATING = 'not eligible due to a terminating pod on the nominated node.'

/** Is the pod going because the scheduler preempted it? */
export function terminatesByPreemption(pod: Pod): boolean {
  if (pod.metadata.deletionTimestamp === undefined) return false
  const condition = pod.status?.conditions?.find(({ type }) => type === 'DisruptionTarget')
  return condition?.status === 'True' && condition.reason === 'PreemptionByScheduler'
}

/**
 * Preemption for a pod that no node takes: eligibility, a dry run on each node that is merely Unschedulable, and the choice
 * (`Evaluator.Preempt`, kubernetes framework/preemption/preemption.go, v1.36.2).
 * Upstream starts at a random node where more than 100 qualify; here at the first.
 */
export function preempt(
  prepared: PreparedPod,
  snapshot: ClusterSnapshot,
  budgets: DisruptionBudgets,
  failed: FailedNodes,
): PreemptionOutcome {
  const obstacle = notEligible(prepared, snapshot, failed)
  if (obstacle) return { kind: 'not eligible', message: obstacle }
  return outcomeOf(runDry(prepared, snapshot, budgets, potentialNodes(snapshot, failed)), snapshot)
}

/**
 * `preempt` for a pod without a nomination that only one node could ever take: `node` rejected it with `code`, or is not there.
 */
export function preemptOn(
  prepared: PreparedPod,
  snapshot: ClusterSnapshot,
  budgets: DisruptionBudgets,
  node: NodeIndex | undefined,
  code: FilterCode,
): PreemptionOutcome {
  if (prepared.pod.spec.preemptionPolicy === 'Never') return NOT_ELIGIBLE
  const helps = node !== undefined && code === UNSCHEDULABLE
  return outcomeOf(helps ? [selectVictims(prepared, snapshot, budgets, node)] : NO_RUNS, snapshot)
}

function outcomeOf(dryRuns: readonly DryRun[], snapshot: ClusterSnapshot): PreemptionOutcome {
  const candidates: Candidate[] = []
  let pointless: Candidate | undefined
  for (const run of dryRuns) {
    if (run.kind !== 'victims') continue
    if (run.victims.length > 0) candidates.push(run)
    else pointless ??= run
  }
  const chosen = chooseCandidate(candidates, snapshot)
  if (!chosen && pointless) {
    return {
      kind: 'error',
      message: `expected at least one victim pod on node "${snapshot.nodeName(pointless.node)}"`,
      dryRuns,
    }
  }
  if (!chosen) return { kind: 'no candidate', message: noCandidateText(dryRuns, snapshot.nodeCount), dryRuns }
  const victims = chosen.candidate.victims.length
  const message = DIFFERENCES[snapshot.version].preemptionSentence
    ? `found a potential placement for pod on node ${snapshot.nodeName(chosen.candidate.node)}, preempting ${victims} victims`
    : ''
  return { kind: 'nominated', chosen, dryRuns, message }
}

/** Nodes that could take the pod if pods went, in the scheduler's order (`NodesForStatusCode`, kubernetes pkg/scheduler/framework/types.go, v1.36.2). */
function potentialNodes(snapshot: ClusterSnapshot, { codes, absent }: FailedNodes): readonly NodeIndex[] {
  if (absent === UNSCHEDULABLE) {
    return snapshot.order.filter(node => (codes.get(node)?.code ?? absent) === UNSCHEDULABLE) as NodeIndex[]
  }
  const nodes: NodeIndex[] = []
  for (const [node, { code }] of codes) if (code === UNSCHEDULABLE) nodes.push(node as NodeIndex)
  return nodes.length < 2 ? nodes : nodes.sort((a, b) => snapshot.rank[a]! - snapshot.rank[b]!)
}

/** Why the pod may not preempt now, in the scheduler's words; absent if it may (`PodEligibleToPreemptOthers`, plugins/defaultpreemption, v1.36.2). */
function notEligible(
  { pod, priority }: PreparedPod,
  snapshot: ClusterSnapshot,
  { codes, absent }: FailedNodes,
): string | undefined {
  if (pod.spec.preemptionPolicy === 'Never') return NEVER
  const nominated = pod.status?.nominatedNodeName
  const node = nominated ? snapshot.nodeIndex(nominated) : undefined
  if (node === undefined || (codes.get(node)?.code ?? absent) === UNRESOLVABLE) return undefined
  const waits = snapshot.podsOn(node).some(index => {
    const victim = snapshot.pod(index)
    return podPriority(victim) < priority && terminatesByPreemption(victim)
  })
  return waits ? TERMINATING : undefined
}

function runDry(
  prepared: PreparedPod,
  snapshot: ClusterSnapshot,
  budgets: DisruptionBudgets,
  nodes: readonly NodeIndex[],
): readonly DryRun[] {
  const enough = Math.min(
    nodes.length,
    Math.max(MIN_CANDIDATES, Math.trunc((nodes.length * MIN_CANDIDATES_PERCENT) / 100)),
  )
  const runs: DryRun[] = []
  let candidates = 0
  let harmless = false
  for (const node of nodes) {
    const run = selectVictims(prepared, snapshot, budgets, node)
    runs.push(run)
    if (run.kind !== 'victims' || run.victims.length === 0) continue
    candidates++
    harmless ||= run.pdbViolations === 0
    if (harmless && candidates >= enough) break
  }
  return runs
}

function noCandidateText(dryRuns: readonly DryRun[], total: number): string {
  const explicit = dryRuns.map(noCandidateReasons)
  return fitErrorText({ explicit, total, absent: 'Preemption is not helpful for scheduling' })
}

function noCandidateReasons(run: DryRun): readonly string[] {
  switch (run.kind) {
    case 'no victims':
      return NO_VICTIMS
    case 'does not fit':
      return run.texts
    case 'victims':
      return NO_TEXTS
  }
}
