import type { Taint, Toleration } from './api/core.ts'

/** Which taints count: for scheduling and for DaemonSets, for pods that run already, for scoring. */
export type TaintEffects = 'NoScheduleOrNoExecute' | 'NoExecute' | 'PreferNoSchedule'

/**
 * Whether a toleration tolerates a taint. An empty key or effect stands for any; `Lt` and `Gt` never do, as their gate is off
 * by default (`ToleratesTaint`, k8s.io/api `core/v1/toleration.go`, v0.36.2).
 */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false
  if (toleration.key && toleration.key !== taint.key) return false
  if (toleration.operator === 'Exists') return true
  return (!toleration.operator || toleration.operator === 'Equal') && (toleration.value ?? '') === (taint.value ?? '')
}

/**
 * Index of the first taint of these effects that no toleration tolerates, or −1 (`FindMatchingUntoleratedTaint`,
 * component-helpers `scheduling/corev1/helpers.go`, v0.36.2).
 */
export function findUntoleratedTaint(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
  effects: TaintEffects,
): number {
  if (!taints) return -1
  for (let i = 0; i < taints.length; i++) {
    const taint = taints[i]!
    if (counts(taint, effects) && !isTolerated(taint, tolerations)) return i
  }
  return -1
}

function counts({ effect }: Taint, effects: TaintEffects): boolean {
  return effects === 'NoScheduleOrNoExecute' ? effect === 'NoSchedule' || effect === 'NoExecute' : effect === effects
}

/** Whether any of the tolerations tolerates the taint. */
export function isTolerated(taint: Taint, tolerations: readonly Toleration[] | undefined): boolean {
  if (tolerations) for (const toleration of tolerations) if (tolerates(toleration, taint)) return true
  return false
}
