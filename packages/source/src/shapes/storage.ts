import { count, flag, list, nonEmptyText, object, quantity, shared, text } from '../project/shape.ts'
import { apiObject } from './core.ts'
import { labelSelector } from './meta.ts'

// k8s.io/api storage/v1/types.go, v1.36.2.

export const storageClass = apiObject({
  provisioner: text,
  volumeBindingMode: text,
  allowedTopologies: shared(list(object({ matchLabelExpressions: list(object({ key: text, values: list(text) })) }))),
})

export const csiNode = apiObject({
  spec: object({
    drivers: list(object({ name: nonEmptyText, nodeID: text, allocatable: object({ count }) }, { required: ['name'] })),
  }),
})

export const csiDriver = apiObject({ spec: object({ storageCapacity: flag }) })

export const csiStorageCapacity = apiObject({
  storageClassName: text,
  nodeTopology: labelSelector,
  capacity: quantity,
  maximumVolumeSize: quantity,
})

export const volumeAttachment = apiObject({
  spec: object({ attacher: text, nodeName: text, source: object({ persistentVolumeName: text }) }),
})
