import fc from 'fast-check'
import type {
  Choose,
  ControllerRevision,
  DaemonSet,
  DaemonSetSpec,
  DaemonSetSync,
  DaemonSetSyncInput,
  Node,
  Pod,
} from '../src/index.ts'
import { daemonPod } from '../src/index.ts'

export const NOW = '2026-01-01T12:00:00Z'
const OWNER = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: 'agent-uid', controller: true }

/** A DaemonSet as the API server stores it, whose present template no revision has yet. */
export function agent(spec: Partial<DaemonSetSpec> = {}): DaemonSet {
  return {
    metadata: { name: 'agent', namespace: 'monitoring', uid: 'agent-uid', generation: 2 },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: {
        metadata: { labels: { app: 'agent' } },
        spec: { nodeSelector: { pool: 'a' }, containers: [{ name: 'agent', image: 'agent:2' }] },
      },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      revisionHistoryLimit: 10,
      ...spec,
    },
    status: { observedGeneration: 1 },
  }
}

export interface PodOptions {
  readonly hash: string
  readonly state: 'ready' | 'not ready' | 'failed' | 'succeeded' | 'terminating'
  readonly readySince?: string
  readonly orphan?: boolean
}

/** A pod of the DaemonSet on a node. */
export function pod(name: string, nodeName: string, { hash, state, readySince, orphan }: PodOptions): Pod {
  const phase = state === 'failed' ? 'Failed' : state === 'succeeded' ? 'Succeeded' : 'Running'
  const status = state === 'ready' || state === 'terminating' ? 'True' : 'False'
  return {
    metadata: {
      name,
      namespace: 'monitoring',
      labels: { app: 'agent', 'controller-revision-hash': hash },
      creationTimestamp: '2026-01-01T10:00:00Z',
      ...(!orphan && { ownerReferences: [OWNER] }),
      ...(state === 'terminating' && { deletionTimestamp: NOW }),
    },
    spec: { nodeName },
    status: {
      phase,
      conditions: [{ type: 'Ready', status, lastTransitionTime: readySince ?? '2026-01-01T10:00:00Z' }],
    },
  }
}

/** What the controller sees, and a number that draws its lots. */
export interface DaemonWorld {
  readonly input: DaemonSetSyncInput
  readonly seed: number
}

const limit = fc.constantFrom<number | string>(1, 2, 3, '1%', '34%', '50%', '100%')
const rolling = fc.oneof(
  limit.map(maxUnavailable => ({ maxUnavailable, maxSurge: 0 })),
  limit.map(maxSurge => ({ maxUnavailable: 0, maxSurge })),
)
const podOptions = fc.record({
  hash: fc.constantFrom('old', 'old', 'new'),
  state: fc.constantFrom<PodOptions['state']>(
    'ready',
    'ready',
    'ready',
    'not ready',
    'failed',
    'succeeded',
    'terminating',
  ),
  orphan: fc.constantFrom(false, false, false, true),
})
const onePod = fc.array(podOptions, { minLength: 1, maxLength: 1 })
const nodeOptions = fc.record({
  kind: fc.constantFrom('wanted', 'wanted', 'wanted', 'kept', 'evicted', 'other pool'),
  pods: fc.oneof({ weight: 3, arbitrary: onePod }, fc.array(podOptions, { maxLength: 3 })),
})
/** With nothing to repair. */
const rollingNodeOptions = fc.record({
  kind: fc.constantFrom('wanted', 'wanted', 'wanted', 'kept'),
  pods: fc
    .record({
      hash: fc.constantFrom('old', 'old', 'new'),
      state: fc.constantFrom<PodOptions['state']>('ready', 'ready', 'ready', 'not ready'),
    })
    .map(options => [options]),
})

/** A DaemonSet on a few nodes before, in or after a rollout, with pods that are missing, too many, failed or nobody's. */
export const daemonWorld: fc.Arbitrary<DaemonWorld> = worldOf(nodeOptions)

/** A DaemonSet whose rollout may go on: each node has one pod that runs. */
export const rollingWorld: fc.Arbitrary<DaemonWorld> = worldOf(rollingNodeOptions)

