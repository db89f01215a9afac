import type { Namespace, Toleration } from '../../api/core.ts'
import type { FullPod } from '../pod-model.ts'
import { podQos } from '../qos.ts'
import type { Refused, TolerationConfiguration } from '../types.ts'
import { readTolerations } from './toleration-list.ts'
import { allowsTolerations, mergeTolerations } from './tolerations.ts'

/** Annotation of a namespace: tolerations that its pods get. */
export const DEFAULT_TOLERATIONS = 'scheduler.alpha.kubernetes.io/defaultTolerations'
/** Annotation of a namespace: tolerations that its pods may have. */
export const TOLERATIONS_WHITELIST = 'scheduler.alpha.kubernetes.io/tolerationsWhitelist'

const MEMORY_PRESSURE: Toleration = {
  key: 'node.kubernetes.io/memory-pressure',
  operator: 'Exists',
  effect: 'NoSchedule',
}

/**
 * The pod with the default tolerations of its namespace, or of the cluster where the namespace has none, and with one for memory
 * pressure unless it is BestEffort; refused where a whitelist does not allow the result
 * (kubernetes `plugin/pkg/admission/podtolerationrestriction/admission.go`, v1.36.2).
 */
export function applyPodTolerationRestriction(
  pod: FullPod,
  namespace: Namespace | undefined,
  config: TolerationConfiguration,
): FullPod | Refused {
  const given = listOf(namespace, DEFAULT_TOLERATIONS)
  if (given?.kind === 'refused') return given
  const defaults = given?.tolerations ?? config.default ?? []
  const isBestEffort = (pod.status?.qosClass || podQos(pod.spec)) === 'BestEffort'
  const extra = isBestEffort ? defaults : [...defaults, MEMORY_PRESSURE]
  const tolerations = mergeTolerations(pod.spec.tolerations ?? [], extra)
  const changed = extra.length === 0 ? pod : { ...pod, spec: { ...pod.spec, tolerations } }
  return podTolerationRestrictionViolation(changed, namespace, config) ?? changed
}

/** The refusal of a pod with a toleration that the whitelist of its namespace, or else of the cluster, does not have (same file). */
export function podTolerationRestrictionViolation(
  pod: FullPod,
  namespace: Namespace | undefined,
  config: TolerationConfiguration,
): Refused | undefined {
  const { tolerations = [] } = pod.spec
  if (tolerations.length === 0) return undefined
  const given = listOf(namespace, TOLERATIONS_WHITELIST)
  if (given?.kind === 'refused') return given
  const whitelist = given?.tolerations ?? config.whitelist ?? []
  if (whitelist.length === 0 || allowsTolerations(whitelist, tolerations)) return undefined
  const scope = given === undefined ? 'cluster' : 'namespace'
  return internalError(
    `pod tolerations (possibly merged with namespace default tolerations) conflict with its ${scope} whitelist`,
  )
}

/** The list of an annotation; undefined without the annotation. An empty text is an empty list. */
function listOf(
  namespace: Namespace | undefined,
  annotation: string,
): { readonly kind: 'list'; readonly tolerations: readonly Toleration[] } | Refused | undefined {
  const text = namespace?.metadata.annotations?.[annotation]
  if (text === undefined) return undefined
  const list = text === '' ? { kind: 'list' as const, tolerations: [] } : readTolerations(text)
  return list.kind === 'error' ? internalError(list.text) : list
}

/** The plugin's errors carry no status, so that the server answers 500 with the bare text. */
function internalError(message: string): Refused {
  return { kind: 'refused', by: 'PodTolerationRestriction', code: 500, message }
}
