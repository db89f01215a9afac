import { parseGoDuration } from './go-duration.ts'

/** When a schedule hits, in UTC. */
export type CronSchedule =
  | {
      readonly kind: 'fields'
      readonly minute: CronField
      readonly hour: CronField
      readonly dayOfMonth: CronField
      readonly month: CronField
      readonly dayOfWeek: CronField
    }
  /** `@every`: whole seconds. */
  | { readonly kind: 'every'; readonly seconds: bigint }

export interface CronError {
  readonly kind: 'error'
  /** In the parser's words. */
  readonly text: string
}

/** The values that a field allows; `star` says that it was not restricted, which changes how the two day fields combine. */
interface CronField {
  readonly values: ReadonlySet<number>
  readonly star: boolean
}

interface Bounds {
  readonly min: number
  readonly max: number
  readonly names?: readonly string[]
}

const MINUTES: Bounds = { min: 0, max: 59 }
const HOURS: Bounds = { min: 0, max: 23 }
const DAYS: Bounds = { min: 1, max: 31 }
const MONTHS: Bounds = {
  min: 1,
  max: 12,
  names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
}
const WEEKDAYS: Bounds = { min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] }

const DESCRIPTORS: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
])

// unicode.IsSpace, by which Go splits fields.
const SPACES = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/
const TRAILING_SPACES = new RegExp(`${SPACES.source}$`)
const MAX_INT64 = (1n << 63n) - 1n

/**
 * Reads a schedule of five fields or a descriptor such as `@daily`, in UTC. Sunday is 0 only, and a field of commas alone allows
 * nothing (`ParseStandard`, github.com/robfig/cron v3.0.1 parser.go, which Karpenter gives `TZ=UTC` and the text).
 */
export function parseCron(text: string): CronSchedule | CronError {
  const words = text.split(SPACES).filter(part => part !== '')
  if (words[0]?.startsWith('@')) return parseDescriptor(text.slice(text.indexOf('@')).replace(TRAILING_SPACES, ''))
  if (words.length !== 5) return error(`expected exactly 5 fields, found ${words.length}: [${words.join(' ')}]`)
  const fields: CronField[] = []
  for (const [index, bounds] of [MINUTES, HOURS, DAYS, MONTHS, WEEKDAYS].entries()) {
    const field = parseField(words[index] ?? '', bounds)
    if ('kind' in field) return field
    fields.push(field)
  }
  const [minute, hour, dayOfMonth, month, dayOfWeek] = fields as [CronField, CronField, CronField, CronField, CronField]
  return { kind: 'fields', minute, hour, dayOfMonth, month, dayOfWeek }
}

function error(text: string): CronError {
  return { kind: 'error', text }
}

function parseDescriptor(text: string): CronSchedule | CronError {
  const fields = DESCRIPTORS.get(text)
  if (fields !== undefined) return parseCron(fields)
  if (!text.startsWith('@every ')) return error(`unrecognized descriptor: ${text}`)
  const nanoseconds = parseGoDuration(text.slice('@every '.length))
  if (nanoseconds === undefined) return error(`failed to parse duration ${text}`)
  const seconds = nanoseconds / 1_000_000_000n
  return { kind: 'every', seconds: seconds < 1n ? 1n : seconds }
}

function parseField(text: string, bounds: Bounds): CronField | CronError {
  const values = new Set<number>()
  let star = false
  for (const range of text.split(',')) {
    if (range === '') continue
    const parsed = parseRange(range, bounds)
    if (parsed.kind === 'error') return parsed
    star ||= parsed.star
    for (let value = parsed.from; value <= parsed.to; value += parsed.step) values.add(value)
  }
  return { values, star }
}

interface Range {
  readonly kind: 'range'
  readonly from: number
  readonly to: number
  readonly step: number
  readonly star: boolean
}

function parseRange(text: string, bounds: Bounds): Range | CronError {
  const [range = '', stepText, ...moreSteps] = text.split('/')
  const [low = '', high, ...moreBounds] = range.split('-')
  const any = low === '*' || low === '?'
  const from = any ? bounds.min : parseValue(low, bounds)
  if (typeof from === 'object') return from
  if (!any && moreBounds.length > 0) return error(`too many hyphens: ${text}`)
  let to: number | CronError = any ? bounds.max : high === undefined ? from : parseValue(high, bounds)
  if (typeof to === 'object') return to
  let step: number | CronError = 1
  if (moreSteps.length > 0) return error(`too many slashes: ${text}`)
  if (stepText !== undefined) {
    step = parseNumber(stepText)
    if (typeof step === 'object') return step
    if (high === undefined) to = bounds.max
  }
  if (from < bounds.min) return error(`beginning of range (${from}) below minimum (${bounds.min}): ${text}`)
  if (to > bounds.max) return error(`end of range (${to}) above maximum (${bounds.max}): ${text}`)
  if (from > to) return error(`beginning of range (${from}) beyond end of range (${to}): ${text}`)
  if (step === 0) return error(`step of range should be a positive number: ${text}`)
  return { kind: 'range', from, to, step, star: any && step === 1 }
}

function parseValue(text: string, { names, min }: Bounds): number | CronError {
  const index = names?.indexOf(text.toLowerCase()) ?? -1
  return index >= 0 ? index + min : parseNumber(text)
}

function parseNumber(text: string): number | CronError {
  const value = /^[+-]?[0-9]+$/.test(text) ? BigInt(text.replace('+', '')) : undefined
  if (value === undefined || value > MAX_INT64 || value < -MAX_INT64 - 1n)
    return error(`failed to parse int from ${text}`)
  return value < 0n ? error(`negative number (${value}) not allowed: ${text}`) : Number(value)
}

const SECOND_MS = 1000
const DAY_MS = 86_400_000
/** How far the parser's library looks ahead. */
const YEARS = 5

/**
 * The first hit later than `after` (ms since 1970, UTC), or undefined if there is none in the five years that follow, as for
 * `0 0 31 2 *` (`SpecSchedule.Next`, github.com/robfig/cron v3.0.1 spec.go).
 */
export function nextHit(schedule: CronSchedule, after: number): number | undefined {
  const start = Math.floor(after / SECOND_MS) * SECOND_MS
  if (schedule.kind === 'every') return start + Number(schedule.seconds) * SECOND_MS
  const { minute, hour, dayOfMonth, month, dayOfWeek } = schedule
  const times = [...hour.values]
    .sort((a, b) => a - b)
    .flatMap(h => [...minute.values].sort((a, b) => a - b).map(m => (h * 60 + m) * 60 * SECOND_MS))
  const limit = new Date(start + SECOND_MS).getUTCFullYear() + YEARS
  for (let day = Math.floor(start / DAY_MS) * DAY_MS; ; day += DAY_MS) {
    const date = new Date(day)
    // Past what a Date holds there is no year.
    if (!(date.getUTCFullYear() <= limit)) return undefined
    if (!month.values.has(date.getUTCMonth() + 1)) continue
    const inMonth = dayOfMonth.values.has(date.getUTCDate())
    const inWeek = dayOfWeek.values.has(date.getUTCDay())
    if (!(dayOfMonth.star || dayOfWeek.star ? inMonth && inWeek : inMonth || inWeek)) continue
    const hit = times.find(time => day + time > start)
    if (hit !== undefined) return day + hit
  }
}
