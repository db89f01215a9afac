import type { Toleration } from '../../api/core.ts'
import type { FullPod } from '../pod-model.ts'

const SECONDS = 300
const KEYS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']

/** The pod with 300 s of toleration for nodes that are not ready or unreachable, unless it says something of either itself (kubernetes `plugin/pkg/admission/defaulttolerationseconds/admission.go`, v1.36.2). */
export function applyDefaultTolerations(pod: FullPod): FullPod {
  const { tolerations = [] } = pod.spec
  const missing = KEYS.filter(key => !tolerations.some(toleration => saysSomethingOf(toleration, key)))
  if (missing.length === 0) return pod
  const added = missing.map(key => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: SECONDS }))
  return { ...pod, spec: { ...pod.spec, tolerations: [...tolerations, ...added] } }
}

function saysSomethingOf(toleration: Toleration, key: string): boolean {
  return (!toleration.key || toleration.key === key) && (!toleration.effect || toleration.effect === 'NoExecute')
}

/** Both lists without tolerations that another one covers; the first of equals stays (`MergeTolerations`, kubernetes `pkg/util/tolerations/tolerations.go`, v1.36.2). */
export function mergeTolerations(first: readonly Toleration[], second: readonly Toleration[]): readonly Toleration[] {
  const all = [...first, ...second]
  const merged: Toleration[] = []
  all.forEach((toleration, index) => {
    if (merged.some(kept => covers(kept, toleration))) return
    const later = all.slice(index + 1)
    if (later.some(other => !isSame(other, toleration) && covers(other, toleration))) return
    merged.push(toleration)
  })
  return merged
}

/** Whether each toleration is covered by one of the whitelist (`VerifyAgainstWhitelist`, same file). */
export function allowsTolerations(whitelist: readonly Toleration[], tolerations: readonly Toleration[]): boolean {
  return tolerations.every(toleration => whitelist.some(allowed => covers(allowed, toleration)))
}

function isSame(a: Toleration, b: Toleration): boolean {
  return (
    (a.key ?? '') === (b.key ?? '') &&
    (a.operator ?? '') === (b.operator ?? '') &&
    (a.value ?? '') === (b.value ?? '') &&
    (a.effect ?? '') === (b.effect ?? '') &&
    a.tolerationSeconds === b.tolerationSeconds
  )
}

function covers(wide: Toleration, narrow: Toleration): boolean {
  if (isSame(wide, narrow)) return true
  const { key = '', operator = '', value = '', effect = '', tolerationSeconds: seconds } = wide
  if ((narrow.key ?? '') !== key && (key !== '' || operator !== 'Exists')) return false
  if ((narrow.effect ?? '') !== effect && effect !== '') return false
  if (effect === 'NoExecute' && seconds !== undefined) {
    if (narrow.tolerationSeconds === undefined || narrow.tolerationSeconds > seconds) return false
  }
  if (operator === 'Exists') return true
  return (operator === '' || operator === 'Equal') && narrow.operator === 'Equal' && (narrow.value ?? '') === value
}
