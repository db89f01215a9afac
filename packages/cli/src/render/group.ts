import type { Holder, PodRef, ResourceAmount, Verdict, VerdictGroup } from '@everynode/engine'
import { type Line, line, painted, type Span, whole } from '../terminal/layout.ts'
import { assertUnreachable, compareText, count, duration, GLYPH, thousands, troubleOf } from './words.ts'

/** Column where the text of a block starts; labels stand left of it. */
export const INDENT = 12
const LABEL = 10
const MOST_HOLDERS = 4
const MOST_VICTIMS = 4

/** How much of a group is told. */
export type Detail = 'line' | 'block' | 'every node'

/** One group of equal verdicts: its nodes, what is short, who holds it, who would go. */
export function groupLines(group: VerdictGroup, detail: Detail): readonly Line[] {
  const glyph = GLYPH[troubleOf(group)]
  const head: Span[] = [
    painted(glyph.text, glyph.paint),
    ' ',
    whole(count(group.nodes.length, 'node').padEnd(INDENT - 3), 'bold'),
    ' ',
  ]
  if (detail === 'line')
    return [line([...head, `${placeOf(group)}: ${summaryOf(group.verdict, group.evictions)}`], INDENT)]
  const facts = factLines(group)
  if (detail === 'block') return [line([...head, exampleOf(group)], INDENT), ...facts]
  const [only] = group.nodes
  const named = group.nodes.length === 1 && only !== undefined
  return [
    named
      ? line([painted(glyph.text, glyph.paint), ' ', whole(only, 'bold'), `   ${placeOf(group)}`], INDENT)
      : line([...head, placeOf(group)], INDENT),
    ...facts,
    ...messageLines(group),
    ...(named ? [] : group.nodes.map(node => line([' '.repeat(INDENT), whole(node)], INDENT))),
  ]
}

/** The scheduler's own words, as the engine writes them. */
function messageLines(group: VerdictGroup): readonly Line[] {
  return group.message === undefined ? [] : [labelled('message', group.message)]
}

function placeOf(group: VerdictGroup): string {
  return [group.pool, group.instanceType].filter(part => part !== undefined).join(' · ') || 'no pool'
}

function exampleOf(group: VerdictGroup): string {
  const [first] = group.nodes
  return first === undefined ? placeOf(group) : `${placeOf(group)}, ${group.nodes.length > 1 ? 'e.g. ' : ''}${first}`
}

/** Is it worth a word whether the group gets better by itself? Not of what needs nothing, and not of nodes that go anyway. */
export function asksToWait(group: VerdictGroup): boolean {
  const { verdict } = group
  const trouble = troubleOf(group)
  return (trouble === 'missing' || trouble === 'waits') && !(verdict.kind === 'waits' && verdict.for === 'node leaving')
}

function labelled(name: string, text: string): Line {
  return line([' '.repeat(INDENT), whole(name.padEnd(LABEL), 'dim'), text], INDENT + LABEL)
}

/** What decides a group, without the nodes' names. */
export function factLines(group: VerdictGroup): readonly Line[] {
  const { verdict } = group
  const lines: Line[] = []
  const say = (text: string): void => void lines.push(line([' '.repeat(INDENT), text], INDENT))
  const label = (name: string, text: string): void => void lines.push(labelled(name, text))
  switch (verdict.kind) {
    case 'landed':
      say(summaryOf(verdict))
      break
    case 'fits':
      say(summaryOf(verdict))
      break
    case 'preempts':
      if (missingOf(verdict.amounts).length === 0) say(verdict.reasons.join('; '))
      for (const amount of missingOf(verdict.amounts)) say(amountText(amount))
      if (group.heldBy.length > 0) label('held by', holdersText(group.heldBy, verdict.amounts))
      label('victims', victimsText({ ...group, verdict }))
      break
    case 'blocked':
      if (missingOf(verdict.amounts).length === 0 || summaryOf(verdict) !== missingText(verdict))
        say(summaryOf(verdict))
      for (const amount of missingOf(verdict.amounts)) say(amountText(amount))
      if (group.heldBy.length > 0) label('held by', holdersText(group.heldBy, verdict.amounts))
      if (verdict.whyNoPreemption !== undefined) label('victims', `none: ${verdict.whyNoPreemption}`)
      break
    case 'waits':
    case 'refused':
    case 'skipped':
    case 'unknown':
      say(summaryOf(verdict))
      break
    default:
      return assertUnreachable(verdict)
  }
  return lines
}

/** A verdict in one sentence; of a group, with the victims on all its nodes. */
export function summaryOf(verdict: Verdict, evictions?: VerdictGroup['evictions']): string {
  switch (verdict.kind) {
    case 'landed':
      return landedText(verdict)
    case 'fits':
      return 'room is there: the scheduler would bind it now'
    case 'preempts':
      return `evicts ${evictedText(evictions ?? ownersOf(verdict.victims))}`
    case 'waits':
      return verdict.detail === '' ? `waits for ${verdict.for}` : verdict.detail
    case 'blocked':
      return blockedText(verdict)
    case 'refused':
      return `refused by ${verdict.by}: ${verdict.message}`
    case 'skipped':
      return `${verdict.detail}${intentText(verdict.intent)}`
    case 'unknown':
      return `cannot tell${verdict.needs.length > 0 ? ` without ${verdict.needs.join(', ')}` : ''}: ${verdict.detail}`
    default:
      return assertUnreachable(verdict)
  }
}

function landedText(verdict: Extract<Verdict, { kind: 'landed' }>): string {
  const outdated = verdict.outdated ? ', an old revision' : ''
  if (verdict.ready) return `landed and ready${outdated}`
  return `landed, not ready${outdated}${verdict.notReadyReason === undefined ? '' : `: ${verdict.notReadyReason}`}`
}

