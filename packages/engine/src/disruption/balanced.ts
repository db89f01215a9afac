import type { NodePool } from '../api/karpenter.ts'

// The consolidation policy Balanced: a move must save at least half as large a share of its NodePool's cost as it takes of the
// NodePool's disruption (sigs.k8s.io/karpenter `pkg/controllers/disruption/balanced.go`, v1.14.1).

/** One over this is the least score that passes. */
const BALANCED_K = 2

/** What all nodes of a NodePool cost: USD per hour, and in disruption. */
export interface NodePoolTotals {
  readonly cost: number
  readonly disruptionCost: number
}

/** What a score needs to know of a candidate. */
export interface ScoredCandidate {
  readonly nodePool: NodePool
  /** USD per hour; undefined where no offering tells it, which counts 0. */
  readonly price: number | undefined
  readonly disruptionCost: number
}

/** A move's share of the savings and of the disruption, and whether the first is worth the second. */
export interface MoveScore {
  readonly savingsFraction: number
  readonly disruptionFraction: number
  /** Infinity where nothing is disrupted; 0 where nothing is saved. */
  readonly score: number
  readonly approved: boolean
}

export function isBalanced({ spec }: NodePool): boolean {
  return spec?.disruption?.consolidationPolicy === 'Balanced'
}

/** Scores one NodePool's part of a move; totals of 0 give score 0 (`ScoreMove`). */
export function scoreMove(savings: number, disruptionCost: number, totals: NodePoolTotals): MoveScore {
  if (totals.cost <= 0 || totals.disruptionCost <= 0) return scored(0, 0)
  return scored(savings / totals.cost, disruptionCost / totals.disruptionCost)
}

function scored(savingsFraction: number, disruptionFraction: number): MoveScore {
  const score =
    savingsFraction <= 0
      ? 0
      : disruptionFraction === 0
        ? Number.POSITIVE_INFINITY
        : savingsFraction / disruptionFraction
  return { savingsFraction, disruptionFraction, score, approved: score >= 1 / BALANCED_K }
}

/** A NodePool's score in a move. */
export interface PoolScore extends MoveScore {
  readonly nodePool: string
}

/**
 * Scores a move for each Balanced NodePool that it takes nodes of; it passes when all approve. `savings` of a move over several
 * NodePools are split by what their nodes cost (`EvaluateBalancedMove`).
 */
export function scoreBalancedMove(
  candidates: readonly ScoredCandidate[],
  savings: number,
  totals: ReadonlyMap<string, NodePoolTotals>,
): { readonly approved: boolean; readonly scores: readonly PoolScore[] } {
  const byPool = new Map<string, ScoredCandidate[]>()
  for (const candidate of candidates) {
    const name = candidate.nodePool.metadata.name ?? ''
    const list = byPool.get(name)
    if (list) list.push(candidate)
    else byPool.set(name, [candidate])
  }
  const totalPrice = sumPrices(candidates)
  const scores: PoolScore[] = []
  for (const [nodePool, members] of byPool) {
    if (members[0] === undefined || !isBalanced(members[0].nodePool)) continue
    const share = totalPrice > 0 && byPool.size > 1 ? savings * (sumPrices(members) / totalPrice) : savings
    const disruptionCost = members.reduce((sum, candidate) => sum + candidate.disruptionCost, 0)
    scores.push({ nodePool, ...scoreMove(share, disruptionCost, totals.get(nodePool) ?? NOTHING) })
  }
  return { approved: scores.every(({ approved }) => approved), scores }
}

const NOTHING: NodePoolTotals = { cost: 0, disruptionCost: 0 }

/** Whether deleting a node without replacement, the most that can be saved by it, would pass (`CanPassThreshold`). */
export function canPassThreshold(
  { nodePool, price, disruptionCost }: ScoredCandidate,
  totals: ReadonlyMap<string, NodePoolTotals>,
): boolean {
  if (!isBalanced(nodePool)) return true
  const total = totals.get(nodePool.metadata.name ?? '')
  return total === undefined || total.cost <= 0 || scoreMove(price ?? 0, disruptionCost, total).approved
}

/** What nodes cost together, USD per hour; added in their order, as doubles. */
export function sumPrices(candidates: readonly { readonly price: number | undefined }[]): number {
  return candidates.reduce((sum, { price }) => sum + (price ?? 0), 0)
}
