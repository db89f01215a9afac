import type { Taint, Toleration } from '@everynode/engine'

/** Whether a toleration tolerates a taint, spelled out rule by rule. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  const { key = '', operator = '', value = '', effect = '' } = toleration
  const effectFits = effect === '' || effect === taint.effect
  const keyFits = key === '' || key === taint.key
  const valueFits =
    operator === 'Exists' || ((operator === '' || operator === 'Equal') && value === (taint.value ?? ''))
  return effectFits && keyFits && valueFits
}

/** Position of the first taint of these effects that nothing tolerates, or −1. */
export function firstUntolerated(
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
  effects: readonly string[],
): number {
  return taints.findIndex(
    taint => effects.includes(taint.effect) && !tolerations.some(toleration => tolerates(toleration, taint)),
  )
}
