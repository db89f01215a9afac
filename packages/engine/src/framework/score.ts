import type { Pod } from '../api/core.ts'
import { imageLocality } from '../plugins/image-locality.ts'
import { nodeAffinityScore } from '../plugins/node-affinity-score.ts'
import { balancedAllocation, leastAllocated } from '../plugins/node-resources-score.ts'
import { taintTolerationScore } from '../plugins/taint-toleration-score.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { MAX_NODE_SCORE, type ScorePlugin } from './score-plugin.ts'

/** Weighted scores of a node: the sum, and each plugin's part. */
export interface NodeScore {
  readonly total: bigint
  readonly byPlugin: ReadonlyMap<string, bigint>
}

export type ScoredNodes =
  | {
      readonly kind: 'scored'
      readonly scores: ReadonlyMap<number, NodeScore>
      /** The node that the scheduler takes (1.35 and later). */
      readonly selected: number
      /** All nodes of the highest total. */
      readonly best: readonly number[]
    }
  /** A plugin's score left 0…100: the cycle fails with this text. */
  | { readonly kind: 'error'; readonly message: string }

/** Score plugins of the default profile, in their order. Those of topology spread and pod affinity skip a pod that has none. */
const SCORES: readonly ScorePlugin[] = [
  taintTolerationScore,
  nodeAffinityScore,
  leastAllocated,
  balancedAllocation,
  imageLocality,
]

/**
 * Scores at least two feasible nodes and chooses (`prioritizeNodes` and `newSortedNodeScores`, kubernetes
 * pkg/scheduler/schedule_one.go, v1.36.2). Costs plugins × nodes.
 */
export function scoreNodes(pod: Pod, snapshot: ClusterSnapshot, feasible: readonly number[]): ScoredNodes {
  const parts: { readonly plugin: ScorePlugin; readonly scores: readonly bigint[] }[] = []
  for (const plugin of SCORES) {
    const prepared = plugin.prepare(pod, snapshot, feasible)
    if (!prepared) continue
    const scores = feasible.map(node => prepared.score(node))
    prepared.normalize?.(scores)
    parts.push({ plugin, scores })
  }
  const scores = new Map<number, NodeScore>()
  for (const [index, node] of feasible.entries()) {
    const byPlugin = new Map<string, bigint>()
    let total = 0n
    for (const { plugin, scores: list } of parts) {
      const score = list[index]!
      if (score > MAX_NODE_SCORE || score < 0n) return { kind: 'error', message: outOfRange(plugin.name, score) }
      byPlugin.set(plugin.name, score * plugin.weight)
      total += score * plugin.weight
    }
    scores.set(node, { total, byPlugin })
  }
  const totals = feasible.map(node => scores.get(node)!.total)
  const highest = totals.reduce((a, b) => (a > b ? a : b))
  return {
    kind: 'scored',
    scores,
    selected: heapTop(feasible, totals),
    best: feasible.filter((_, index) => totals[index] === highest),
  }
}

function outOfRange(plugin: string, score: bigint): string {
  const range = `it should in the range of [0, ${MAX_NODE_SCORE}] after normalizing`
  return `applying score defaultWeights on Score plugins: plugin "${plugin}" returns an invalid score ${score}, ${range}`
}

/** What Go's `heap.Init` leaves at the top: among equal totals not always the first node. */
function heapTop(nodes: readonly number[], totals: readonly bigint[]): number {
  const heap = nodes.map((_, index) => index)
  const before = (a: number, b: number) => totals[heap[a]!]! > totals[heap[b]!]!
  for (let start = Math.trunc(heap.length / 2) - 1; start >= 0; start--) {
    let at = start
    for (;;) {
      const left = 2 * at + 1
      if (left >= heap.length) break
      const right = left + 1
      const child = right < heap.length && before(right, left) ? right : left
      if (!before(child, at)) break
      const kept = heap[at]!
      heap[at] = heap[child]!
      heap[child] = kept
      at = child
    }
  }
  return nodes[heap[0]!]!
}
