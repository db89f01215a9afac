import type { Pod } from '../api/core.ts'
import type { NodePool } from '../api/karpenter.ts'
import type { InstanceType } from '../provisioning/instance-type.ts'
import { isOwnedByDaemonSet, type StateNode } from '../provisioning/state-node.ts'
import type { KarpenterCluster } from '../provisioning/types.ts'
import { NODE_POOL_LABEL } from '../requirements/well-known-labels.ts'
import type { NodePoolTotals } from './balanced.ts'
import { allowedDisruptions } from './budgets.ts'
import { type Candidate, makeCandidate, nodePoolName } from './candidate.ts'
import { trueCondition } from './consolidate-after.ts'
import { BASE_DISRUPTION_COST, evictionCost } from './eviction-cost.ts'
import { PdbLimits } from './pdb-limits.ts'
import type { DisruptionClass, DisruptionReason } from './reasons.ts'
import type { DisruptionRules } from './rules.ts'
import { nodeVeto, podVeto, type Veto } from './vetoes.ts'

/** A node and what forbids to disrupt it. */
export interface VetoedNode {
  readonly node: StateNode
  readonly veto: Veto
}

/** What beside the objects decides who may be disrupted. */
export interface StateOptions {
  readonly rules: DisruptionRules
  readonly wellKnownLabels: ReadonlySet<string>
  /** Until when nodes are promised to pending pods, in ms since 1970, by name. */
  readonly nominations?: ReadonlyMap<string, number> | undefined
}

/** A cluster as disruption reads it; answers for any moment, as Karpenter asks again after its wait. */
export class DisruptionState {
  readonly nodes: readonly StateNode[]
  readonly limits: PdbLimits
  private readonly options: StateOptions
  private readonly pools: ReadonlyMap<string, NodePool>
  private readonly types: ReadonlyMap<string, ReadonlyMap<string, InstanceType>>
  /** Pods by the name of their node, those that are over too. */
  private readonly pods: ReadonlyMap<string, readonly Pod[]>

  constructor(cluster: KarpenterCluster, nodes: readonly StateNode[], options: StateOptions) {
    this.nodes = nodes
    this.options = options
    this.limits = new PdbLimits(cluster.podDisruptionBudgets ?? [])
    this.pools = new Map((cluster.nodePools ?? []).map(pool => [pool.metadata.name ?? '', pool]))
    this.types = typesByPool(cluster)
    this.pods = podsByNode(cluster.pods ?? [])
  }

  get nodePools(): readonly NodePool[] {
    return [...this.pools.values()]
  }

  podsOf({ node }: StateNode): readonly Pod[] {
    return node === undefined ? [] : (this.pods.get(node.metadata.name ?? '') ?? [])
  }

  nodePoolOf({ labels }: StateNode): NodePool | undefined {
    return this.pools.get(labels[NODE_POOL_LABEL] ?? '')
  }

  /** When a node's promise to a pending pod ends, in ms since 1970. */
  nominatedUntil(name: string): number | undefined {
    return this.options.nominations?.get(name)
  }

  /**
   * All nodes: those that may be disrupted as candidates, the others with the first reason against it (`NewCandidate`,
   * sigs.k8s.io/karpenter `pkg/controllers/disruption/types.go`, v1.14.1). With a budget that cannot be read there are no candidates.
   */
  assess(
    disruptionClass: DisruptionClass,
    now: number,
  ): { readonly candidates: readonly Candidate[]; readonly vetoed: readonly VetoedNode[] } {
    const candidates: Candidate[] = []
    const vetoed: VetoedNode[] = []
    for (const node of this.nodes) {
      const assessed = this.assessNode(node, disruptionClass, now)
      if ('kind' in assessed) vetoed.push({ node, veto: assessed })
      else candidates.push(assessed)
    }
    return { candidates: this.limits.error === undefined ? candidates : [], vetoed }
  }