function worldOf(
  options: fc.Arbitrary<{ readonly kind: string; readonly pods: readonly PodOptions[] }>,
): fc.Arbitrary<DaemonWorld> {
  return fc
    .record({
      rolling,
      minReadySeconds: fc.constantFrom(0, 10),
      nodes: fc.array(options, { minLength: 1, maxLength: 8 }),
      seed: fc.nat(),
    })
    .map(({ rolling: rollingUpdate, minReadySeconds, nodes, seed }) => ({
      seed,
      input: {
        daemonSet: agent({ updateStrategy: { type: 'RollingUpdate', rollingUpdate }, minReadySeconds }),
        controllerRevisions: [revision('old', 'agent:1', 1), revision('new', 'agent:2', 2)],
        nodes: nodes.map(({ kind }, index) => node(`node-${index}`, kind)),
        pods: nodes.flatMap(({ pods }, index) =>
          pods.map((one, count) => pod(`agent-${index}-${count}`, `node-${index}`, one)),
        ),
        now: NOW,
      },
    }))
}

function node(name: string, kind: string): Node {
  const effect = kind === 'kept' ? 'NoSchedule' : kind === 'evicted' ? 'NoExecute' : undefined
  return {
    metadata: { name, labels: { pool: kind === 'other pool' ? 'b' : 'a' } },
    spec: { ...(effect && { taints: [{ key: 'dedicated', effect }] }) },
  }
}

/** A revision as the controller stores it. */
export function revision(hash: string, image: string, number: number): ControllerRevision {
  const template = {
    $patch: 'replace',
    metadata: { labels: { app: 'agent' } },
    spec: { nodeSelector: { pool: 'a' }, containers: [{ name: 'agent', image, resources: {} }] },
  }
  return {
    metadata: {
      name: `agent-${hash}`,
      namespace: 'monitoring',
      labels: { app: 'agent', 'controller-revision-hash': hash },
      ownerReferences: [OWNER],
    },
    revision: number,
    data: { spec: { template } },
  }
}

/** The list in an order that the seed decides. */
export function shuffledBy<T>(seed: number, list: readonly T[]): readonly T[] {
  const random = mulberry(seed)
  return list
    .map(element => ({ element, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ element }) => element)
}

/** Draws lots as the seed decides. */
export function lotOf(seed: number): Choose {
  return (n, from) => shuffledBy(seed, from).slice(0, n)
}

function mulberry(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}

/** The world some time after a sync: its writes are done, pods that were going are gone, and new ones are ready. */
export function afterSync(input: DaemonSetSyncInput, sync: DaemonSetSync): DaemonSetSyncInput {
  const { daemonSet, now } = input
  const later = new Date(Date.parse(now) + (sync.requeueAfter ?? 1) * 1000).toISOString()
  const { hash = '' } = sync
  const gone = new Set([...sync.deletes.taken, ...sync.releases])
  const staying = input.pods
    .filter(({ metadata }) => !gone.has(metadata.name ?? '') && !metadata.deletionTimestamp)
    .map(old => adopted(settled(old, hash), sync))
  const made = sync.creates.taken.map((nodeName): Pod => {
    const { metadata, spec } = daemonPod(daemonSet, nodeName, { hash })
    return {
      metadata: { ...metadata, name: `agent-${nodeName}-${later}`, creationTimestamp: now },
      spec: { ...spec, nodeName },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: now }] },
    }
  })
  return {
    ...input,
    now: later,
    daemonSet: sync.status ? { ...daemonSet, status: sync.status } : daemonSet,
    controllerRevisions: sync.revisions.reduce(written, input.controllerRevisions),
    pods: [...staying, ...made],
    kills: {
      ...input.kills,
      ...Object.fromEntries(sync.kills.map(node => [node, [...(input.kills?.[node] ?? []), now]])),
    },
  }
}

/** A pod of the present template that was not ready becomes so. */
function settled(one: Pod, hash: string): Pod {
  if (one.metadata.labels?.['controller-revision-hash'] !== hash || one.status?.phase !== 'Running') return one
  const since = { type: 'Ready', status: 'True', lastTransitionTime: '2026-01-01T10:00:00Z' }
  return one.status.conditions?.[0]?.status === 'True'
    ? one
    : { ...one, status: { ...one.status, conditions: [since] } }
}

function adopted(one: Pod, { adopts }: DaemonSetSync): Pod {
  if (!adopts.includes(one.metadata.name ?? '')) return one
  return { ...one, metadata: { ...one.metadata, ownerReferences: [OWNER] } }
}

function written(
  revisions: readonly ControllerRevision[],
  write: DaemonSetSync['revisions'][number],
): readonly ControllerRevision[] {
  const others = revisions.filter(({ metadata }) => metadata.name !== write.name)
  return write.kind === 'create' || write.kind === 'update' ? [...others, write.revision] : others
}
