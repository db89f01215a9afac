import type { Pod } from '../api/core.ts'
import type { Requirements } from '../requirements/requirements.ts'
import { NODE_POOL_LABEL } from '../requirements/well-known-labels.ts'
import type { AmountRow } from './amount-table.ts'
import { Claim, type ClaimPlacement, unmetMinValues } from './claim.ts'
import { ClaimOrder } from './claim-order.ts'
import { ExistingTarget, podName } from './existing-target.ts'
import { Limits } from './limits.ts'
import { plannedClaims } from './planned-claim.ts'
import { PodQueue } from './pod-queue.ts'
import { isUnresolved, type PodShape, resolvedAlternatives } from './pod-shape.ts'
import { isError, wrapped } from './pod-volumes.ts'
import type { RequirementState } from './requirement-state.ts'
import { NO_RESERVATIONS, Reservations } from './reservations.ts'
import { type Refusal, StartRefusal } from './start-refusal.ts'
import type { StateNode } from './state-node.ts'
import { toleratesAll } from './taints.ts'
import { NOTHING_OWNED, type OwnedGroups, Topology } from './topology.ts'
import { areDisjoint, isEmptySet, type TypeSet } from './type-set.ts'
import type { PodFailure, ProvisionSolution } from './types.ts'
import type { Amounts, LaunchPool, ProvisioningWorld } from './world.ts'

/** What a round is to do. */
export interface RoundRequest {
  /** To be placed, in the order in which they were listed. */
  readonly pods: readonly Pod[]
  /** Nodes that may not be used, although they are there: candidates whose removal is tried. */
  readonly without?: ReadonlySet<StateNode>
  /** Provisioning waits for a reservation that is taken (`strict`, the default), disruption takes what else there is. */
  readonly reservations?: 'strict' | 'fallback'
  /** Nodes that only pending pods and pods of nodes that are being deleted may go to. */
  readonly reluctant?: ReadonlySet<StateNode>
}

/** One scheduling round of Karpenter's (`Scheduler.Solve`, karpenter `pkg/controllers/provisioning/scheduling/scheduler.go`, v1.14.1), without its time limit. */
export function solve(world: ProvisioningWorld, request: RoundRequest): ProvisionSolution {
  return new Round(world, request).solve()
}

/** A pod's shape in one round, with what was found out about it there. */
interface ShapeRun {
  readonly shape: PodShape
  readonly row: AmountRow
  owned: OwnedGroups
  /** By NodeClaim: its version plus 1 when it refused, or `FOR_GOOD`. */
  refusedAt: Uint32Array<ArrayBuffer>
  /** By existing node: 1 where it refused for good. */
  readonly refusedBy: Uint8Array
  /** By NodePool. */
  readonly tolerates: readonly boolean[]
}

const FOR_GOOD = 0xffffffff

class Round {
  private readonly world: ProvisioningWorld
  private readonly request: RoundRequest
  private readonly amounts: Amounts
  private readonly topology: Topology
  private readonly reservations: Reservations
  private readonly limits: Limits
  private readonly targets: readonly ExistingTarget[]
  private readonly claims: Claim[] = []
  private readonly order = new ClaimOrder()
  private readonly runs = new Map<PodShape, ShapeRun>()
  private readonly deleting: ReadonlySet<string>
  private hosts = 0

  constructor(world: ProvisioningWorld, request: RoundRequest) {
    this.world = world
    this.request = request
    const { settings, cluster, nodePools } = world
    this.amounts = world.amountsFor(request.pods)
    const resolved = request.pods.filter(pod => !isUnresolved(world.shapes.of(pod)))
    const { without } = request
    const usable = without === undefined ? world.existing : world.existing.filter(({ state }) => !without.has(state))
    this.topology = new Topology(
      world.topology,
      usable.map(({ state }) => state),
      new Set(resolved.map(({ metadata }) => metadata.uid ?? '')),
      settings.choices,
    )
    for (const pod of resolved) this.topology.update(world.shapes.of(pod))
    this.reservations = new Reservations(
      nodePools.map(({ metadata }) => cluster.instanceTypes.get(metadata.name ?? '') ?? []),
      {
        differences: settings.differences,
        enabled: settings.reservedCapacity,
        strict: request.reservations !== 'fallback',
        idLabel: settings.reservationIdLabel,
        wellKnown: settings.rules.wellKnown,
      },
    )
    this.limits = new Limits(nodePools)
    this.targets = world.existing.flatMap((node, index) => {
      if (without?.has(node.state)) return []
      this.limits.charge(node.state.labels[NODE_POOL_LABEL], node.state.capacity)
      this.topology.registerHost(node.state.hostname)
      return [new ExistingTarget(node, this.amounts.remaining[index]!, world.usageOf(node))]
    })
    this.deleting = new Set(world.nodes.filter(node => node.markedForDeletion).map(({ name }) => name))
  }

