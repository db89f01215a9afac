import type { RuntimeClass } from '../../api/apps.ts'
import type { ResourceList } from '../../api/meta.ts'
import { goQuote } from '../../go-text.ts'
import { compareQuantity } from '../../quantity.ts'
import { sortedKeys } from '../json.ts'
import type { FullPod } from '../pod-model.ts'
import { quantities } from '../quantities.ts'
import { mergeTolerations } from './tolerations.ts'

const DIFFERENT = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead"
const WITHOUT_CLASS = 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead'

/** The class of a pod: undefined if it names none, a text if there is none of the name. */
export function runtimeClassOf(
  pod: FullPod,
  classes: ReadonlyMap<string, RuntimeClass>,
): RuntimeClass | string | undefined {
  const name = pod.spec.runtimeClassName
  if (name === undefined) return undefined
  return classes.get(name) ?? `pod rejected: RuntimeClass ${goQuote(name)} not found`
}

/** The pod with its class's overhead, node selector and tolerations, or the reason of a refusal (kubernetes `plugin/pkg/admission/runtimeclass/admission.go`, v1.36.2). */
export function applyRuntimeClass(pod: FullPod, runtimeClass: RuntimeClass | undefined): FullPod | string {
  let { spec } = pod
  const { overhead, scheduling } = runtimeClass ?? {}
  if (overhead !== undefined) {
    const podFixed = overhead.podFixed ?? {}
    const given = spec.overhead ?? {}
    if (Object.keys(given).length > 0 && !isSameList(podFixed, given)) return DIFFERENT
    if (Object.keys(podFixed).length > 0) spec = { ...spec, overhead: podFixed }
  }
  if (scheduling !== undefined) {
    const selector = { ...spec.nodeSelector }
    for (const key of sortedKeys(scheduling.nodeSelector)) {
      const wanted = scheduling.nodeSelector?.[key] ?? ''
      const given = selector[key]
      if (given !== undefined && given !== wanted) {
        return `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${wanted}; pod.spec.nodeSelector[${key}] = ${given}`
      }
      selector[key] = wanted
    }
    const tolerations = mergeTolerations(spec.tolerations ?? [], scheduling.tolerations ?? [])
    spec = {
      ...spec,
      ...(Object.keys(selector).length === 0 ? {} : { nodeSelector: selector }),
      ...(tolerations.length === 0 ? {} : { tolerations }),
    }
  }
  return { ...pod, spec }
}

/** Why a pod's overhead is not its class's, which validation checks once more. */
export function overheadViolation(pod: FullPod, runtimeClass: RuntimeClass | undefined): string | undefined {
  const { overhead } = pod.spec
  if (runtimeClass?.overhead === undefined) return overhead === undefined ? undefined : WITHOUT_CLASS
  return isSameList(runtimeClass.overhead.podFixed ?? {}, overhead ?? {}) ? undefined : DIFFERENT
}

function isSameList(a: ResourceList, b: ResourceList): boolean {
  const left = quantities(a)
  const right = quantities(b)
  if (left.size !== right.size) return false
  for (const [name, amount] of left) {
    const other = right.get(name)
    if (other === undefined || compareQuantity(amount, other) !== 0) return false
  }
  return true
}
