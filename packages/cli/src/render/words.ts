import type { DaemonSetCoverage, Verdict, VerdictGroup } from '@everynode/engine'
import type { Paint } from '../terminal/layout.ts'

/** What a verdict is to somebody who wants every daemon on every node. */
export type Trouble = 'missing' | 'waits' | 'unknown' | 'question' | 'none' | 'left out'

/** The trouble of a group. What is not counted, on nodes that leave for example, is no trouble; what is on its way there is told. */
export function troubleOf({ verdict, uncounted }: Pick<VerdictGroup, 'verdict' | 'uncounted'>): Trouble {
  const trouble = troubleOfVerdict(verdict)
  const told = verdict.kind === 'waits' || trouble === 'question' || trouble === 'none'
  return uncounted === true && !told ? 'left out' : trouble
}

/** A likely gap is missing; a taint that nobody explained is a question. */
function troubleOfVerdict(verdict: Verdict): Trouble {
  switch (verdict.kind) {
    case 'landed':
      return verdict.ready ? 'none' : 'waits'
    case 'fits':
    case 'preempts':
    case 'waits':
      return 'waits'
    case 'blocked':
    case 'refused':
      return 'missing'
    case 'unknown':
      return 'unknown'
    case 'skipped':
      if (verdict.intent === 'likely-gap') return 'missing'
      return verdict.intent === 'unknown' ? 'question' : 'left out'
    default:
      return assertUnreachable(verdict)
  }
}

const RANK: Readonly<Record<Trouble, number>> = {
  missing: 0,
  unknown: 1,
  waits: 2,
  question: 3,
  none: 4,
  'left out': 5,
}

/** Groups that somebody may have to act on, worst and largest first. */
export function troubleGroups(daemonSet: DaemonSetCoverage): readonly VerdictGroup[] {
  return [...daemonSet.groups].filter(group => RANK[troubleOf(group)] < RANK.none).sort(worstFirst)
}

/** All groups, worst and largest first. */
export function sortedGroups(daemonSet: DaemonSetCoverage): readonly VerdictGroup[] {
  return [...daemonSet.groups].sort(worstFirst)
}

function worstFirst(a: VerdictGroup, b: VerdictGroup): number {
  return (
    RANK[troubleOf(a)] - RANK[troubleOf(b)] ||
    b.nodes.length - a.nodes.length ||
    compareText(a.nodes[0] ?? '', b.nodes[0] ?? '')
  )
}

/** The worst trouble of a DaemonSet; questions do not count against it. */
export function worstTrouble(daemonSet: DaemonSetCoverage): Trouble {
  const worst = sortedGroups(daemonSet)[0]
  const trouble = worst === undefined ? 'none' : troubleOf(worst)
  return trouble === 'question' || trouble === 'left out' ? 'none' : trouble
}

export const GLYPH: Readonly<Record<Trouble, { readonly text: string; readonly paint: Paint }>> = {
  missing: { text: '✗', paint: 'red' },
  waits: { text: '…', paint: 'yellow' },
  unknown: { text: '?', paint: 'yellow' },
  question: { text: '?', paint: 'cyan' },
  none: { text: '✓', paint: 'green' },
  'left out': { text: '·', paint: 'dim' },
}

export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${thousands(number)} ${number === 1 ? noun : plural}`
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** `6,412`. */
export function thousands(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** The first `limit` texts, then how many more there are. */
export function someOf(texts: readonly string[], limit: number, separator = ', '): string {
  if (texts.length <= limit) return texts.join(separator)
  return `${texts.slice(0, limit).join(separator)}${separator}${thousands(texts.length - limit)} more`
}

/** `30 s`, `5 min`, `3 h`, `12 days`, rounded down. */
export function duration(seconds: number): string {
  if (seconds < 120) return `${Math.floor(seconds)} s`
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`
  return `${thousands(Math.floor(seconds / 86_400))} days`
}

/** How long ago `since` was at `now`: `for 3 days`; with no `now`, or one that is earlier, the time itself. Both RFC 3339. */
export function sinceText(since: string | undefined, now: string | undefined): string | undefined {
  if (since === undefined) return undefined
  const from = Date.parse(since)
  const to = now === undefined ? Number.NaN : Date.parse(now)
  if (Number.isNaN(from)) return `since ${since}`
  const iso = new Date(from).toISOString()
  const sameDay = !Number.isNaN(to) && iso.slice(0, 10) === new Date(to).toISOString().slice(0, 10)
  const moment = sameDay ? iso.slice(11, 16) : `${iso.slice(0, 10)} ${iso.slice(11, 16)}`
  return Number.isNaN(to) || to - from < 60_000
    ? `since ${moment} UTC`
    : `since ${moment} UTC, ${duration((to - from) / 1000)}`
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

export function assertUnreachable(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`)
}
