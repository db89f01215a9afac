import type { Daemon, Quantities, Quantity } from '@everynode/engine'

/** Amounts as the oracle's answers show them: exact decimal text in base units. */
export function resourceResults(amounts: Quantities): Readonly<Record<string, string>> {
  return Object.fromEntries([...amounts].map(([name, quantity]) => [name, decimalText(quantity)]))
}

export function decimalText({ unscaled, scale }: Quantity): string {
  if (scale >= 0 || unscaled === 0n) return `${unscaled * 10n ** BigInt(Math.max(scale, 0))}`
  const digits = `${unscaled < 0n ? -unscaled : unscaled}`.padStart(1 - scale, '0')
  const fraction = digits.slice(scale).replace(/0+$/, '')
  const whole = digits.slice(0, scale)
  return `${unscaled < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

export function daemonSetNames(daemons: readonly Daemon[]): readonly string[] {
  return daemons.map(({ daemonSet }) => daemonSet).sort((a, b) => (a < b ? -1 : 1))
}