  solve(): ProvisionSolution {
    const { shapes } = this.world
    const failures = new Map<Pod, () => PodFailure>()
    const queue = new PodQueue(this.request.pods, pod => this.run(shapes.of(pod)).row, this.amounts.table)
    for (let pod = queue.pop(); pod !== undefined; pod = queue.pop()) {
      const failure = this.schedule(pod)
      if (failure === undefined) failures.delete(pod)
      else {
        failures.set(pod, failure)
        this.track(shapes.of(pod))
        queue.push(pod)
      }
    }
    const errors = new Map([...failures].map(([pod, failure]) => [pod, failure()]))
    const ranked = Array.from({ length: this.order.size }, (_, rank) => this.claims[this.order.at(rank)]!)
    const newNodeClaims = plannedClaims(ranked, this.world.settings, errors)
    const existing = new Map(
      this.targets.filter(({ pods }) => pods.length > 0).map(({ node, pods }) => [node.state.name, pods]),
    )
    return { newNodeClaims, existing, errors }
  }

  private run(shape: PodShape): ShapeRun {
    let run = this.runs.get(shape)
    if (run === undefined) {
      let row = this.amounts.requests.get(shape.requests)
      if (row === undefined) {
        row = this.amounts.table.row(shape.requests)
        this.amounts.requests.set(shape.requests, row)
      }
      run = {
        shape,
        row,
        // Topology does not know a pod whose volumes could not be resolved before it was refused once.
        owned: isUnresolved(shape) ? NOTHING_OWNED : this.topology.update(shape),
        refusedAt: new Uint32Array(0),
        refusedBy: new Uint8Array(this.targets.length),
        tolerates: this.amounts.pools.map(({ template }) => toleratesAll(template.taints, shape.terms.tolerations)),
      }
      this.runs.set(shape, run)
    }
    return run
  }

  private track(shape: PodShape): ShapeRun {
    const run = this.run(shape)
    if (isUnresolved(shape)) run.owned = this.topology.update(shape)
    return run
  }

  /** Places a pod, giving up one wish after the other; the reason where that fails, to be asked for when the round is over. */
  private schedule(pod: Pod): (() => PodFailure) | undefined {
    const { shapes, settings } = this.world
    const name = podName(pod)
    let shape = shapes.of(pod)
    if (shape.resourceClaims && settings.ignoreDRARequests) return () => DYNAMIC_RESOURCES
    for (let run = this.run(shape); ; run = this.track(shape)) {
      if (this.addToExisting(pod, name, run)) return undefined
      this.order.sort()
      if (this.addToInFlight(pod, name, run)) return undefined
      const refusals = this.addToNew(pod, name, run)
      if (refusals === undefined) return undefined
      const reserved = refusals.some(({ kind }) => kind === 'reserved')
      const relaxed = reserved ? undefined : shapes.relax(shape)
      if (relaxed === undefined) {
        return () => ({
          kind: reserved ? 'reserved' : 'unschedulable',
          texts: refusals.length === 0 ? [NO_TYPES] : refusals.flatMap(refusal => refusal.texts()),
        })
      }
      shape = relaxed
    }
  }

  private addToExisting(pod: Pod, name: string, run: ShapeRun): boolean {
    if (isError(run.shape.attachedVolumes)) return false
    const { reluctant } = this.request
    const { table } = this.amounts
    const { targets } = this
    for (let index = 0; index < targets.length; index++) {
      if (run.refusedBy[index] === 1) continue
      const target = targets[index]!
      if (reluctant?.has(target.node.state) && !this.isExempt(pod)) continue
      if (target.refusesForGood(run.shape, run.row, name, table)) {
        run.refusedBy[index] = 1
        continue
      }
      const requirements = this.tryExisting(target, run)
      if (requirements === undefined) continue
      target.add(pod, name, run.shape, run.row, requirements, table)
      this.topology.record(run.shape, run.owned, askedExisting(target, requirements))
      return true
    }
    return false
  }

  private isExempt({ spec, status }: Pod): boolean {
    return status?.phase === 'Pending' || this.deleting.has(spec.nodeName ?? '')
  }

