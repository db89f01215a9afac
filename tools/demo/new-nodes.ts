import { EC2 } from '@everynode/data-ec2'
import {
  AWS_WELL_KNOWN_LABELS,
  awsInstanceType,
  type ClusterDump,
  CORE_LABEL_RULES,
  DEFAULT_AWS_OPTIONS,
  type InstanceType,
  launchChoice,
  type NodePool,
  type PlannedNodeClaim,
  type Pod,
  ProvisioningWorld,
  provisionIn,
  REGION_LABEL,
  type ResolvedSettings,
  readNodeClass,
  ZONE_LABEL,
} from '@everynode/engine'

/** NodeClaims that Karpenter makes alike. */
export interface NewNodes {
  readonly count: number
  readonly pool: string
  readonly pods: readonly Pod[]
  /** The types that the NodeClaim names; the cheapest is launched. */
  readonly allowedTypes: number
  /** Undefined where nothing can be launched. */
  readonly launch: NewNodesLaunch | undefined
}

/** What is launched, at a price that these offerings share. */
export interface NewNodesLaunch {
  readonly instanceType: string
  readonly capacityType: string
  readonly zones: readonly string[]
  /** USD per hour of one node. */
  readonly price: number
}

/** What Karpenter does for pods that no node takes. */
export interface KarpenterAnswer {
  readonly newNodes: readonly NewNodes[]
  /** Pods that go to nodes which are on their way. */
  readonly onTheirWay: readonly Pod[]
  /** Pods that Karpenter makes no node for, with its reasons. */
  readonly refused: ReadonlyMap<Pod, readonly string[]>
}

/** One round of Karpenter over a cluster on AWS, with the EC2NodeClasses of `dump.others`, EC2's types, and the zones of its nodes. */
export function karpenterAnswer(dump: ClusterDump): KarpenterAnswer {
  const byClass = new Map<string, readonly InstanceType[]>()
  const typesOf = (pool: NodePool): readonly InstanceType[] => {
    const key = JSON.stringify(pool.spec?.template?.spec?.nodeClassRef)
    const types = byClass.get(key) ?? poolInstanceTypes(dump, pool)
    byClass.set(key, types)
    return types
  }
  const world = new ProvisioningWorld(
    {
      ...dump,
      instanceTypes: new Map((dump.nodePools ?? []).map(pool => [pool.metadata.name ?? '', typesOf(pool)])),
      now: Date.parse(dump.takenAt ?? ''),
    },
    { rules: { ...CORE_LABEL_RULES, wellKnown: AWS_WELL_KNOWN_LABELS } },
  )
  const { newNodeClaims, existing, errors, ignored } = provisionIn(world)
  return {
    newNodes: alike(newNodeClaims.map(claim => newNode(claim, world.settings))),
    onTheirWay: [...existing.values()].flat(),
    refused: new Map([...ignored, ...[...errors].map(([pod, { texts }]) => [pod, texts] as const)]),
  }
}

/** The region of a cluster's nodes. */
export function regionOf({ nodes = [] }: ClusterDump): string {
  return nodes.map(({ metadata }) => metadata.labels?.[REGION_LABEL]).find(region => region !== undefined) ?? ''
}

/** EC2's instance types as the provider offers them to a NodePool, priced by the data package. */
export function poolInstanceTypes(dump: ClusterDump, pool: NodePool): readonly InstanceType[] {
  const ref = pool.spec?.template?.spec?.nodeClassRef
  const object = (dump.others ?? []).find(({ kind, metadata }) => kind === ref?.kind && metadata?.name === ref?.name)
  const { nodeClass, problems } = readNodeClass(object)
  if (object === undefined || problems.length > 0) {
    throw new Error(`no usable ${ref?.kind} ${ref?.name}: ${problems.map(({ text }) => text).join(', ')}`)
  }
  const region = regionOf(dump)
  const zones = new Set((dump.nodes ?? []).flatMap(({ metadata }) => metadata.labels?.[ZONE_LABEL] ?? []))
  const market = {
    region,
    zones: [...zones].sort(byText).map(name => ({ name })),
    capacityTypes: ['on-demand', 'spot'],
    price: (type: string, _: string, capacityType: string) => EC2.price(type, region, capacityType),
  }
  return EC2.names().flatMap(name => {
    const facts = EC2.facts(name)
    return facts === undefined ? [] : [awsInstanceType(facts, nodeClass, market, DEFAULT_AWS_OPTIONS)]
  })
}

function newNode(claim: PlannedNodeClaim, settings: ResolvedSettings): NewNodes {
  const { nodePoolName: pool, pods, instanceTypes } = claim
  const { price = 0, choices = [] } = launchChoice(claim, settings) ?? {}
  const [first] = choices
  const same = choices.filter(
    one => one.instanceType === first?.instanceType && one.capacityType === first.capacityType,
  )
  const launch = first && { ...first, zones: same.map(({ zone }) => zone), price }
  return { count: 1, pool, pods, allowedTypes: instanceTypes.length, launch }
}

/** Nodes that differ by their pods alone as one entry, in the order of pools and types. */
function alike(nodes: readonly NewNodes[]): readonly NewNodes[] {
  const groups = new Map<string, NewNodes>()
  for (const node of nodes) {
    const key = JSON.stringify([node.pool, node.launch, node.allowedTypes])
    const known = groups.get(key)
    groups.set(key, {
      ...node,
      count: node.count + (known?.count ?? 0),
      pods: [...(known?.pods ?? []), ...node.pods],
    })
  }
  return [...groups].sort(([a], [b]) => byText(a, b)).map(([, group]) => group)
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
