import type { ChangeStep, ClusterDump, Forecast, Latencies, Latency, LatencyName, Node, Pod } from '../src/index.ts'
import { Forecaster } from '../src/index.ts'

const delay = (ms: number): Latency => ({ ms, spreadMs: [ms / 2, ms * 2], kind: 'delay' })
const constant = (ms: number): Latency => ({ ms, spreadMs: [ms, ms], kind: 'constant' })

/** Round figures in the range of a small control plane's. */
export const LATENCIES: Readonly<Record<LatencyName, Latency>> = {
  daemonSetToFirstPod: delay(10),
  daemonSetFirstToLastPod: delay(30),
  daemonPodReplaced: constant(0),
  replacementPod: delay(16),
  jobBackoff: constant(10_000),
  podSchedule: delay(30),
  podFirstVerdict: delay(46),
  schedulerCycle: delay(6),
  podRunning: delay(33),
  preemptionMarkToDelete: delay(28),
  podDeletingToFailed: delay(1000),
  podFailedToGone: delay(32),
} satisfies Latencies

export const node = (name: string, cpu = '2', more: Partial<Node> = {}): Node => ({
  metadata: { name, uid: name, labels: { 'kubernetes.io/hostname': name } },
  status: { allocatable: { cpu, memory: '8Gi', pods: '20' } },
  ...more,
})

interface PodShape {
  readonly name: string
  readonly on: string
  readonly cpu: string
  readonly priority?: number
  /** `ReplicaSet/web`. */
  readonly owner?: string
  /** Minute of its start. */
  readonly minute?: number
}

/** A running pod of namespace `apps`; its owner has its kind and name as uid. */
export function running({ name, on, cpu, priority = 0, owner, minute = 0 }: PodShape): Pod {
  const [kind = '', ownerName = ''] = owner?.split('/') ?? []
  return {
    metadata: {
      name,
      namespace: 'apps',
      uid: `uid of ${name}`,
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { app: ownerName || name },
      ...(owner && { ownerReferences: [{ kind, name: ownerName, uid: owner, controller: true }] }),
    },
    spec: { nodeName: on, priority, ...withCpu(cpu) },
    status: {
      phase: 'Running',
      startTime: `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`,
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' }],
    },
  }
}

export const withCpu = (cpu: string) => ({
  containers: [{ name: 'main', image: 'i', resources: { requests: { cpu } } }],
})

/** An owner of pods `running` names, with its template. */
export const owner = (kind: string, name: string, cpu: string, spec: object = {}) => ({
  kind,
  metadata: { name, namespace: 'apps', uid: `${kind}/${name}` },
  spec: {
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: withCpu(cpu) },
    ...spec,
  },
})

/** Applies a DaemonSet of namespace `agents` to the cluster. */
export function daemonSet(name: string, cpu: string, spec: object = {}, podSpec: object = {}): ChangeStep {
  return {
    atMs: 0,
    op: 'apply',
    object: {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name, namespace: 'agents' },
      spec: {
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { ...withCpu(cpu), ...podSpec } },
        ...spec,
      },
    } as object,
  }
}

/** A class of priority 1000. */
export const CLASS = { metadata: { name: 'high' }, value: 1000 }

const KNOWN: ClusterDump = {
  nodes: [],
  pods: [],
  priorityClasses: [CLASS],
  namespaces: ['apps', 'agents'].map(name => ({ metadata: { name } })),
  limitRanges: [],
  resourceQuotas: [],
  runtimeClasses: [],
  replicaSets: [],
  statefulSets: [],
}

/** A forecaster of a cluster of which every list is known. */
export function forecaster(dump: ClusterDump, ...changes: readonly ChangeStep[]): Forecaster {
  return new Forecaster({ ...KNOWN, ...dump }, { changes, latencies: LATENCIES })
}

/** `name on node`, or `name waits`, of pods that are not ending; generated ends of names are left out. */
export function places({ pods }: Forecast): readonly string[] {
  return pods
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata, spec }) => {
      const name = metadata.generateName?.replace(/-$/, '') ?? metadata.name
      return spec.nodeName ? `${name} on ${spec.nodeName}` : `${name} waits`
    })
    .sort()
}

/** Seeds enough to meet what happens often. */
export const SEEDS = Array.from({ length: 30 }, (_, seed) => seed)
