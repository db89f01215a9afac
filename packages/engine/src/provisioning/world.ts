import type { CSINode } from '../api/apps.ts'
import type { Pod } from '../api/core.ts'
import type { NodePool } from '../api/karpenter.ts'
import { DEFAULT_KARPENTER_VERSION, KARPENTER_DIFFERENCES, type KarpenterDifferences } from '../karpenter-versions.ts'
import { type AmountRow, type AmountTable, AmountTableBuilder } from './amount-table.ts'
import { type Choices, FIRST_CHOICES } from './choices.ts'
import { type Daemon, daemonsOf } from './daemon.ts'
import { type DaemonGroup, daemonOverhead } from './daemon-overhead.ts'
import { DomainGroups } from './domain-groups.ts'
import { type ExistingNode, existingNodes } from './existing-nodes.ts'
import { type NodeUsage, nodeUsage } from './existing-target.ts'
import { FitIndex } from './fit-index.ts'
import { hostPortsOf, type PortHolder } from './host-ports.ts'
import type { InstanceType } from './instance-type.ts'
import { CORE_LABEL_RULES, type LabelRules, type NodeClaimTemplate, nodeClaimTemplate } from './node-claim-template.ts'
import { provisioningNodePools } from './node-pools.ts'
import { type PodShape, PodShapes } from './pod-shape.ts'
import { type AttachedVolumes, isError, VolumeObjects } from './pod-volumes.ts'
import { type RequirementState, StatePool } from './requirement-state.ts'
import { type StateNode, stateNodes } from './state-node.ts'
import { TopologyWorld } from './topology-world.ts'
import { addType, allTypes, noTypes, type TypeSet } from './type-set.ts'
import type { KarpenterCluster, KarpenterSettings } from './types.ts'

/** The reservation label of the AWS provider (karpenter-provider-aws `pkg/apis/v1/labels.go`). */
const AWS_RESERVATION_ID_LABEL = 'karpenter.k8s.aws/capacity-reservation-id'
const MAX_INSTANCE_TYPES = 600
const NO_VOLUMES: AttachedVolumes = new Map()

/** Settings with Karpenter's defaults filled in. */
export interface ResolvedSettings {
  readonly differences: KarpenterDifferences
  readonly rules: LabelRules
  readonly preferencePolicy: 'Respect' | 'Ignore'
  readonly minValuesPolicy: 'Strict' | 'BestEffort'
  readonly ignoreDRARequests: boolean
  readonly reservedCapacity: boolean
  readonly reservationIdLabel: string
  readonly maxInstanceTypes: number
  readonly daemonModel: 'faithful' | 'intended'
  readonly boundVolumes: 'found' | 'not-found'
  readonly choices: Choices
}

/** Instance types of a launchable NodePool on which the same daemons run. */
export interface PoolGroup {
  readonly group: DaemonGroup
  readonly types: TypeSet
  /** What the daemons take; undefined where there are none. */
  readonly overhead: AmountRow | undefined
  readonly ports: readonly PortHolder[]
}

/** A NodePool that may make NodeClaims, with all that can be known of its instance types beforehand. */
export interface LaunchPool {
  readonly template: NodeClaimTemplate
  readonly name: string
  readonly instanceTypes: readonly InstanceType[]
  readonly everyType: TypeSet
  readonly root: RequirementState
  readonly groups: readonly PoolGroup[]
  readonly fit: FitIndex
}

/**
 * A cluster prepared for provisioning rounds: everything that does not depend on which pods a round places and which nodes it may
 * use, so that many rounds over one cluster cost little each.
 */
export class ProvisioningWorld {
  readonly cluster: KarpenterCluster
  readonly settings: ResolvedSettings
  /** Those that provisioning looks at, in its order. */
  readonly nodePools: readonly NodePool[]
  /** Every node, also those that are being deleted. */
  readonly nodes: readonly StateNode[]
  /** The nodes that pods may go to, in the order in which they are tried. */
  readonly existing: readonly ExistingNode[]
  readonly daemons: readonly Daemon[]
  readonly shapes: PodShapes
  readonly topology: TopologyWorld
  private readonly templates: readonly NodeClaimTemplate[]
  private readonly usage = new Map<ExistingNode, NodeUsage>()
  private readonly csiNodes: ReadonlyMap<string, CSINode>
  private readonly daemonGroups: ReadonlyMap<NodeClaimTemplate, readonly DaemonGroup[]>
  private amounts: Amounts

  constructor(cluster: KarpenterCluster, settings: KarpenterSettings = {}) {
    this.cluster = cluster
    this.settings = resolveSettings(settings)
    const { differences, rules, minValuesPolicy, preferencePolicy, ignoreDRARequests, daemonModel } = this.settings
    const { aliases, wellKnown } = rules
    const { nodes = [], nodeClaims = [], pods = [], daemonSets = [] } = cluster
    this.nodePools = provisioningNodePools(cluster.nodePools ?? [])
    this.templates = this.nodePools.flatMap(pool => {
      const types = cluster.instanceTypes.get(pool.metadata.name ?? '') ?? []
      const template = nodeClaimTemplate(pool, types, { differences, rules, minValuesPolicy })
      return template === undefined ? [] : [template]
    })
    const asked = daemonsOf(daemonSets, pods, { differences, aliases, ignoreDRARequests })
    const overhead = daemonOverhead(this.templates, asked, { differences, wellKnown, semantics: daemonModel })
    this.daemonGroups = overhead.groups
    this.daemons = overhead.daemons
    this.nodes = stateNodes({ nodes, nodeClaims, pods }, differences)
    this.existing = existingNodes(
      this.nodes.filter(node => !node.markedForDeletion),
      overhead.daemons,
      { aliases, semantics: daemonModel },
    )
    this.shapes = new PodShapes(new VolumeObjects(cluster, aliases, this.settings.boundVolumes), {
      differences,
      aliases,
      preferencePolicy,
      toleratePreferNoSchedule: this.nodePools.some(({ spec }) =>
        (spec?.template?.spec?.taints ?? []).some(({ effect }) => effect === 'PreferNoSchedule'),
      ),
    })
    this.topology = new TopologyWorld({
      cluster,
      nodes: this.nodes,
      domains: new DomainGroups(this.nodePools, cluster.instanceTypes, aliases),
      shapes: this.shapes,
      preferencePolicy,
      aliases,
    })
    this.csiNodes = new Map((cluster.csiNodes ?? []).map(one => [one.metadata.name ?? '', one]))
    this.amounts = this.measure(pods)
  }