  private tryExisting(target: ExistingTarget, { shape, owned }: ShapeRun): Requirements | undefined {
    if (!target.requirements.compatible(shape.requirements)) return undefined
    const base = target.requirements.add(shape.requirements)
    const alternatives = resolvedAlternatives(shape)
    if (alternatives.length === 0) return this.topologyOf(target, shape, owned, base)
    for (const alternative of alternatives) {
      if (!base.compatible(alternative)) continue
      const found = this.topologyOf(target, shape, owned, base.add(alternative))
      if (found !== undefined) return found
    }
    return undefined
  }

  private topologyOf(
    target: ExistingTarget,
    shape: PodShape,
    owned: OwnedGroups,
    requirements: Requirements,
  ): Requirements | undefined {
    const domains = this.topology.narrow(shape, owned, askedExisting(target, requirements))
    if (domains === undefined || domains.length === 0) return domains && requirements
    const narrowed = requirements.add(domains)
    return requirements.compatible(narrowed) ? requirements.add(narrowed) : undefined
  }

  private addToInFlight(pod: Pod, name: string, run: ShapeRun): boolean {
    const { order, claims } = this
    if (run.refusedAt.length < claims.length) {
      const larger = new Uint32Array(Math.max(2 * run.refusedAt.length, claims.length, 16))
      larger.set(run.refusedAt)
      run.refusedAt = larger
    }
    const { refusedAt } = run
    for (let rank = 0; rank < order.size; rank++) {
      const number = order.at(rank)
      const refused = refusedAt[number]!
      if (refused === FOR_GOOD) continue
      const claim = claims[number]!
      if (refused === claim.version + 1) continue
      const placement = this.tryInFlight(claim, name, run)
      if (typeof placement === 'number') {
        refusedAt[number] = placement
        continue
      }
      this.place(claim, pod, name, run, placement)
      order.grow(rank)
      return true
    }
    return false
  }

  /** What a NodeClaim becomes with the pod, or until when it need not be asked again: `FOR_GOOD`, a version plus 1, or 0. */
  private tryInFlight(claim: Claim, name: string, run: ShapeRun): ClaimPlacement | number {
    const { shape, owned } = run
    if (!run.tolerates[this.poolNumber(claim.pool)]) return FOR_GOOD
    if (this.topology.refusesHost(shape, owned, claim.hostname)) return FOR_GOOD
    const enough = claim.largeEnough(shape, run.row, name, this.amounts)
    if (enough === undefined) return FOR_GOOD
    const base = claim.take(shape.requirements)
    // Topology can only narrow what is compatible, and lots need not be drawn for a place that is none.
    if (base === undefined || areDisjoint(enough, base.types)) return claim.version + 1
    const alternatives = resolvedAlternatives(shape)
    const single = alternatives.length === 0
    for (let at = 0; at < Math.max(1, alternatives.length); at++) {
      const state = single ? base : claim.takeInto(base, alternatives[at]!)
      if (state === undefined) continue
      const domains = this.topology.narrow(shape, owned, claim.asked(state))
      const placed = domains && state.place(domains)
      if (placed === undefined) continue
      const placement = this.settle(claim, placed, single ? enough : enough.slice())
      if (placement !== undefined) return placement
    }
    const settled = single && !this.reservations.any && !this.topology.concerns(shape, owned)
    return settled ? claim.version + 1 : 0
  }

  private poolNumber(pool: LaunchPool): number {
    return this.amounts.pools.indexOf(pool)
  }

  /** The types that are both large enough and compatible, if they are varied enough and a reservation is to be had that is needed. */
  private settle(claim: Claim, state: RequirementState, types: TypeSet): ClaimPlacement | undefined {
    let some = 0
    for (let at = 0; at < types.length; at++) {
      types[at]! &= state.types[at]!
      some |= types[at]!
    }
    const { differences } = this.world.settings
    if (some === 0 || unmetMinValues(claim.pool.instanceTypes, types, state, differences)) return undefined
    if (!this.reservations.any) return { state, types, reserved: NO_RESERVATIONS }
    const wanted = this.reservations.wanted(claim.reserved, claim.pool.instanceTypes, types, state)
    return 'text' in wanted ? undefined : { state, types, reserved: wanted }
  }

  private place(claim: Claim, pod: Pod, name: string, run: ShapeRun, placement: ClaimPlacement): void {
    const { shape } = run
    claim.add(pod, name, shape, this.amounts.table.sum(claim.requests, run.row), placement, this.reservations)
    this.topology.registerHost(claim.hostname, claim.knownToGroups)
    claim.knownToGroups = this.topology.hostGroupCount
    this.topology.record(shape, run.owned, claim.asked(placement.state))
  }

