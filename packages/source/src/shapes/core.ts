import {
  count,
  flag,
  int32,
  int64,
  list,
  nonEmptyText,
  object,
  pastTime,
  quantities,
  type Shape,
  seenTime,
  shared,
  text,
  texts,
} from '../project/shape.ts'
import { condition, labelSelector, objectMetadata } from './meta.ts'
import { nodeSelector, podSpec, resourceRequirements, taint } from './pod-spec.ts'

// k8s.io/api core/v1/types.go, v1.36.2.

/** Every API object: its type, its metadata, and what else is read. */
export function apiObject(
  fields: Readonly<Record<string, Shape>>,
  required: readonly string[] = [],
  metadata = objectMetadata,
) {
  return object({ apiVersion: text, kind: text, metadata, ...fields }, { required: ['metadata', ...required] })
}

const containerStatus = object(
  {
    name: nonEmptyText,
    ready: flag,
    resources: resourceRequirements,
    allocatedResources: quantities,
    restartCount: int32,
    state: object({ waiting: object({ reason: text, message: text }) }),
  },
  { required: ['name'] },
)

/** Steps of a pod's start that `Ready` sums up. */
const STEPS: ReadonlySet<unknown> = new Set(['Initialized', 'ContainersReady', 'PodReadyToStartContainers'])

function isStep(element: unknown): boolean {
  return STEPS.has((element as { readonly type?: unknown }).type)
}

export const pod = apiObject(
  {
    spec: podSpec,
    status: object({
      phase: text,
      reason: text,
      message: text,
      conditions: list(condition, isStep),
      startTime: pastTime,
      nominatedNodeName: text,
      containerStatuses: shared(list(containerStatus)),
      initContainerStatuses: shared(list(containerStatus)),
      resources: resourceRequirements,
      allocatedResources: quantities,
      resize: text,
      qosClass: text,
    }),
  },
  ['spec'],
)

export const node = apiObject({
  spec: object({ unschedulable: flag, taints: list(taint), providerID: text }),
  status: object({
    capacity: quantities,
    allocatable: quantities,
    conditions: list(condition),
    images: shared(list(object({ names: list(text), sizeBytes: int64 }))),
    nodeInfo: shared(object({ kubeletVersion: text, operatingSystem: text, architecture: text })),
    declaredFeatures: shared(list(text)),
  }),
})

/** A node without allocatable has its capacity (kubernetes pkg/apis/core/v1/defaults.go, SetDefaults_NodeStatus, v1.36.2). */
export function completeNode(object: object): void {
  const { status } = object as { readonly status?: { allocatable?: object; readonly capacity?: object } }
  if (status?.capacity !== undefined) status.allocatable ??= status.capacity
}

export const namespace = apiObject({})

export const limitRange = apiObject({
  spec: object({
    limits: list(
      object(
        {
          type: nonEmptyText,
          max: quantities,
          min: quantities,
          default: quantities,
          defaultRequest: quantities,
          maxLimitRequestRatio: quantities,
        },
        { required: ['type'] },
      ),
    ),
  }),
})

export const resourceQuota = apiObject({
  spec: object({
    hard: quantities,
    scopes: list(text),
    scopeSelector: object({
      matchExpressions: list(
        object(
          { scopeName: nonEmptyText, operator: nonEmptyText, values: list(text) },
          { required: ['scopeName', 'operator'] },
        ),
      ),
    }),
  }),
  status: object({ hard: quantities, used: quantities }),
})

export const service = apiObject({ spec: object({ selector: texts }) })

export const persistentVolumeClaim = apiObject({
  spec: object({
    volumeName: text,
    storageClassName: text,
    accessModes: shared(list(text)),
    resources: resourceRequirements,
    selector: labelSelector,
    volumeMode: text,
    volumeAttributesClassName: text,
  }),
  status: object({ phase: text }),
})

export const persistentVolume = apiObject({
  spec: object(
    {
      capacity: quantities,
      accessModes: shared(list(text)),
      storageClassName: text,
      claimRef: object({ namespace: text, name: text, uid: text }),
      nodeAffinity: shared(object({ required: nodeSelector })),
      volumeMode: text,
      volumeAttributesClassName: text,
      csi: object({ driver: text, volumeHandle: text }),
      awsElasticBlockStore: object({ volumeID: text }),
      gcePersistentDisk: object({ pdName: text }),
    },
    { restAsPresence: true },
  ),
  status: object({ phase: text }),
})

const involvedObject = shared(object({ kind: text, namespace: text, name: text, uid: text }))

export const event = apiObject({
  type: text,
  reason: text,
  message: text,
  note: text,
  count,
  firstTimestamp: pastTime,
  lastTimestamp: pastTime,
  eventTime: pastTime,
  involvedObject,
  regarding: involvedObject,
  series: object({ count, lastObservedTime: seenTime }),
  // The names of events.k8s.io/v1.
  deprecatedCount: count,
  deprecatedFirstTimestamp: pastTime,
  deprecatedLastTimestamp: pastTime,
})