  /** The ports and volumes that the pods of a node use. */
  usageOf(node: ExistingNode): NodeUsage {
    let usage = this.usage.get(node)
    if (usage === undefined) {
      const name = node.state.node?.metadata.name
      const csiNode = name === undefined ? undefined : this.csiNodes.get(name)
      usage = nodeUsage(node, csiNode, pod => {
        const { attachedVolumes } = this.shapes.of(pod)
        return isError(attachedVolumes) ? NO_VOLUMES : attachedVolumes
      })
      this.usage.set(node, usage)
    }
    return usage
  }

  /** Amounts in units that hold what these pods ask for too. */
  amountsFor(pods: readonly Pod[]): Amounts {
    const { table } = this.amounts
    if (!pods.every(pod => table.holds(this.shapes.of(pod).requests))) {
      this.amounts = this.measure([...(this.cluster.pods ?? []), ...pods])
    }
    return this.amounts
  }

  private measure(pods: readonly Pod[]): Amounts {
    const counted = new Map<PodShape, number>()
    for (const pod of pods) {
      const shape = this.shapes.of(pod)
      counted.set(shape, (counted.get(shape) ?? 0) + 1)
    }
    const builder = new AmountTableBuilder()
    for (const [{ requests }, times] of counted) builder.add(requests, times)
    for (const template of this.templates) {
      for (const { daemonOverhead: overhead } of this.daemonGroups.get(template) ?? []) {
        if (overhead !== undefined) builder.add(overhead)
      }
      for (const { allocatable } of template.instanceTypes) builder.add(allocatable, 0)
    }
    for (const { remaining } of this.existing) builder.add(remaining, 0)
    return this.amountsIn(builder.build())
  }

  private amountsIn(table: AmountTable): Amounts {
    return {
      table,
      pools: this.templates.map(template => this.launchPool(template, table)),
      remaining: this.existing.map(({ remaining }) => table.row(remaining)),
      requests: new Map(),
    }
  }

  private launchPool(template: NodeClaimTemplate, table: AmountTable): LaunchPool {
    const { instanceTypes, nodePoolName, requirements } = template
    const everyType = allTypes(instanceTypes.length)
    const places = new Map(instanceTypes.map((type, index) => [type, index]))
    const pool = new StatePool(instanceTypes, this.settings.rules.wellKnown)
    return {
      template,
      name: nodePoolName,
      instanceTypes,
      everyType,
      root: pool.state(requirements),
      groups: (this.daemonGroups.get(template) ?? []).map(group => {
        const types = noTypes(instanceTypes.length)
        for (const type of group.instanceTypes) addType(types, places.get(type) ?? 0)
        return {
          group,
          types,
          overhead: group.daemonOverhead && table.row(group.daemonOverhead),
          ports: portHolders(group),
        }
      }),
      fit: new FitIndex(
        table,
        instanceTypes.map(({ allocatable }) => allocatable),
      ),
    }
  }
}

/** The same amounts as rows of one table. */
export interface Amounts {
  readonly table: AmountTable
  readonly pools: readonly LaunchPool[]
  /** By existing node, before the round. */
  readonly remaining: readonly AmountRow[]
  /** Of pods of a shape, as they are asked for. */
  readonly requests: Map<PodShape['requests'], AmountRow>
}

function portHolders({ portHolders: holders }: DaemonGroup): readonly PortHolder[] {
  return holders.flatMap(({ pod, podKey }) => {
    const ports = hostPortsOf(pod)
    return ports.length === 0 ? [] : [{ pod: podKey, ports }]
  })
}

function resolveSettings(settings: KarpenterSettings): ResolvedSettings {
  return {
    differences: KARPENTER_DIFFERENCES[settings.version ?? DEFAULT_KARPENTER_VERSION],
    rules: settings.rules ?? CORE_LABEL_RULES,
    preferencePolicy: settings.preferencePolicy ?? 'Respect',
    minValuesPolicy: settings.minValuesPolicy ?? 'Strict',
    ignoreDRARequests: settings.ignoreDRARequests ?? true,
    reservedCapacity: settings.reservedCapacity ?? true,
    reservationIdLabel: settings.reservationIdLabel ?? AWS_RESERVATION_ID_LABEL,
    maxInstanceTypes: settings.maxInstanceTypes ?? MAX_INSTANCE_TYPES,
    daemonModel: settings.daemonModel ?? 'faithful',
    boundVolumes: settings.boundVolumes ?? 'found',
    choices: settings.choices ?? FIRST_CHOICES,
  }
}
