import type {
  Condition,
  DaemonSet,
  KarpenterDifferences,
  LabelRules,
  Node,
  NodeClaim,
  NodePool,
  ObjectMeta,
  Pod,
} from '@everynode/engine'
import {
  CORE_LABEL_ALIASES,
  CORE_WELL_KNOWN_LABELS,
  DEFAULT_KARPENTER_VERSION,
  type InstanceType,
  KARPENTER_DIFFERENCES,
  readInstanceTypes,
} from '@everynode/engine'
import type { OpContext } from './op.ts'

/** A cluster as the oracle of Karpenter takes it (oracle/karpenter/input.go). */
export interface KarpenterInput {
  readonly now?: string
  readonly nodePools?: readonly NodePool[]
  readonly instanceTypes?: unknown
  readonly instanceTypesByNodePool?: Readonly<Record<string, unknown>>
  readonly wellKnownLabels?: readonly string[]
  readonly daemonSets?: readonly DaemonSet[]
  readonly daemonPods?: readonly Pod[]
  readonly nodes?: readonly Node[]
  readonly nodeClaims?: readonly NodeClaim[]
  readonly pods?: readonly Pod[]
  readonly options?: KarpenterOptions
}

export interface KarpenterOptions {
  readonly preferencePolicy?: 'Respect' | 'Ignore'
  readonly minValuesPolicy?: 'Strict' | 'BestEffort'
  readonly ignoreDRARequests?: boolean
  readonly cpuRequests?: number
  readonly featureGates?: Readonly<Record<string, boolean>>
  readonly maxInstanceTypes?: number
}

/** The creation time of the first object that has none; each further one of its list is a second later. */
const EPOCH = Date.UTC(2026, 0, 1)
const NODE_CLASS = { group: 'karpenter.test.sh', kind: 'TestNodeClass', name: 'default' }
const UNSCHEDULABLE: Condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }

/** What every op of Karpenter needs to know beside the objects. */
export interface KarpenterSetting {
  readonly differences: KarpenterDifferences
  readonly rules: LabelRules
  readonly minValuesPolicy: 'Strict' | 'BestEffort'
  readonly ignoreDRARequests: boolean
}

export function settingOf({ wellKnownLabels = [], options }: KarpenterInput, context: OpContext): KarpenterSetting {
  return {
    differences: KARPENTER_DIFFERENCES[context.karpenterVersion ?? DEFAULT_KARPENTER_VERSION],
    rules: { wellKnown: new Set([...CORE_WELL_KNOWN_LABELS, ...wellKnownLabels]), aliases: CORE_LABEL_ALIASES },
    minValuesPolicy: options?.minValuesPolicy ?? 'Strict',
    ignoreDRARequests: options?.ignoreDRARequests ?? true,
  }
}

/** The instance types by NodePool: its own list where the input has one. */
export function instanceTypesOf(input: KarpenterInput): (nodePool: string) => readonly InstanceType[] {
  const shared = read(input.instanceTypes)
  const own = new Map(Object.entries(input.instanceTypesByNodePool ?? {}).map(([pool, types]) => [pool, read(types)]))
  return nodePool => own.get(nodePool) ?? shared
}

function read(types: unknown): readonly InstanceType[] {
  const { instanceTypes, problems } = readInstanceTypes(types)
  if (problems.length > 0) throw new Error(problems.map(({ place, text }) => `${place}: ${text}`).join('\n'))
  return instanceTypes
}

/** Karpenter's provider knows one kind of NodeClass. */
export function hasNodeClass(ref: { readonly group?: string; readonly kind?: string } | undefined): boolean {
  return ref?.group === NODE_CLASS.group && ref.kind === NODE_CLASS.kind
}

/**
 * Fills what the API server and the controllers would have set: UID, creation time in the order of the input, namespace, a NodePool's
 * class and a pod's phase and its condition. Lists come back in the order in which the oracle's API server lists them.
 */
export function completeInput<T extends KarpenterInput>(input: T): T & Required<Objects> {
  const loose = input.pods ?? []
  const pods = [...loose, ...(input.daemonPods ?? [])].map((pod, index) => completePod(pod, index))
  return {
    ...input,
    nodePools: (input.nodePools ?? []).map(pool => completeNodePool(pool)),
    daemonSets: (input.daemonSets ?? [])
      .map((one, index) => ({ ...one, metadata: completeMeta(one.metadata, 'daemonset', true, index) }))
      .sort(byName),
    pods: pods.slice(0, loose.length),
    daemonPods: pods.slice(loose.length),
    nodes: (input.nodes ?? []).map((one, index) => ({
      ...one,
      metadata: completeMeta(one.metadata, 'node', false, index),
    })),
    nodeClaims: (input.nodeClaims ?? []).map((one, index) => ({
      ...one,
      metadata: completeMeta(one.metadata, 'nodeclaim', false, index),
    })),
    listedPods: [...pods].sort(byName),
  }
}

/** The objects of an input, complete. */
export interface Objects {
  readonly nodePools: readonly NodePool[]
  readonly daemonSets: readonly DaemonSet[]
  readonly daemonPods: readonly Pod[]
  readonly nodes: readonly Node[]
  readonly nodeClaims: readonly NodeClaim[]
  readonly pods: readonly Pod[]
  /** All pods, by namespace and name. */
  readonly listedPods: readonly Pod[]
}

function completeMeta(meta: ObjectMeta | undefined, kind: string, namespaced: boolean, index: number): ObjectMeta {
  const namespace = namespaced ? meta?.namespace || 'default' : (meta?.namespace ?? '')
  return {
    ...meta,
    ...(namespace === '' ? {} : { namespace }),
    uid: meta?.uid || `${kind}:${namespace}/${meta?.name ?? ''}`,
    creationTimestamp: meta?.creationTimestamp || new Date(EPOCH + index * 1000).toISOString(),
  }
}

function completeNodePool(pool: NodePool): NodePool {
  const template = pool.spec?.template
  return {
    ...pool,
    metadata: completeMeta(pool.metadata, 'nodepool', false, 0),
    spec: {
      ...pool.spec,
      template: { ...template, spec: { ...template?.spec, nodeClassRef: template?.spec?.nodeClassRef ?? NODE_CLASS } },
    },
  }
}

function completePod(pod: Pod, index: number): Pod {
  const bound = Boolean(pod.spec.nodeName)
  const { status } = pod
  return {
    ...pod,
    metadata: completeMeta(pod.metadata, 'pod', true, index),
    status: {
      ...status,
      phase: status?.phase || (bound ? 'Running' : 'Pending'),
      ...(bound || status?.conditions ? {} : { conditions: [UNSCHEDULABLE] }),
    },
  }
}

function byName(a: { readonly metadata: ObjectMeta }, b: { readonly metadata: ObjectMeta }): number {
  const [left, right] = [a, b].map(({ metadata }) => [metadata.namespace ?? '', metadata.name ?? ''] as const)
  const at = left![0] === right![0] ? 1 : 0
  return left![at] < right![at] ? -1 : left![at] > right![at] ? 1 : 0
}
