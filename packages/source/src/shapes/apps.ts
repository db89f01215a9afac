import { count, countOrPercent, flag, int32, int64, list, object, quantities, text, texts } from '../project/shape.ts'
import { apiObject } from './core.ts'
import { labelSelector, objectMetadata, ownedMetadata, templateMetadata } from './meta.ts'
import { podSpec, toleration } from './pod-spec.ts'

// k8s.io/api apps/v1, batch/v1, policy/v1, scheduling/v1, node/v1, storage/v1, v1.36.2.

const podTemplate = object({ metadata: templateMetadata, spec: podSpec }, { required: ['spec'] })

export const daemonSet = apiObject(
  {
    spec: object(
      {
        selector: labelSelector,
        template: podTemplate,
        updateStrategy: object({
          type: text,
          rollingUpdate: object({ maxUnavailable: countOrPercent, maxSurge: countOrPercent }),
        }),
        minReadySeconds: count,
        revisionHistoryLimit: count,
      },
      { required: ['template'] },
    ),
    status: object({
      currentNumberScheduled: int32,
      numberMisscheduled: int32,
      desiredNumberScheduled: int32,
      numberReady: int32,
      observedGeneration: int64,
      updatedNumberScheduled: int32,
      numberAvailable: int32,
      numberUnavailable: int32,
      collisionCount: int32,
    }),
  },
  ['spec'],
  ownedMetadata,
)

/** A DaemonSet's or StatefulSet's revision: a patch that holds the whole template. */
export const controllerRevision = apiObject({
  revision: int64,
  data: object({ spec: object({ template: podTemplate }) }),
})

function workloadOf(metadata: typeof objectMetadata) {
  return apiObject(
    {
      spec: object({ replicas: count, selector: labelSelector, template: podTemplate }),
      status: object({ replicas: int32, readyReplicas: int32 }),
    },
    [],
    metadata,
  )
}

export const workload = workloadOf(objectMetadata)
export const deployment = workloadOf(ownedMetadata)

export const job = apiObject({
  spec: object({ parallelism: count, completions: count, template: podTemplate }),
  status: object({ active: int32 }),
})

export const podDisruptionBudget = apiObject({
  spec: object({
    selector: labelSelector,
    minAvailable: countOrPercent,
    maxUnavailable: countOrPercent,
    unhealthyPodEvictionPolicy: text,
  }),
  status: object({
    disruptionsAllowed: int32,
    currentHealthy: int32,
    desiredHealthy: int32,
    expectedPods: int32,
    disruptedPods: texts,
  }),
})

export const priorityClass = apiObject(
  { value: int32, globalDefault: flag, preemptionPolicy: text, description: text },
  [],
  ownedMetadata,
)

export const runtimeClass = apiObject({
  handler: text,
  overhead: object({ podFixed: quantities }),
  scheduling: object({ nodeSelector: texts, tolerations: list(toleration) }),
})

/** An object that is read for its presence only. */
export const other = apiObject({})