  /** Makes a NodeClaim for the pod; why each NodePool refuses where none can, nothing at all where there is no NodePool. */
  private addToNew(pod: Pod, name: string, run: ShapeRun): readonly Refusal[] | undefined {
    const { table, pools } = this.amounts
    const refusals: Refusal[] = []
    for (const pool of pools) {
      const about = { NodePool: pool.name }
      if (this.limits.noNodesLeft(pool.name)) {
        refusals.push(said(wrapped('node limits have been exhausted for nodepool', about)))
        continue
      }
      const types = this.limits.within(pool.name, pool.instanceTypes, pool.everyType)
      if (isEmptySet(types)) {
        refusals.push(said(wrapped('all available instance types exceed limits for nodepool', about)))
        continue
      }
      this.hosts++
      const hostname = `hostname-placeholder-${`${this.hosts}`.padStart(4, '0')}`
      const claim = new Claim(pool, hostname, types, table.empty())
      const placement = this.tryNew(claim, name, run)
      if (placement instanceof StartRefusal) refusals.push(placement)
      else if (!refusals.some(({ kind }) => kind === 'reserved')) {
        this.place(claim, pod, name, run, placement)
        this.claims.push(claim)
        this.order.append()
        this.limits.take(pool.name, pool.instanceTypes, claim.types)
        return undefined
      }
    }
    return refusals
  }

  private tryNew(claim: Claim, name: string, run: ShapeRun): ClaimPlacement | StartRefusal {
    const { shape, owned } = run
    const { settings } = this.world
    const refuse = (stage: StartRefusal['stage']) => new StartRefusal(claim, shape, name, stage, settings)
    if (!run.tolerates[this.poolNumber(claim.pool)]) return refuse({ kind: 'taints' })
    const perPool = settings.differences.daemonOverhead === 'perNodePool'
    if (perPool && shape.hostPorts.length > 0) {
      const ports = claim.pool.groups.flatMap(group => group.ports)
      if (claim.portsClash(shape, name, ports)) return refuse({ kind: 'ports', ports })
    }
    const base = claim.take(shape.requirements)
    if (base === undefined) return refuse({ kind: 'requirements' })
    const alternatives = resolvedAlternatives(shape)
    let last: StartRefusal | undefined
    for (let at = 0; at < Math.max(1, alternatives.length); at++) {
      const alternative = alternatives[at]
      const state = alternative === undefined ? base : claim.takeInto(base, alternative)
      if (state === undefined) {
        last = refuse({ kind: 'volumes', state: base, alternative: alternative! })
        continue
      }
      const domains = this.topology.narrow(shape, owned, claim.asked(state))
      if (domains === undefined) {
        last = refuse({ kind: 'topology', state, group: this.topology.refusedBy! })
        continue
      }
      const placed = state.place(domains)
      if (placed === undefined) {
        last = refuse({ kind: 'domains', state, domains })
        continue
      }
      const started = this.start(claim, placed, run, name)
      if (!(started instanceof StartRefusal)) return started
      last = started
    }
    return last!
  }

  private start(claim: Claim, placed: RequirementState, run: ShapeRun, name: string): ClaimPlacement | StartRefusal {
    const { settings } = this.world
    const refuse = (stage: StartRefusal['stage']) => new StartRefusal(claim, run.shape, name, stage, settings)
    const types = claim.largeEnough(run.shape, run.row, name, this.amounts)
    if (types === undefined) return refuse({ kind: 'types', state: placed })
    for (let at = 0; at < types.length; at++) types[at]! &= placed.types[at]!
    if (isEmptySet(types)) return refuse({ kind: 'types', state: placed })
    const unmet = unmetMinValues(claim.pool.instanceTypes, types, placed, settings.differences)
    if (unmet !== undefined && settings.minValuesPolicy !== 'BestEffort')
      return refuse({ kind: 'types', state: placed })
    const state = unmet === undefined ? placed : placed.relax(unmet)
    if (!this.reservations.any) return { state, types, reserved: NO_RESERVATIONS }
    const wanted = this.reservations.wanted(claim.reserved, claim.pool.instanceTypes, types, state)
    return 'text' in wanted ? refuse({ kind: 'reservations', refusal: wanted }) : { state, types, reserved: wanted }
  }
}

const NO_TYPES = 'nodepool requirements filtered out all available instance types'
const DYNAMIC_RESOURCES: PodFailure = {
  kind: 'dynamic-resources',
  texts: ['pod has Dynamic Resource Allocation requirements that are not yet supported by Karpenter'],
}

function said(text: string): Refusal {
  return { kind: 'unschedulable', texts: () => [text] }
}

function askedExisting({ node }: ExistingTarget, requirements: Requirements) {
  return { requirements, hostname: node.state.hostname, taints: node.state.taints }
}
