import type { Namespace } from '../../api/core.ts'
import type { StringMap } from '../../api/meta.ts'
import { labelKeyErrors, labelValueErrors } from '../../labels/syntax.ts'
import type { VersionDifferences } from '../../versions.ts'
import { forbiddenObject, invalid } from '../field-errors.ts'
import type { FullPod } from '../pod-model.ts'
import type { Refused } from '../types.ts'

/** Annotation of a namespace: labels that its pods select nodes by. */
export const NODE_SELECTOR = 'scheduler.alpha.kubernetes.io/node-selector'

const CLUSTER_DEFAULT = 'clusterDefaultNodeSelector'
const SPACE = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+'
const OUTER_SPACE = new RegExp(`^${SPACE}|${SPACE}$`, 'g')

/** How errors of one version read. */
type Words = Pick<VersionDifferences, 'labelKeyNoun' | 'lengthUnit'>
type Labels = ReadonlyMap<string, string>
type LabelsResult = { readonly kind: 'labels'; readonly labels: Labels } | Refused

/**
 * The pod with the node selector of its namespace added, or of the cluster where the namespace has none; refused where the two
 * conflict or the result is not of the namespace's whitelist (kubernetes `plugin/pkg/admission/podnodeselector/admission.go`, v1.36.2).
 * `config` is `podNodeSelectorPluginConfig`: the cluster's default, and whitelists by namespace.
 */
export function applyPodNodeSelector(
  pod: FullPod,
  namespace: Namespace | undefined,
  config: StringMap,
  words: Words,
): FullPod | Refused {
  const selector = namespaceSelector(namespace, config, words)
  if (selector.kind === 'refused') return selector
  const merged = new Map([...selector.labels, ...labelsOf(pod)])
  const { nodeSelector: _, ...spec } = pod.spec
  const changed = merged.size === 0 ? { ...pod, spec } : { ...pod, spec: { ...spec, nodeSelector: asObject(merged) } }
  return podNodeSelectorViolation(changed, namespace, config, words) ?? changed
}

/** The refusal of a pod whose node selector conflicts with its namespace's or is not of its whitelist (same file). */
export function podNodeSelectorViolation(
  pod: FullPod,
  namespace: Namespace | undefined,
  config: StringMap,
  words: Words,
): Refused | undefined {
  const selector = namespaceSelector(namespace, config, words)
  if (selector.kind === 'refused') return selector
  const own = labelsOf(pod)
  if ([...own].some(([key, value]) => (selector.labels.get(key) ?? value) !== value)) {
    return forbidden(pod, 'pod node label selector conflicts with its namespace node label selector')
  }
  const whitelist = parsed(textOf(config, pod.metadata.namespace ?? ''), words)
  if (whitelist.kind === 'refused') return whitelist
  const isAllowed = whitelist.labels.size === 0 || [...own].every(([key, value]) => whitelist.labels.get(key) === value)
  return isAllowed ? undefined : forbidden(pod, 'pod node label selector labels conflict with its namespace whitelist')
}

function namespaceSelector(namespace: Namespace | undefined, config: StringMap, words: Words): LabelsResult {
  return parsed(namespace?.metadata.annotations?.[NODE_SELECTOR] ?? textOf(config, CLUSTER_DEFAULT), words)
}

/** `a=b,c=d` as labels (`ConvertSelectorToLabelsMap`, apimachinery `pkg/labels/labels.go`, v0.36.2). */
function parsed(text: string, words: Words): LabelsResult {
  const labels = new Map<string, string>()
  for (const part of text === '' ? [] : text.split(',')) {
    const sides = part.split('=')
    if (sides.length !== 2) return internalError(`invalid selector: [${sides.join(' ')}]`)
    const [key = '', value = ''] = sides.map(side => side.replace(OUTER_SPACE, ''))
    const keyErrors = labelKeyErrors(key, words.labelKeyNoun, words.lengthUnit)
    if (keyErrors.length > 0) return internalError(invalid('<nil>', key, keyErrors.join('; ')))
    const valueErrors = labelValueErrors(value, words.lengthUnit)
    if (valueErrors.length > 0) return internalError(invalid(`[${key}]`, value, valueErrors.join('; ')))
    labels.set(key, value)
  }
  return { kind: 'labels', labels }
}

function textOf(config: StringMap, name: string): string {
  return Object.hasOwn(config, name) ? (config[name] ?? '') : ''
}

function labelsOf({ spec }: FullPod): Labels {
  return new Map(Object.entries(spec.nodeSelector ?? {}))
}

function asObject(labels: Labels): StringMap {
  return Object.fromEntries([...labels].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}

/** A pod whose name is not generated yet has none in this text. */
function forbidden(pod: FullPod, reason: string): Refused {
  const message = forbiddenObject('pods', pod.metadata.name ?? '', reason)
  return { kind: 'refused', by: 'PodNodeSelector', code: 403, message }
}

function internalError(message: string): Refused {
  return { kind: 'refused', by: 'PodNodeSelector', code: 500, message }
}
