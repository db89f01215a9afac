import type { Pod } from '../api/core.ts'
import { imageLocality } from '../plugins/image-locality.ts'
import { interPodAffinityScore } from '../plugins/inter-pod-affinity-score.ts'
import { nodeAffinityScore } from '../plugins/node-affinity-score.ts'
import { balancedAllocation, leastAllocated } from '../plugins/node-resources-score.ts'
import { podTopologySpreadScore } from '../plugins/pod-topology-spread-score.ts'
import { taintTolerationScore } from '../plugins/taint-toleration-score.ts'
import { volumeBindingScore } from '../plugins/volume-binding-score.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { MAX_NODE_SCORE, type PreparedScore, type ScorePlugin } from './score-plugin.ts'

/** Weighted scores of a node: the sum, and each plugin's part. */
export interface NodeScore {
  readonly total: bigint
  readonly byPlugin: ReadonlyMap<string, bigint>
}

export type ScoredNodes =
  | {
      readonly kind: 'scored'
      /** The node that the scheduler takes (1.35 and later). */
      readonly selected: number
      /** All nodes of the highest total. */
      readonly best: readonly number[]
      /** Score plugins that can't tell, as a list that they read is unknown. They count as skipped. */
      readonly unknown: readonly string[]
      /** Every node's score by plugin; made for each call. */
      scores(): ReadonlyMap<number, NodeScore>
    }
  /** A plugin's score left 0…100, or PreScore failed: the cycle ends with this text. */
  | { readonly kind: 'error'; readonly message: string }

/** Score plugins of the default profile, in their order (kubernetes pkg/scheduler/apis/config/v1/default_plugins.go, v1.36.2). */
const SCORES: readonly ScorePlugin[] = [
  taintTolerationScore,
  nodeAffinityScore,
  leastAllocated,
  volumeBindingScore,
  podTopologySpreadScore,
  interPodAffinityScore,
  balancedAllocation,
  imageLocality,
]

interface Part {
  readonly plugin: ScorePlugin
  readonly prepared: PreparedScore
  readonly scores: Float64Array
}

/**
 * Scores at least two feasible nodes and chooses (`prioritizeNodes` and `newSortedNodeScores`, kubernetes
 * pkg/scheduler/schedule_one.go, v1.36.2). Costs plugins × nodes.
 */
export function scoreNodes(pod: Pod, snapshot: ClusterSnapshot, feasible: readonly number[]): ScoredNodes {
  const parts: Part[] = []
  const unknown: string[] = []
  for (const plugin of SCORES) {
    const prepared = plugin.prepare(pod, snapshot, feasible)
    if (!prepared) continue
    if (!('kind' in prepared)) parts.push({ plugin, prepared, scores: new Float64Array(feasible.length) })
    else if (prepared.kind === 'unknown') unknown.push(plugin.name)
    else return { kind: 'error', message: `running PreScore plugin "${plugin.name}": ${prepared.message}` }
  }
  for (const { prepared, scores } of parts) {
    prepared.score(feasible, scores)
    prepared.normalize?.(scores)
  }
  const totals = new Float64Array(feasible.length)
  for (const { plugin, scores } of parts) {
    const { weight } = plugin
    for (let index = 0; index < totals.length; index++) {
      const score = scores[index]!
      if (!(score >= 0 && score <= MAX_NODE_SCORE)) return { kind: 'error', message: firstOutOfRange(feasible, parts) }
      totals[index]! += score * weight
    }
  }
  let highest = 0
  for (const total of totals) if (total > highest) highest = total
  return {
    kind: 'scored',
    selected: feasible[heapTop(totals)]!,
    best: feasible.filter((_, index) => totals[index] === highest),
    unknown,
    scores: () => spelledOut(feasible, parts, totals),
  }
}

function spelledOut(
  feasible: readonly number[],
  parts: readonly Part[],
  totals: Float64Array,
): ReadonlyMap<number, NodeScore> {
  const part = ({ plugin, scores }: Part, index: number) =>
    [plugin.name, BigInt(scores[index]! * plugin.weight)] as const
  return new Map(
    feasible.map((node, index) => {
      const byPlugin = new Map(parts.map(one => part(one, index)))
      return [node, { total: BigInt(totals[index]!), byPlugin }]
    }),
  )
}

/** Node by node, as upstream looks for it. */
function firstOutOfRange(feasible: readonly number[], parts: readonly Part[]): string {
  for (const [index, node] of feasible.entries()) {
    for (const { plugin, prepared, scores } of parts) {
      const score = scores[index]!
      if (score >= 0 && score <= MAX_NODE_SCORE) continue
      const exact = prepared.exact?.(node) ?? BigInt(score)
      const range = `it should in the range of [0, ${MAX_NODE_SCORE}] after normalizing`
      return `applying score defaultWeights on Score plugins: plugin "${plugin.name}" returns an invalid score ${exact}, ${range}`
    }
  }
  return ''
}

/** The position that Go's `heap.Init` leaves at the top: among equal totals not always the first. */
function heapTop(totals: Float64Array): number {
  const heap = new Int32Array(totals.length)
  for (let index = 0; index < heap.length; index++) heap[index] = index
  for (let start = Math.trunc(heap.length / 2) - 1; start >= 0; start--) {
    let at = start
    for (;;) {
      const left = 2 * at + 1
      if (left >= heap.length) break
      const right = left + 1
      const child = right < heap.length && totals[heap[right]!]! > totals[heap[left]!]! ? right : left
      if (!(totals[heap[child]!]! > totals[heap[at]!]!)) break
      const kept = heap[at]!
      heap[at] = heap[child]!
      heap[child] = kept
      at = child
    }
  }
  return heap[0]!
}
