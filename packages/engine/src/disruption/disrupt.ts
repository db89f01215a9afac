import { goSort } from '../go-sort.ts'
import { type Choices, FIRST_CHOICES } from '../provisioning/choices.ts'
import { CORE_LABEL_RULES } from '../provisioning/node-claim-template.ts'
import type { StateNode } from '../provisioning/state-node.ts'
import type { KarpenterCluster, KarpenterSettings } from '../provisioning/types.ts'
import {
  type Candidate,
  notForConsolidation,
  notForDrift,
  notForEmptiness,
  type PassedOver,
  savingsRatio,
} from './candidate.ts'
import { computeDrift } from './drift.ts'
import { computeEmptiness } from './emptiness.ts'
import type { MethodOutcome } from './methods.ts'
import { computeMultiNode } from './multi-node.ts'
import type { DisruptionClass, DisruptionReason } from './reasons.ts'
import type { Simulate } from './simulation.ts'
import { computeSingleNode } from './single-node.ts'
import { DisruptionState, type VetoedNode } from './state.ts'
import type { DisruptionView } from './view.ts'

/** Karpenter's ways to disrupt in the order in which it tries them; it stops at the first that finds something. */
export const DISRUPTION_METHODS = ['empty', 'drift', 'multi', 'single'] as const

export type DisruptionMethod = (typeof DISRUPTION_METHODS)[number]

/** Settings of disruption; what is absent has Karpenter's default. */
export interface DisruptionSettings extends KarpenterSettings {
  /** The gate SpotToSpotConsolidation. */
  readonly spotToSpot?: boolean | undefined
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

/** Asks each method by itself what it would do now with a cluster. */
export class Disruptor {
  private readonly state: DisruptionState
  private readonly simulate: Simulate
  private readonly now: number
  private readonly settings: DisruptionSettings
  private readonly choices: Choices

  constructor(
    cluster: KarpenterCluster,
    nodes: readonly StateNode[],
    simulate: Simulate,
    settings: DisruptionSettings,
  ) {
    this.state = new DisruptionState(cluster, nodes, settings.nominations)
    this.simulate = simulate
    this.now = cluster.now
    this.settings = settings
    this.choices = settings.choices ?? FIRST_CHOICES
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
      settings: {
        wellKnownLabels: (settings.rules ?? CORE_LABEL_RULES).wellKnown,
        spotToSpot: settings.spotToSpot === true,
      },
      sort: candidates => {
        // Upstream's state is a map: what is equal comes in any order.
        candidates.sort((a, b) => (a.node.name < b.node.name ? -1 : 1))
        shuffle(candidates, choices)
        goSort(candidates, (a, b) => savingsRatio(a) > savingsRatio(b))
      },
      orderPools: names => {
        const order = names.toSorted((a, b) => (a < b ? -1 : 1))
        shuffle(order, choices)
        return order
      },
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