function blockedText(verdict: Extract<Verdict, { kind: 'blocked' }>): string {
  const missing = missingOf(verdict.amounts)
  if (verdict.port !== undefined) return `port ${verdict.port} is taken`
  if (verdict.taint !== undefined) return `taint ${taintText(verdict.taint)} is not tolerated`
  return missing.length > 0 ? missingText(verdict) : verdict.reasons.join('; ')
}

function missingText(verdict: Extract<Verdict, { kind: 'blocked' }>): string {
  return missingOf(verdict.amounts).map(amountText).join('; ')
}

function intentText(intent: Extract<Verdict, { kind: 'skipped' }>['intent']): string {
  switch (intent) {
    case 'meant':
      return ' (meant)'
    case 'stated':
      return ' (stated)'
    case 'likely-gap':
      return ''
    case 'unknown':
      return ' (meant? everynode intent)'
    case 'irrelevant':
      return ' (no matter)'
    default:
      return assertUnreachable(intent)
  }
}

export function taintText(taint: { readonly key: string; readonly value?: string; readonly effect: string }): string {
  return `${taint.key}${taint.value === undefined || taint.value === '' ? '' : `=${taint.value}`}:${taint.effect}`
}

function missingOf(amounts: readonly ResourceAmount[]): readonly ResourceAmount[] {
  return amounts.filter(({ missing }) => missing !== '0')
}

function amountText({ resource, asked, free, missing, mostFree }: ResourceAmount): string {
  return `${resource}: ${asked} asked, ${free} free, ${missing} missing${mostFree === undefined ? '' : ` (elsewhere at most ${mostFree} free)`}`
}

/** `Deployment/api 800m, Deployment/web 800m (priority 0) · DaemonSets 300m (priority 0 to 2000001000)`, of the resources that are short. */
export function holdersText(holders: readonly Holder[], amounts: readonly ResourceAmount[]): string {
  const short = missingOf(amounts).map(({ resource }) => resource)
  const shown = holders.slice(0, MOST_HOLDERS)
  const byPriority = new Map<string, readonly string[]>()
  for (const holder of shown) {
    const texts = byPriority.get(priorityText(holder)) ?? []
    byPriority.set(priorityText(holder), [...texts, `${holder.owner} ${heldText(holder, short)}`])
  }
  const more = holders.length > shown.length ? [count(holders.length - shown.length, 'more owner')] : []
  return [...[...byPriority].map(([priority, texts]) => `${texts.join(', ')} (${priority})`), ...more].join(' · ')
}

/** `priority 0`; of daemons that differ `priority 0 to 2000001000`. */
export function priorityText({ priority, lowestPriority }: Holder): string {
  return `priority ${lowestPriority === undefined ? '' : `${lowestPriority} to `}${priority}`
}

export function heldText(holder: Holder, short: readonly string[]): string {
  const resources = Object.entries(holder.requested).filter(
    ([resource]) => short.length === 0 || short.includes(resource),
  )
  if (resources.length === 0) return count(holder.pods, 'pod')
  return resources.map(([resource, amount]) => (short.length === 1 ? amount : `${amount} ${resource}`)).join(', ')
}

/** What the evictions mean for PodDisruptionBudgets; without a number none is known. */
export function budgetsText(violations: number | undefined): string {
  if (violations === undefined) return 'PDBs are not known'
  return violations === 0 ? 'breaks no PDB' : `breaks a PDB for ${count(violations, 'pod')}`
}

type PreemptingGroup = VerdictGroup & { readonly verdict: Extract<Verdict, { kind: 'preempts' }> }

interface Evicted {
  readonly owner: string
  readonly pods: number
  readonly priority?: number
}

/** `Deployment/api 6, Deployment/web 6, others 2`; with a priority behind each where it is known. */
export function evictedText(evicted: readonly Evicted[]): string {
  const sorted = [...evicted].sort((a, b) => b.pods - a.pods || compareText(a.owner, b.owner))
  const shown = sorted.length > MOST_VICTIMS ? sorted.slice(0, MOST_VICTIMS - 1) : sorted
  const texts = shown.map(
    ({ owner, pods, priority }) =>
      `${owner} ${thousands(pods)}${priority === undefined ? '' : ` (priority ${priority})`}`,
  )
  const others = sorted.slice(shown.length).reduce((sum, { pods }) => sum + pods, 0)
  return [...texts, ...(others > 0 ? [`others ${thousands(others)}`] : [])].join(', ') || 'nobody'
}

/** Who goes on all nodes of the group, with what it costs them. */
function victimsText({ verdict, evictions, nodes }: PreemptingGroup): string {
  const evicted = evictions ?? ownersOf(verdict.victims)
  const daemons = evicted.reduce((sum, { pods, daemon }) => sum + (daemon ? pods : 0), 0)
  const own = daemons === 0 ? '' : ` · ${count(daemons, 'daemon')} among them: missing here from then on`
  const each = nodes.length > 1 && (verdict.pdbViolations ?? 0) > 0 ? ' on each' : ''
  return `${evictedText(evicted)} · grace ${duration(verdict.graceSeconds)} · ${budgetsText(verdict.pdbViolations)}${each}${own}`
}

function ownersOf(victims: readonly PodRef[]): readonly (Evicted & { readonly daemon: boolean })[] {
  const byOwner = new Map<string, { owner: string; priority: number; pods: number; daemon: boolean }>()
  for (const { owner, priority, daemon } of victims) {
    const entry = byOwner.get(`${owner}@${priority}`)
    if (entry === undefined) byOwner.set(`${owner}@${priority}`, { owner, priority, pods: 1, daemon })
    else entry.pods++
  }
  return [...byOwner.values()]
}