  private assessNode(node: StateNode, disruptionClass: DisruptionClass, now: number): Candidate | Veto {
    const veto = nodeVeto(node, now, this.nominatedUntil(node.name))
    if (veto !== undefined) return veto
    const name = node.labels[NODE_POOL_LABEL] ?? ''
    const pool = this.pools.get(name)
    const types = this.types.get(name)
    if (pool === undefined || types === undefined)
      return { kind: 'nodepool-not-found', text: `NodePool not found (NodePool=${name})` }
    const pods = this.podsOf(node)
    return (
      podVeto(pods, node, this.limits, disruptionClass, now) ??
      makeCandidate(node, pool, pods, { ...this.options, instanceTypes: types, now })
    )
  }

  /**
   * How many nodes each NodePool may lose now: what its budgets allow of its initialized nodes, less those that are not ready or
   * already going (`BuildDisruptionBudgetMapping`, sigs.k8s.io/karpenter `pkg/controllers/disruption/helpers.go`, v1.14.1).
   */
  budgets(reason: DisruptionReason, now: number): ReadonlyMap<string, number> {
    const counted = new Map<string, { nodes: number; going: number }>()
    for (const { managed, initialized, labels, node, nodeClaim, markedForDeletion } of this.nodes) {
      if (!managed || !initialized || nodeClaim === undefined) continue
      if (trueCondition(nodeClaim, 'InstanceTerminating') !== undefined) continue
      const name = labels[NODE_POOL_LABEL] ?? ''
      const count = counted.get(name) ?? { nodes: 0, going: 0 }
      count.nodes++
      const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready')
      if (ready?.status !== 'True' || markedForDeletion) count.going++
      counted.set(name, count)
    }
    const budgets = new Map<string, number>()
    for (const [name, pool] of this.pools) {
      const { nodes, going } = counted.get(name) ?? { nodes: 0, going: 0 }
      budgets.set(name, Math.max(0, allowedDisruptions(pool, nodes, reason, now) - going))
    }
    return budgets
  }

  /**
   * What NodePools with candidates cost in all: prices of the candidates, disruption of all nodes, candidates or not
   * (`computeNodePoolTotals`, sigs.k8s.io/karpenter `pkg/controllers/disruption/balanced.go`, v1.14.1). Costs of pods are those of a
   * state that saw no NodeClaim change since they were bound (Q8).
   */
  totals(candidates: readonly Candidate[]): ReadonlyMap<string, NodePoolTotals> {
    const byNode = new Map(candidates.map(candidate => [candidate.node.name, candidate]))
    const totals = new Map<string, { cost: number; disruptionCost: number }>()
    for (const candidate of candidates) {
      const total = totals.get(nodePoolName(candidate))
      if (total) total.cost += candidate.price ?? 0
      else totals.set(nodePoolName(candidate), { cost: candidate.price ?? 0, disruptionCost: 0 })
    }
    for (const node of this.nodes) {
      const total = totals.get(node.labels[NODE_POOL_LABEL] ?? '')
      if (total) total.disruptionCost += byNode.get(node.name)?.disruptionCost ?? boundCost(node)
    }
    return totals
  }
}

/** What a node's pods cost by the state's own books, which know mirror pods too. */
function boundCost({ pods }: StateNode): number {
  let cost = BASE_DISRUPTION_COST
  for (const pod of pods) if (!isOwnedByDaemonSet(pod)) cost += Math.max(0, evictionCost(pod))
  return cost
}

function typesByPool({
  nodePools,
  instanceTypes,
}: KarpenterCluster): ReadonlyMap<string, ReadonlyMap<string, InstanceType>> {
  const byPool = new Map<string, ReadonlyMap<string, InstanceType>>()
  for (const { metadata } of nodePools ?? []) {
    const types = instanceTypes.get(metadata.name ?? '') ?? []
    if (types.length > 0) byPool.set(metadata.name ?? '', new Map(types.map(type => [type.name, type])))
  }
  return byPool
}

function podsByNode(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const byNode = new Map<string, Pod[]>()
  for (const pod of pods) {
    if (!pod.spec.nodeName) continue
    const there = byNode.get(pod.spec.nodeName)
    if (there) there.push(pod)
    else byNode.set(pod.spec.nodeName, [pod])
  }
  return byNode
}
