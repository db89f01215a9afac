import type { Toleration } from '../../api/core.ts'
import { sortedKeys } from '../json.ts'
import type { FullPod } from '../pod-model.ts'
import { isExtended } from '../resource-names.ts'

/**
 * The pod with a toleration of `NoSchedule` for each extended resource that a container or an init container requests, by its name
 * (kubernetes `plugin/pkg/admission/extendedresourcetoleration/admission.go`, v1.36.2).
 */
export function applyExtendedResourceTolerations(pod: FullPod): FullPod {
  const requested: Record<string, true> = {}
  for (const { resources } of [...(pod.spec.containers ?? []), ...(pod.spec.initContainers ?? [])]) {
    for (const name of Object.keys(resources?.requests ?? {})) if (isExtended(name)) requested[name] = true
  }
  const names = sortedKeys(requested)
  if (names.length === 0) return pod
  const tolerations = names.reduce(withToleration, pod.spec.tolerations ?? [])
  return { ...pod, spec: { ...pod.spec, tolerations } }
}

/** One like it is replaced, which takes its seconds away (`AddOrUpdateTolerationInPod`, kubernetes `pkg/apis/core/helper/helpers.go`, v1.36.2). */
function withToleration(tolerations: readonly Toleration[], key: string): readonly Toleration[] {
  const added: Toleration = { key, operator: 'Exists', effect: 'NoSchedule' }
  const isLike = (other: Toleration): boolean =>
    other.key === key && other.operator === added.operator && other.effect === added.effect && !other.value
  return tolerations.some(isLike) ? tolerations.map(each => (isLike(each) ? added : each)) : [...tolerations, added]
}
