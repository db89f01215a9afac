import { DEFAULT_KARPENTER_VERSION } from '../karpenter-versions.ts'
import type { Choices } from '../provisioning/choices.ts'
import type { StateNode } from '../provisioning/state-node.ts'
import type { KarpenterCluster, KarpenterSettings } from '../provisioning/types.ts'
import { ProvisioningWorld } from '../provisioning/world.ts'
import { type Candidate, notForConsolidation, notForDrift, notForEmptiness, type PassedOver } from './candidate.ts'
import type { ConsolidationSettings } from './consolidation.ts'
import { computeDrift } from './drift.ts'
import { computeEmptiness } from './emptiness.ts'
import { type FrozenNode, frozenNodes } from './frozen.ts'
import type { MethodOutcome } from './methods.ts'
import { computeMultiNode } from './multi-node.ts'
import type { DisruptionClass, DisruptionReason } from './reasons.ts'
import { DISRUPTION_RULES } from './rules.ts'
import { simulateIn } from './simulate.ts'
import type { Simulate } from './simulation.ts'
import { computeSingleNode } from './single-node.ts'
import { DisruptionState, type VetoedNode } from './state.ts'
import { countStatic, type StaticReplacement, staticDrift } from './static-pools.ts'
import type { DisruptionView } from './view.ts'

/** Karpenter's ways to disrupt in the order in which it tries them; it stops at the first that finds something. */
export const DISRUPTION_METHODS = ['empty', 'drift', 'multi', 'single'] as const

export type DisruptionMethod = (typeof DISRUPTION_METHODS)[number]

/** Settings of disruption; what is absent has Karpenter's default. */
export interface DisruptionSettings extends KarpenterSettings {
  /** The gate SpotToSpotConsolidation. */
  readonly spotToSpot?: boolean | undefined
  /** The gate StaticCapacity. */
  readonly staticCapacity?: boolean | undefined
  /** Until when nodes are promised to pending pods, in ms since 1970, by name. */
  readonly nominations?: ReadonlyMap<string, number> | undefined
}

/** A candidate that a method does not look at, and why. */
export interface PassedOverNode extends PassedOver {
  readonly node: StateNode
}

/** What one method would do alone. */
export interface MethodResult extends MethodOutcome {
  /** Nodes that it looks at. */
  readonly candidates: readonly Candidate[]
  readonly passedOver: readonly PassedOverNode[]
  /** Nodes that nothing may disrupt in this method's class. */
  readonly vetoed: readonly VetoedNode[]
  /** How many nodes each NodePool may lose. */
  readonly budgets: ReadonlyMap<string, number>
}

interface MethodSpec {
  readonly reason: DisruptionReason
  readonly disruptionClass: DisruptionClass
  readonly passOver: (candidate: Candidate) => PassedOver | undefined
  readonly compute: (candidates: readonly Candidate[], view: DisruptionView, now: number) => MethodOutcome
}

const METHODS: Readonly<Record<DisruptionMethod, MethodSpec>> = {
  empty: {
    reason: 'Empty',
    disruptionClass: 'graceful',
    passOver: notForEmptiness,
    compute: computeEmptiness,
  },
  drift: {
    reason: 'Drifted',
    disruptionClass: 'eventual',
    passOver: notForDrift,
    compute: computeDrift,
  },
  multi: {
    reason: 'Underutilized',
    disruptionClass: 'graceful',
    passOver: notForConsolidation,
    compute: computeMultiNode,
  },
  single: {
    reason: 'Underutilized',
    disruptionClass: 'graceful',
    passOver: notForConsolidation,
    compute: computeSingleNode,
  },
}

/** What Karpenter would do next with a cluster, and why nodes stay. */
export interface Disruption {
  /** The first method that finds something, which is what Karpenter carries out before it looks again. */
  readonly next:
    | { readonly kind: DisruptionMethod; readonly result: MethodResult }
    | { readonly kind: 'static-drift'; readonly replacements: readonly StaticReplacement[] }
    | undefined
  /** What the methods before it, or all of them, looked at in vain. */
  readonly inVain: readonly { readonly method: DisruptionMethod; readonly result: MethodResult }[]
  readonly frozen: readonly FrozenNode[]
}

