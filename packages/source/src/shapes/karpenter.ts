import { int32, int64, list, nonEmptyText, object, quantities, quantity, shared, text } from '../project/shape.ts'
import { apiObject } from './core.ts'
import { condition, ownedMetadata, templateMetadata } from './meta.ts'
import { taint } from './pod-spec.ts'

// karpenter.sh/v1 (sigs.k8s.io/karpenter pkg/apis/v1, v1.14.1).

const claimFields = {
  requirements: shared(
    list(
      object(
        { key: nonEmptyText, operator: nonEmptyText, values: list(text), minValues: int32 },
        { required: ['key', 'operator'] },
      ),
    ),
  ),
  taints: shared(list(taint)),
  startupTaints: shared(list(taint)),
  nodeClassRef: shared(object({ group: text, kind: text, name: text })),
  expireAfter: text,
  terminationGracePeriod: text,
}

export const nodePool = apiObject(
  {
    spec: object({
      template: object({ metadata: templateMetadata, spec: object(claimFields) }),
      disruption: object({
        budgets: list(object({ nodes: text, schedule: text, duration: text, reasons: list(text) })),
        consolidateAfter: text,
        consolidationPolicy: text,
      }),
      limits: quantities,
      weight: int32,
      replicas: int64,
    }),
    status: object({ conditions: list(condition), resources: quantities, nodes: quantity }),
  },
  [],
  ownedMetadata,
)

export const nodeClaim = apiObject({
  spec: object({ ...claimFields, resources: object({ requests: quantities }) }),
  status: object({
    nodeName: text,
    providerID: text,
    imageID: text,
    lastPodEventTime: text,
    capacity: quantities,
    allocatable: quantities,
    conditions: list(condition),
  }),
})
