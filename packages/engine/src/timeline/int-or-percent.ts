import type { IntOrString } from '../api/apps.ts'

/** A count, or a percentage of `total` rounded to a whole one; 0 where the text is neither (`GetScaledValueFromIntOrPercent`, apimachinery `pkg/util/intstr`, v0.36.2). */
export function scaled(value: IntOrString, total: number, round: 'up' | 'down' = 'up'): number {
  if (typeof value === 'number') return value
  const percent = /^(\d+)%$/.exec(value)
  const exact = percent === null ? 0 : (Number(percent[1]) * total) / 100
  return round === 'up' ? Math.ceil(exact) : Math.floor(exact)
}