/** What Karpenter would do next: empty nodes, drifted ones of static NodePools, other drifted ones, several at once, a single one. */
export function disrupt(cluster: KarpenterCluster, settings: DisruptionSettings = {}): Disruption {
  const disruptor = new Disruptor(new ProvisioningWorld(cluster, settings), settings)
  const frozen = disruptor.frozen()
  const inVain: { method: DisruptionMethod; result: MethodResult }[] = []
  for (const method of DISRUPTION_METHODS) {
    const replacements = method === 'drift' ? disruptor.staticDrift() : []
    if (replacements.length > 0) return { next: { kind: 'static-drift', replacements }, inVain, frozen }
    const result = disruptor.ask(method)
    if (result.commands.length > 0) return { next: { kind: method, result }, inVain, frozen }
    inVain.push({ method, result })
  }
  return { next: undefined, inVain, frozen }
}

/** Asks the methods one at a time, in a world that is there already. */
export class Disruptor {
  private readonly world: ProvisioningWorld
  private readonly state: DisruptionState
  private readonly staticCapacity: boolean
  private readonly simulate: Simulate
  private readonly now: number
  private readonly settings: ConsolidationSettings
  private readonly choices: Choices

  constructor(world: ProvisioningWorld, settings: DisruptionSettings) {
    const rules = DISRUPTION_RULES[settings.version ?? DEFAULT_KARPENTER_VERSION]
    const { wellKnown } = world.settings.rules
    this.world = world
    this.state = new DisruptionState(world.cluster, world.nodes, {
      rules,
      wellKnownLabels: wellKnown,
      nominations: settings.nominations,
    })
    this.simulate = simulateIn(world, rules.destinationsWait)
    this.now = world.cluster.now
    this.settings = { wellKnownLabels: wellKnown, spotToSpot: settings.spotToSpot === true }
    this.choices = world.settings.choices
    this.staticCapacity = settings.staticCapacity === true
  }

  /** Nodes that take no pod in any simulation because daemons that belong there do not fit. */
  frozen(): readonly FrozenNode[] {
    return frozenNodes(this.world.existing)
  }

  /** Drifted nodes of static NodePools that would be replaced; none while the gate StaticCapacity is off. */
  staticDrift(): readonly StaticReplacement[] {
    if (!this.staticCapacity) return []
    const { nodes, cluster } = this.world
    const { candidates } = this.state.assess('eventual', this.now)
    return staticDrift(candidates, this.state.budgets('Drifted', this.now), pool =>
      countStatic(pool, cluster.nodeClaims ?? [], nodes),
    )
  }

  /** What one method would do (`disrupt`, sigs.k8s.io/karpenter `pkg/controllers/disruption/controller.go`, v1.14.1). */
  ask(method: DisruptionMethod): MethodResult {
    const { reason, disruptionClass, passOver, compute } = METHODS[method]
    const { candidates: all, vetoed } = this.state.assess(disruptionClass, this.now)
    const candidates: Candidate[] = []
    const passedOver: PassedOverNode[] = []
    for (const candidate of all) {
      const why = passOver(candidate)
      if (why === undefined) candidates.push(candidate)
      else passedOver.push({ ...why, node: candidate.node })
    }
    const budgets = this.state.budgets(reason, this.now)
    const view = this.view(all)
    const outcome = candidates.length === 0 ? NOTHING : compute(candidates, view, this.now)
    return { candidates, passedOver, vetoed, budgets, ...outcome }
  }

  private view(all: readonly Candidate[]): DisruptionView {
    const { state, simulate, settings, choices } = this
    return {
      candidates: (disruptionClass, passOver, now) =>
        state.assess(disruptionClass, now).candidates.filter(candidate => passOver(candidate) === undefined),
      budgets: (reason, now) => state.budgets(reason, now),
      nominatedUntil: node => state.nominatedUntil(node),
      totals: state.totals(all),
      simulate,
      settings,
      shuffle: list => shuffle(list, choices),
    }
  }
}

const NOTHING: MethodOutcome = { commands: [], attempts: [] }

/** Each order is possible; the first choice everywhere keeps the order that there is (R8). */
function shuffle<T>(list: T[], choices: Choices): void {
  for (let index = 0; index + 1 < list.length; index++) {
    const other = index + choices.pick('nodepool-interleave', list.length - index)
    const kept = list[index] as T
    list[index] = list[other] as T
    list[other] = kept
  }
}
