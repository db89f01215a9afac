import {
  anyTime,
  flag,
  int64,
  list,
  nonEmptyText,
  type ObjectShape,
  object,
  pastTime,
  seenTime,
  shared,
  text,
  texts,
  textsWhere,
  uniqueName,
  uniqueText,
} from '../project/shape.ts'
import { isReadAnnotation } from './annotations.ts'

// apimachinery meta/v1/types.go, v1.36.2.

const ownerReference = object(
  { apiVersion: text, kind: nonEmptyText, name: nonEmptyText, uid: text, controller: flag },
  { required: ['kind', 'name'] },
)

const metadataFields = {
  name: uniqueText,
  generateName: text,
  namespace: text,
  uid: uniqueText,
  generation: int64,
  creationTimestamp: pastTime,
  deletionTimestamp: anyTime,
  deletionGracePeriodSeconds: int64,
  labels: texts,
  annotations: textsWhere(isReadAnnotation),
  ownerReferences: shared(list(ownerReference)),
  finalizers: shared(list(text)),
}

/** Metadata of a template, which needs no name. */
export const templateMetadata = shared(object({ ...metadataFields, name: text, uid: text }))

export const objectMetadata = object({ ...metadataFields, name: uniqueName }, { required: ['name'] })

/** Metadata with the names of those who wrote the object. */
export const ownedMetadata = object(
  { ...metadataFields, name: uniqueName, managedFields: shared(list(object({ manager: text }))) },
  { required: ['name'] },
)

const requirement = object(
  { key: nonEmptyText, operator: nonEmptyText, values: list(text) },
  { required: ['key', 'operator'] },
)

export const selectorRequirement = requirement

export const labelSelector: ObjectShape = shared(object({ matchLabels: texts, matchExpressions: list(requirement) }))

const conditionFields = {
  type: nonEmptyText,
  status: text,
  reason: text,
  message: text,
  lastTransitionTime: pastTime,
  lastHeartbeatTime: seenTime,
  observedGeneration: int64,
} as const

export const condition = object(conditionFields, { required: ['type', 'status'] })
