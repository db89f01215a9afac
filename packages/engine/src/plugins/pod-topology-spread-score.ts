import type { Pod } from '../api/core.ts'
import { MAX_NODE_SCORE, type PreparedScore, type ScorePlugin } from '../framework/score-plugin.ts'
import { goLog, goRound } from '../go-math.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { ABSENT } from '../snapshot/label-columns.ts'
import { defaultConstraints } from './default-spread.ts'
import { type SpreadConstraint, SpreadNodes, spreadConstraints } from './spread-constraint.ts'
import { nodesWithKeys } from './spread-domains.ts'

const HOSTNAME = 'kubernetes.io/hostname'

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

/** What one constraint counts. */
interface Part {
  readonly values: Int32Array
  /** By value of the topology key, that of no label at last; absent for the hostname, which is counted node by node. */
  readonly counts: Float64Array | undefined
  readonly byNode: Int32Array
  readonly weight: number
  readonly maxSkew: number
}

class SpreadScore implements PreparedScore {
  private readonly parts: readonly Part[]
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
    const nodes = new SpreadNodes(pod, snapshot)
    const keyed = own ? nodesWithKeys(constraints, snapshot) : undefined
    this.ignored = new Uint8Array(feasible.length)
    let scored = feasible.length
    if (keyed) {
      for (let position = 0; position < feasible.length; position++) {
        if (keyed[feasible[position]!] === 1) continue
        this.ignored[position] = 1
        scored--
      }
    }
    this.parts = constraints.map(constraint => {
      const { topologyKey, maxSkew } = constraint
      const { values } = snapshot.labels.column(topologyKey)
      const { byNode } = nodes.matching(constraint)
      if (topologyKey === HOSTNAME) return { values, counts: undefined, byNode, weight: goLog(scored + 2), maxSkew }
      const { counts, size } = this.countDomains(constraint, nodes, feasible, keyed, snapshot)
      return { values, counts, byNode, weight: goLog(size + 2), maxSkew }
    })
  }

  score(nodes: readonly number[], scores: Float64Array): void {
    const { parts, ignored } = this
    for (let position = 0; position < nodes.length; position++) {
      if (ignored[position] === 1) continue
      const node = nodes[position]!
      let score = 0
      for (let index = 0; index < parts.length; index++) {
        const { values, counts, byNode, weight, maxSkew } = parts[index]!
        const value = values[node]!
        if (value === ABSENT) continue
        score += (counts ? counts[value]! : byNode[node]!) * weight + (maxSkew - 1)
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

  /** Pods by domain that some feasible node is in; `size` is the number of those domains. */
  private countDomains(
    constraint: SpreadConstraint,
    nodes: SpreadNodes,
    feasible: readonly number[],
    keyed: Uint8Array | undefined,
    { labels, nodeCount }: ClusterSnapshot,
  ): { readonly counts: Float64Array; readonly size: number } {
    const { values, interner } = labels.column(constraint.topologyKey)
    // A node without the key stands for the empty value.
    const empty = interner.find('') ?? interner.size
    const counts = new Float64Array(interner.size + 1)
    const wanted = new Uint8Array(interner.size + 1)
    let size = 0
    for (let position = 0; position < feasible.length; position++) {
      if (this.ignored[position] === 1) continue
      const value = values[feasible[position]!]!
      const domain = value === ABSENT ? empty : value
      if (wanted[domain] === 0) size++
      wanted[domain] = 1
    }
    const pods = nodes.matching(constraint)
    const domains = pods.domainsOf(constraint.topologyKey)
    if (domains.complete && nodes.isUnrestricted(constraint) && !keyed) {
      for (let value = 0; value < wanted.length; value++)
        if (wanted[value] === 1) counts[value] = domains.counts[value]!
      return { counts, size }
    }
    for (let node = 0; node < nodeCount; node++) {
      const pod = pods.byNode[node]!
      if (pod === 0 || keyed?.[node] === 0) continue
      const value = values[node]!
      const domain = value === ABSENT ? empty : value
      if (wanted[domain] === 1 && nodes.isEligible(constraint, node)) counts[domain]! += pod
    }
    return { counts, size }
  }
}
