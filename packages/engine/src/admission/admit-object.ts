import type { PriorityClass, RuntimeClass } from '../api/apps.ts'
import type { LimitRange, Namespace, ResourceQuota } from '../api/core.ts'
import type { KubeObject } from '../api/meta.ts'
import { cannotBeHandled, decode } from './decode.ts'
import {
  defaultLimitRange,
  defaultPriorityClass,
  defaultResourceQuota,
  defaultRuntimeClass,
} from './defaults/objects.ts'
import { forbiddenObject, invalidObject } from './field-errors.ts'
import { defaultPriorityClassOf } from './plugins/priority.ts'
import { securityLabelErrors } from './pod-security/levels.ts'
import { ApiSchema } from './schema/api-schema.ts'
import type { AdmissionWorld, Refused } from './types.ts'
import { limitRangeErrors } from './validation/limit-range.ts'
import { priorityClassErrors, priorityClassUpdateErrors } from './validation/priority-class.ts'
import { resourceQuotaErrors } from './validation/resource-quota.ts'
import { runtimeClassErrors } from './validation/runtime-class.ts'

/** What the API server makes of an object that admission of pods reads. */
export type ObjectAnswer =
  | { readonly kind: 'stored'; readonly object: KubeObject }
  | Refused
  /** Of a kind that is not checked here. */
  | { readonly kind: 'unknown'; readonly detail: string }

/**
 * What the API server makes of a new LimitRange, PriorityClass, ResourceQuota, RuntimeClass or Namespace: with its defaults, or refused
 * in its words (kubernetes `pkg/apis/{core,scheduling,node}/validation`, v1.36.2). An object without a namespace is of `default`.
 */
export function admitObject(object: KubeObject, world: AdmissionWorld): ObjectAnswer {
  const kind = object.kind ?? ''
  const decoded = decodeObject(object, kind)
  if (decoded.kind !== 'object') return decoded
  switch (kind) {
    case 'LimitRange': {
      const limitRange = defaultLimitRange(inNamespace(decoded.object as LimitRange))
      return answer(limitRange, 'LimitRange', limitRangeErrors(limitRange))
    }
    case 'ResourceQuota': {
      const quota = defaultResourceQuota(inNamespace(decoded.object as ResourceQuota))
      return answer(withoutEmptyValues(quota), 'ResourceQuota', resourceQuotaErrors(quota))
    }
    case 'RuntimeClass': {
      const runtimeClass = defaultRuntimeClass(decoded.object as RuntimeClass)
      return answer(runtimeClass, 'RuntimeClass.node.k8s.io', runtimeClassErrors(runtimeClass))
    }
    case 'PriorityClass': {
      const priorityClass = defaultPriorityClass(decoded.object as PriorityClass)
      const checked = answer(priorityClass, PRIORITY_CLASS, priorityClassErrors(priorityClass))
      return checked.kind === 'stored' ? (secondDefault(priorityClass, world) ?? checked) : checked
    }
    case 'Namespace': {
      const namespace = decoded.object as Namespace
      return answer(namespace, 'Namespace', securityLabelErrors(namespace.metadata.labels))
    }
    default:
      return { kind: 'unknown', detail: `objects of kind ${kind || 'unknown'} are not checked` }
  }
}

/** Errors tell an empty list of values from none; storage does not. */
function withoutEmptyValues(quota: ResourceQuota): ResourceQuota {
  const { scopeSelector } = quota.spec ?? {}
  if (scopeSelector?.matchExpressions === undefined) return quota
  const matchExpressions = scopeSelector.matchExpressions.map(({ values = [], ...expression }) =>
    values.length === 0 ? expression : { ...expression, values },
  )
  return { ...quota, spec: { ...quota.spec, scopeSelector: { ...scopeSelector, matchExpressions } } }
}

const PRIORITY_CLASS = 'PriorityClass.scheduling.k8s.io'

/** What the API server makes of a changed PriorityClass, of which little may change. */
export function changePriorityClass(changed: PriorityClass, world: AdmissionWorld): ObjectAnswer {
  const decoded = decodeObject(changed, 'PriorityClass')
  if (decoded.kind !== 'object') return decoded
  const object = defaultPriorityClass(decoded.object as PriorityClass)
  const name = object.metadata.name ?? ''
  const stored = world.priorityClasses?.find(({ metadata }) => metadata.name === name)
  if (stored === undefined) {
    const message = `priorityclasses.scheduling.k8s.io "${name}" not found`
    return { kind: 'refused', by: 'storage', code: 404, message }
  }
  const checked = answer(object, PRIORITY_CLASS, priorityClassUpdateErrors(object, defaultPriorityClass(stored)))
  return checked.kind === 'stored' ? (secondDefault(object, world, name) ?? checked) : checked
}

function secondDefault(object: PriorityClass, world: AdmissionWorld, except?: string): Refused | undefined {
  if (!object.globalDefault) return undefined
  const other = defaultPriorityClassOf(world.priorityClasses ?? [])?.metadata.name
  if (other === undefined || other === except) return undefined
  const reason = `PriorityClass ${other} is already marked as default. Only one default can exist`
  const message = forbiddenObject('priorityclasses.scheduling.k8s.io', object.metadata.name ?? '', reason)
  return { kind: 'refused', by: 'Priority', code: 403, message }
}

const KINDS: readonly string[] = ['LimitRange', 'ResourceQuota', 'RuntimeClass', 'PriorityClass', 'Namespace']

function decodeObject(
  object: KubeObject,
  kind: string,
):
  | { readonly kind: 'object'; readonly object: KubeObject }
  | Refused
  | { readonly kind: 'unknown'; readonly detail: string } {
  if (!KINDS.includes(kind)) return { kind: 'unknown', detail: `objects of kind ${kind || 'unknown'} are not checked` }
  const decoded = decode(object, ApiSchema.shared.struct(kind))
  if (decoded.kind === 'object') return { kind: 'object', object: decoded.object as unknown as KubeObject }
  return { kind: 'refused', by: 'decoding', code: 400, message: cannotBeHandled(kind, decoded) }
}

function answer(object: KubeObject, kind: string, errors: readonly string[]): ObjectAnswer {
  if (errors.length === 0) return { kind: 'stored', object }
  const message = invalidObject(kind, object.metadata?.name ?? '', errors)
  return { kind: 'refused', by: 'validation', code: 422, message }
}

function inNamespace<T extends { readonly metadata: NonNullable<KubeObject['metadata']> }>(object: T): T {
  return object.metadata.namespace ? object : { ...object, metadata: { ...object.metadata, namespace: 'default' } }
}
