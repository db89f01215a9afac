import type { Pod } from '../api/core.ts'
import type { StringMap } from '../api/meta.ts'
import { MAX_NODE_SCORE, type PreparedScore, type ScorePlugin } from '../framework/score-plugin.ts'
import { goLog, goRound } from '../go-math.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { defaultConstraints } from './default-spread.ts'
import { hasAllKeys, type SpreadConstraint, SpreadNodes, spreadConstraints } from './spread-constraint.ts'

const HOSTNAME = 'kubernetes.io/hostname'
const NO_LABELS: StringMap = {}

/** Nodes whose domains have the fewest matching pods, by constraints that only prefer (kubernetes plugins/podtopologyspread/scoring.go, v1.36.2). */
export const podTopologySpreadScore: ScorePlugin = {
  name: 'PodTopologySpread',
  weight: 2,
  prepare(pod, snapshot, feasible) {
    if (pod.spec.topologySpreadConstraints?.length) {
      const own = spreadConstraints(pod, 'ScheduleAnyway', snapshot.version)
      if (own.kind === 'error') {
        const context = "calculating preScoreState: obtaining pod's soft topology spread constraints"
        return { kind: 'error', message: `${context}: ${own.text}` }
      }
      if (own.constraints.length === 0) return undefined
      return new SpreadScore(pod, snapshot, feasible, own.constraints, true)
    }
    const constraints = defaultConstraints(pod, snapshot)
    if (constraints === 'unknown') return { kind: 'unknown' }
    return constraints.length === 0 ? undefined : new SpreadScore(pod, snapshot, feasible, constraints, false)
  },
}

/** Matching pods by value of a topology key that some feasible node has; absent for the hostname, which is counted node by node. */
type DomainCounts = Map<string, number> | undefined

class SpreadScore implements PreparedScore {
  private readonly snapshot: ClusterSnapshot
  private readonly nodes: SpreadNodes
  private readonly constraints: readonly SpreadConstraint[]
  private readonly counts: readonly DomainCounts[]
  private readonly weights: readonly number[]
  /** By position among the feasible nodes: 1 for a node that lacks a topology key. */
  private readonly ignored: Uint8Array

  /** `own`: only nodes with every topology key are scored and counted. */
  constructor(
    pod: Pod,
    snapshot: ClusterSnapshot,
    feasible: readonly number[],
    constraints: readonly SpreadConstraint[],
    own: boolean,
  ) {
    this.snapshot = snapshot
    this.nodes = new SpreadNodes(pod, snapshot)
    this.constraints = constraints
    this.counts = constraints.map(({ topologyKey }) => (topologyKey === HOSTNAME ? undefined : new Map()))
    this.ignored = Uint8Array.from(feasible, node => (own && !hasAllKeys(constraints, this.labels(node)) ? 1 : 0))
    let scored = 0
    feasible.forEach((node, position) => {
      if (this.ignored[position] === 1) return
      scored++
      // A node without the key stands for the empty value.
      const labels = this.labels(node)
      constraints.forEach(({ topologyKey }, index) => {
        this.counts[index]?.set(labels[topologyKey] ?? '', 0)
      })
    })
    this.weights = this.counts.map(counts => goLog((counts?.size ?? scored) + 2))
    for (let node = 0; node < snapshot.nodeCount; node++) this.countDomains(node, own)
  }

  score(nodes: readonly number[], scores: Float64Array): void {
    for (let position = 0; position < nodes.length; position++) {
      if (this.ignored[position] === 1) continue
      const node = nodes[position]!
      const labels = this.labels(node)
      let score = 0
      for (let index = 0; index < this.constraints.length; index++) {
        const constraint = this.constraints[index]!
        const value = labels[constraint.topologyKey]
        if (value === undefined) continue
        const domains = this.counts[index]
        const count = domains ? (domains.get(value) ?? 0) : this.nodes.matching(constraint, node)
        score += count * this.weights[index]! + (constraint.maxSkew - 1)
      }
      scores[position] = goRound(score)
    }
  }

  normalize(scores: Float64Array): void {
    let lowest = Number.MAX_SAFE_INTEGER
    let highest = 0
    for (let position = 0; position < scores.length; position++) {
      if (this.ignored[position] === 1) continue
      lowest = Math.min(lowest, scores[position]!)
      highest = Math.max(highest, scores[position]!)
    }
    for (let position = 0; position < scores.length; position++) {
      if (this.ignored[position] === 1) scores[position] = 0
      else if (highest === 0) scores[position] = MAX_NODE_SCORE
      else scores[position] = Math.trunc((MAX_NODE_SCORE * (highest + lowest - scores[position]!)) / highest)
    }
  }

  private countDomains(node: number, own: boolean): void {
    const labels = this.labels(node)
    if (own && !hasAllKeys(this.constraints, labels)) return
    for (let index = 0; index < this.constraints.length; index++) {
      const counts = this.counts[index]
      if (!counts) continue
      const constraint = this.constraints[index]!
      const value = labels[constraint.topologyKey] ?? ''
      const known = counts.get(value)
      if (known === undefined || !this.nodes.isEligible(constraint, node)) continue
      counts.set(value, known + this.nodes.matching(constraint, node))
    }
  }

  private labels(node: number): StringMap {
    return this.snapshot.nodes[node]?.metadata.labels ?? NO_LABELS
  }
}
