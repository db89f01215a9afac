import type { Holder, PodRef, ResourceAmount, Verdict, VerdictGroup } from '@everynode/engine'
import { type Line, line, painted, type Span, whole } from '../terminal/layout.ts'
import { assertUnreachable, compareText, count, duration, GLYPH, someOf, troubleOf } from './words.ts'

/** Column where the text of a block starts; labels stand left of it. */
export const INDENT = 12
const LABEL = 10
const MOST_HOLDERS = 4
const MOST_VICTIMS = 4

/** How much of a group is told. */
export type Detail = 'line' | 'block' | 'every node'

/** One group of equal verdicts: its nodes, what is short, who holds it, who would go, and, unless that is told elsewhere, whether waiting helps. */
export function groupLines(group: VerdictGroup, detail: Detail, waitingToldOnce = false): readonly Line[] {
  const glyph = GLYPH[troubleOf(group)]
  const head: Span[] = [
    painted(glyph.text, glyph.paint),
    ' ',
    whole(count(group.nodes.length, 'node').padEnd(INDENT - 3), 'bold'),
    ' ',
  ]
  if (detail === 'line') return [line([...head, `${placeOf(group)}: ${summaryOf(group.verdict)}`], INDENT)]
  const facts = [...factLines(group), ...(waitingToldOnce ? [] : waitingLines(group))]
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

/** Can the group get better by itself, and why? Empty for what needs nothing. */
export function waitingText(group: VerdictGroup): string {
  const trouble = troubleOf(group)
  if (trouble !== 'missing' && trouble !== 'waits') return ''
  return `${group.waitingHelps ? 'helps' : 'does not help'}${group.waitingWhy === '' ? '' : `: ${group.waitingWhy}`}`
}

function waitingLines(group: VerdictGroup): readonly Line[] {
  const text = waitingText(group)
  return text === '' ? [] : [labelled('waiting', text)]
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
      for (const amount of missingOf(verdict.amounts)) say(amountText(amount))
      if (group.heldBy.length > 0) label('held by', holdersText(group.heldBy, verdict.amounts))
      label('victims', victimsText(verdict))
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

/** A verdict in one sentence. */
export function summaryOf(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'landed':
      return landedText(verdict)
    case 'fits':
      return 'room is there: the scheduler would bind it now'
    case 'preempts':
      return `evicts ${victimOwners(verdict.victims)}`
    case 'waits':
      return verdict.detail === '' ? `waits for ${verdict.for}` : `waits: ${verdict.detail}`
    case 'blocked':
      return blockedText(verdict)
    case 'refused':
      return `refused by ${verdict.by}: ${verdict.message}`
    case 'skipped':
      return `${verdict.detail}${intentText(verdict.intent)}`
    case 'unknown':
      return `cannot tell without ${verdict.needs.join(', ')}: ${verdict.detail}`
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

/** `Deployment/api 800m, Deployment/web 800m (priority 0) · DaemonSets 300m (priority 2000001000)`, of the resources that are short. */
function holdersText(holders: readonly Holder[], amounts: readonly ResourceAmount[]): string {
  const short = missingOf(amounts).map(({ resource }) => resource)
  const shown = holders.slice(0, MOST_HOLDERS)
  const texts = shown.map((holder, index) => {
    const ends = shown[index + 1]?.priority !== holder.priority
    return `${holder.owner} ${heldText(holder, short)}${ends ? ` (priority ${holder.priority})` : ''}`
  })
  const separators = shown.map((holder, index) =>
    index === 0 ? '' : shown[index - 1]?.priority === holder.priority ? ', ' : ' · ',
  )
  const more = holders.length > shown.length ? ` · ${count(holders.length - shown.length, 'more owner')}` : ''
  return texts.map((text, index) => `${separators[index]}${text}`).join('') + more
}

export function heldText(holder: Holder, short: readonly string[]): string {
  const resources = Object.entries(holder.requested).filter(
    ([resource]) => short.length === 0 || short.includes(resource),
  )
  if (resources.length === 0) return count(holder.pods, 'pod')
  return resources.map(([resource, amount]) => (short.length === 1 ? amount : `${amount} ${resource}`)).join(', ')
}

function victimsText(verdict: Extract<Verdict, { kind: 'preempts' }>): string {
  const budgets =
    verdict.pdbViolations === 0 ? 'breaks no PDB' : `breaks a PDB for ${count(verdict.pdbViolations, 'pod')}`
  const daemons = verdict.victims.filter(({ daemon }) => daemon).length
  const own =
    daemons === 0
      ? ''
      : ` · ${daemons === 1 ? 'one is a daemon itself and' : `${daemons} are daemons themselves and`} will be missing here`
  return `${victimOwners(verdict.victims)} · grace ${duration(verdict.graceSeconds)} · ${budgets}${own}`
}

/** `Deployment/api 2, Deployment/web 1 (priority 0)`. */
export function victimOwners(victims: readonly PodRef[]): string {
  const byOwner = new Map<string, { owner: string; priority: number; pods: number }>()
  for (const { owner, priority } of victims) {
    const entry = byOwner.get(`${owner}@${priority}`)
    if (entry === undefined) byOwner.set(`${owner}@${priority}`, { owner, priority, pods: 1 })
    else entry.pods++
  }
  const entries = [...byOwner.values()].sort((a, b) => b.pods - a.pods || compareText(a.owner, b.owner))
  const texts = entries.map(({ owner, priority, pods }) => `${owner} ${pods} (priority ${priority})`)
  return someOf(texts, MOST_VICTIMS) || 'nobody'
}
