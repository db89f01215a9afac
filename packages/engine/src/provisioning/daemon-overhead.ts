import type { KarpenterDifferences } from '../karpenter-versions.ts'
import type { Quantities } from '../pod-requests/quantities.ts'
import type { Requirements } from '../requirements/requirements.ts'
import type { Daemon } from './daemon.ts'
import type { InstanceType } from './instance-type.ts'
import type { NodeClaimTemplate } from './node-claim-template.ts'
import { requestsOfPods } from './resource-lists.ts'
import { toleratesAll, toleratingPreferences } from './taints.ts'

/**
 * How a daemon with several affinity terms is judged. `faithful`: as Karpenter does, which drops a term that one instance type or
 * NodePool does not meet for all that come after, so that the order counts and some nodes are not charged. `intended`: each by
 * itself, any term counts.
 */
export type DaemonSemantics = 'faithful' | 'intended'

/** Instance types of a template on which the same daemons run. */
export interface DaemonGroup {
  readonly instanceTypes: readonly InstanceType[]
  readonly daemons: readonly Daemon[]
  /** The sum of what the daemons ask for, pods included; undefined where there are none, save until 1.13. */
  readonly daemonOverhead: Quantities | undefined
  /** Daemons whose host ports are taken on the node. */
  readonly portHolders: readonly Daemon[]
}

export interface DaemonOverhead {
  /** Groups of each template, in the order in which their first instance types come; Karpenter's own order is random. */
  readonly groups: ReadonlyMap<NodeClaimTemplate, readonly DaemonGroup[]>
  /** The daemons as they are then: with the terms that are left. Existing nodes are charged for these. */
  readonly daemons: readonly Daemon[]
}

export interface OverheadOptions {
  readonly differences: KarpenterDifferences
  readonly wellKnown: ReadonlySet<string>
  readonly semantics: DaemonSemantics
}

/**
 * What daemons will take of new nodes, by template in weight order: per instance type since 1.14, per NodePool before
 * (`buildDaemonOverheadGroups` and `isDaemonPodCompatible`, karpenter `pkg/controllers/provisioning/scheduling/scheduler.go`,
 * v1.14.1; `getDaemonOverhead`, v1.13.0). It depends on nothing but its arguments, and may be kept for many simulations.
 */
export function daemonOverhead(
  templates: readonly NodeClaimTemplate[],
  daemons: readonly Daemon[],
  options: OverheadOptions,
): DaemonOverhead {
  const judge = new DaemonJudge(daemons, options)
  const perType = options.differences.daemonOverhead === 'perInstanceType'
  const groups = new Map(
    templates.map(template => [template, perType ? typeGroups(template, judge) : poolGroup(template, judge)] as const),
  )
  if (!perType) takePorts(groups, judge, options.differences)
  return { groups, daemons: judge.remaining() }
}

function typeGroups(template: NodeClaimTemplate, judge: DaemonJudge): readonly DaemonGroup[] {
  const groups = new Map<string, { readonly instanceTypes: InstanceType[]; readonly daemons: readonly Daemon[] }>()
  judge.enter(template)
  for (const type of template.instanceTypes) {
    const daemons = judge.compatible(type.requirements)
    // Karpenter tells groups apart by the names of pods alone.
    const key = daemons
      .map(({ podKey }) => podKey)
      .sort(byText)
      .join(',')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { instanceTypes: [type], daemons })
    else group.instanceTypes.push(type)
  }
  return [...groups.values()].map(({ instanceTypes, daemons }) => ({
    instanceTypes,
    daemons,
    daemonOverhead: daemons.length === 0 ? undefined : sumOf(daemons),
    portHolders: lastOfEachKey(daemons),
  }))
}

function poolGroup(template: NodeClaimTemplate, judge: DaemonJudge): readonly DaemonGroup[] {
  judge.enter(template)
  const daemons = judge.compatible(undefined)
  return [{ instanceTypes: template.instanceTypes, daemons, daemonOverhead: sumOf(daemons), portHolders: [] }]
}

/** Until 1.13 ports are gathered by a second pass over all templates, which finds the terms as the first one left them. */
function takePorts(
  groups: Map<NodeClaimTemplate, readonly DaemonGroup[]>,
  judge: DaemonJudge,
  differences: KarpenterDifferences,
): void {
  for (const [template, [group]] of groups) {
    if (group === undefined) continue
    judge.enter(template)
    const holders = judge.compatible(undefined)
    groups.set(template, [{ ...group, portHolders: differences.namedDaemonPods ? holders : lastOfEachKey(holders) }])
  }
}

/** Ports are kept by the name of the pod, so that of several of one name the last counts. */
function lastOfEachKey(daemons: readonly Daemon[]): readonly Daemon[] {
  return [...new Map(daemons.map(daemon => [daemon.podKey, daemon])).values()]
}

function sumOf(daemons: readonly Daemon[]): Quantities {
  return requestsOfPods(daemons.map(({ requests }) => requests))
}

/** A daemon on its way through templates and types. */
interface Judged {
  readonly daemon: Daemon
  readonly tolerations: Daemon['tolerations']
  /** The first alternative that is left; 0 throughout where the semantics are intended. */
  at: number
}

/** Asks of one template after the other which daemons run on it, and remembers what Karpenter drops on the way. */
class DaemonJudge {
  private readonly judged: readonly Judged[]
  private readonly options: OverheadOptions
  /** Whether the template now entered meets each alternative of each daemon; undefined where a taint keeps the daemon off. */
  private allowed: readonly (readonly boolean[] | undefined)[] = []
  private entered = false

  constructor(daemons: readonly Daemon[], options: OverheadOptions) {
    this.options = options
    this.judged = daemons.map(daemon => ({
      daemon,
      tolerations: toleratingPreferences(daemon.tolerations),
      at: 0,
    }))
  }

  enter({ taints, requirements }: NodeClaimTemplate): void {
    this.entered = true
    this.allowed = this.judged.map(({ daemon, tolerations }) =>
      toleratesAll(taints, tolerations)
        ? daemon.alternatives.map(one => requirements.compatible(one, this.options.wellKnown))
        : undefined,
    )
  }

  /** The daemons that run on a type of the template; without a type, on the template. */
  compatible(type: Requirements | undefined): readonly Daemon[] {
    const found: Daemon[] = []
    for (const [index, one] of this.judged.entries()) {
      const allowed = this.allowed[index]
      if (allowed !== undefined && this.runs(one, allowed, type)) found.push(one.daemon)
    }
    return found
  }

  private runs(one: Judged, allowed: readonly boolean[], type: Requirements | undefined): boolean {
    const { alternatives } = one.daemon
    const faithful = this.options.semantics === 'faithful'
    for (let at = one.at; at < alternatives.length; at++) {
      if (faithful) one.at = at
      if (allowed[at] && (type === undefined || type.intersects(alternatives[at]!))) return true
    }
    return false
  }

  /** The daemons with what is left of them; untouched where no template was entered. */
  remaining(): readonly Daemon[] {
    if (!this.entered && this.options.semantics === 'faithful') return this.judged.map(({ daemon }) => daemon)
    return this.judged.map(({ daemon, tolerations, at }) => ({
      ...daemon,
      tolerations,
      alternatives: at === 0 ? daemon.alternatives : daemon.alternatives.slice(at),
    }))
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
