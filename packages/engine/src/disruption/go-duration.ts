const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
])

const LIMIT = 1n << 63n

/** Nanoseconds in a millisecond, the unit of the engine's clock times. */
export const NANOSECONDS_PER_MS = 1_000_000n

/**
 * A duration such as `1h30m` in nanoseconds, or undefined where Go refuses the text: no unit, an unknown one, or more than an
 * int64 holds (`time.ParseDuration`, Go 1.26 src/time/format.go).
 */
export function parseGoDuration(text: string): bigint | undefined {
  const sign = /^[-+]/.exec(text)?.[0]
  const negative = sign === '-'
  let rest = sign === undefined ? text : text.slice(1)
  if (rest === '0') return 0n
  if (rest === '') return undefined
  let sum = 0n
  while (rest !== '') {
    const part = /^([0-9]*)(?:\.([0-9]*))?([^0-9.]+)/.exec(rest)
    if (part === null) return undefined
    const [all, whole = '', fraction = '', name = ''] = part
    const unit = UNITS.get(name)
    if (unit === undefined || (whole === '' && fraction === '')) return undefined
    const nanoseconds = BigInt(whole === '' ? 0 : whole) * unit + fractionOf(fraction, unit)
    sum += nanoseconds
    if (nanoseconds > LIMIT || sum > LIMIT) return undefined
    rest = rest.slice(all.length)
  }
  if (negative) return -sum
  return sum === LIMIT ? undefined : sum
}

/** Go multiplies a fraction as a double and cuts off what is below a nanosecond; digits that no int64 holds are dropped. */
function fractionOf(digits: string, unit: bigint): bigint {
  let value = 0n
  let scale = 1
  for (const digit of digits) {
    const next = value * 10n + BigInt(digit)
    if (value > (LIMIT - 1n) / 10n || next > LIMIT) break
    value = next
    scale *= 10
  }
  return value === 0n ? 0n : BigInt(Math.trunc(Number(value) * (Number(unit) / scale)))
}

/** Seconds of a duration as Go's `Duration.Seconds` gives them: the whole ones and the rest are added as doubles. */
export function secondsOf(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000_000n) + Number(nanoseconds % 1_000_000_000n) / 1e9
}
