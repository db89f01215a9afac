import type { Cause, Coverage, DaemonSetCoverage, IntentQuestion } from '@everynode/engine'
import type { Again } from '../again.ts'
import { BLANK, type Line, layout, line, painted, table, whole } from '../terminal/layout.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { titleLine, waitingLines } from './daemon-set.ts'
import { groupLines } from './group.ts'
import { headerLine, unknownLines } from './header.ts'
import { mergedGroups } from './merged.ts'
import { type Beside, noteLines } from './notes.ts'
import { remedyLines } from './remedy.ts'
import { fitting } from './screen.ts'
import { selfCheckLines } from './self-check.ts'
import { capital, count, GLYPH, sinceText, thousands, troubleGroups, worstTrouble } from './words.ts'

const MOST_NAMES = 4
const MOST_QUESTIONS = 3
const MOST_UNKNOWN = 3

/** `everynode why` without a DaemonSet: one line a cause, worst first, at most a screen unless `wide`. */
export function overview(
  terminal: Terminal,
  coverage: Coverage,
  wide: boolean,
  beside: Beside = {},
): readonly string[] {
  const { again = words => `everynode ${words}` } = beside
  const notes = noteLines(coverage, beside, wide)
  if (wide)
    return layout(
      terminal,
      page(coverage, notes, {
        causes: coverage.causes.length,
        names: Number.POSITIVE_INFINITY,
        questions: Number.POSITIVE_INFINITY,
        unknown: Number.POSITIVE_INFINITY,
        wide,
        again,
      }),
    )
  return fitting(terminal, shrinking(coverage, notes, again))
}

interface Limits {
  readonly causes: number
  readonly names: number
  readonly questions: number
  readonly unknown: number
  readonly wide: boolean
  readonly again: Again
}

function* shrinking(coverage: Coverage, notes: readonly Line[], again: Again): Iterable<readonly Line[]> {
  for (const [names, questions, unknown] of [
    [MOST_NAMES, MOST_QUESTIONS, MOST_UNKNOWN],
    [MOST_NAMES, 1, 1],
    [2, 1, 1],
  ] as const) {
    yield page(coverage, notes, { causes: coverage.causes.length, names, questions, unknown, wide: false, again })
  }
  for (let causes = Math.min(coverage.causes.length - 1, 20); causes >= 1; causes--)
    yield page(coverage, notes, { causes, names: 2, questions: 1, unknown: 1, wide: false, again })
}

function page(coverage: Coverage, notes: readonly Line[], limits: Limits): readonly Line[] {
  const shown = coverage.causes.slice(0, limits.causes)
  const hidden = coverage.causes.slice(limits.causes)
  const lines: Line[] = [headerLine(coverage), sentence(coverage)]
  if (shown.length > 0) lines.push(BLANK, ...shown.map(cause => causeLine(cause, coverage, limits.names)))
  if (hidden.length > 0)
    lines.push(line(`  and ${count(hidden.length, 'more cause')}: ${limits.again('why -o wide')}`, 2))
  lines.push(
    BLANK,
    ...notes,
    ...unknownLines(coverage, limits.unknown),
    ...questionLines(coverage.questions, limits.questions),
  )
  if (limits.wide) lines.push(...everyDaemonSet(coverage))
  const next = worstDaemonSet(coverage)
  if (next !== undefined)
    lines.push(line([whole('next    ', 'dim'), whole(limits.again(`why -n ${next.namespace} ${next.name}`))], 8))
  return [...lines, ...selfCheckLines(coverage, limits.wide)]
}

/** `27 of 30 DaemonSets are on every node that should have them. 3 are not:` Bound is there; not ready is said beside it. */
function sentence(coverage: Coverage): Line {
  const total = coverage.daemonSets.length
  const counts: Record<Standing, number> = { missing: 0, waits: 0, unknown: 0, 'not ready': 0, fine: 0 }
  for (const daemonSet of coverage.daemonSets) counts[standingOf(daemonSet)]++
  const unread = coverage.unknown.find(({ list }) => list === 'daemonSets' || list === 'nodes')
  if (unread !== undefined)
    return line(`Cannot tell: no list of ${unread.list === 'nodes' ? 'nodes' : 'DaemonSets'} was read.`)
  if (total === 0) return line('No DaemonSet is here.')
  if (total === 1) return sentenceOfOne(counts)
  const there = counts.fine + counts['not ready']
  const notReady = counts['not ready'] === 0 ? '' : `, ${thousands(counts['not ready'])} of them not ready on some`
  if (there === total) {
    const glyph = notReady === '' ? GLYPH.none : GLYPH.waits
    return line(
      [
        painted(glyph.text, glyph.paint),
        ` All ${thousands(total)} DaemonSets are on every node that should have them${notReady}.`,
      ],
      2,
    )
  }
  const rest = [
    counts.missing > 0 ? `${thousands(counts.missing)} ${counts.missing === 1 ? 'is' : 'are'} not` : '',
    counts.waits > 0 ? `${thousands(counts.waits)} ${counts.waits === 1 ? 'is' : 'are'} on the way` : '',
    counts.unknown > 0 ? `${thousands(counts.unknown)} cannot be told` : '',
  ].filter(part => part !== '')
  return line(
    `${thousands(there)} of ${count(total, 'DaemonSet')} ${there === 1 ? 'is' : 'are'} on every node that should have ${there === 1 ? 'it' : 'them'}${notReady}. ${capital(rest.join(', '))}:`,
  )
}

function sentenceOfOne(counts: Readonly<Record<Standing, number>>): Line {
  if (counts.missing > 0) return line('The DaemonSet is not on every node that should have it:')
  if (counts.waits > 0) return line('The DaemonSet is on the way:')
  if (counts.unknown > 0) return line('Cannot tell whether the DaemonSet is on every node that should have it:')
  const glyph = counts.fine > 0 ? GLYPH.none : GLYPH.waits
  return line(
    [
      painted(glyph.text, glyph.paint),
      ` The DaemonSet is on every node that should have it${counts.fine > 0 ? '' : ', not ready on some'}.`,
    ],
    2,
  )
}

type Standing = 'missing' | 'waits' | 'unknown' | 'not ready' | 'fine'

function standingOf(daemonSet: DaemonSetCoverage): Standing {
  const worst = worstTrouble(daemonSet)
  if (worst === 'missing' || worst === 'unknown') return worst
  if (daemonSet.landed < daemonSet.should) return 'waits'
  // On a node that joins nothing is ready yet: that is told of the node.
  const late = daemonSet.groups.some(
    ({ verdict, waitingHelps, uncounted }) =>
      verdict.kind === 'landed' && !verdict.ready && !waitingHelps && uncounted !== true,
  )
  return late ? 'not ready' : 'fine'
}

function causeLine(cause: Cause, coverage: Coverage, names: number): Line {
  const glyph = GLYPH[cause.severity]
  const daemonSets = [...cause.daemonSets].sort((a, b) => b.nodes - a.nodes)
  const shown = daemonSets.slice(0, names).map(({ name, nodes }) => `${name} ${thousands(nodes)}`)
  const more = daemonSets.length > shown.length ? [`${thousands(daemonSets.length - shown.length)} more`] : []
  const hiding = cause.kind === 'taint' ? daemonSets.filter(named => hides(coverage, named)).length : 0
  const facts = [
    hidingText(hiding, daemonSets.length),
    sinceText(cause.since, coverage.cluster.takenAt),
    cause.severity === 'missing' ? `waiting ${cause.waitingHelps ? 'helps' : 'does not help'}` : undefined,
  ].filter(fact => fact !== undefined)
  const who = [...shown, ...more].flatMap((text, index, all) => [
    whole(index < all.length - 1 ? `${text},` : text),
    ' ',
  ])
  const spans = [painted(glyph.text, glyph.paint), ' ', painted(cause.text, 'bold'), '   ', ...who]
  return line([...spans, ...(facts.length > 0 ? [`· ${facts.join(' · ')}`] : [])], 4)
}

function hidingText(hiding: number, of: number): string | undefined {
  if (hiding === 0) return undefined
  if (hiding < of) return `the status of ${hiding} says all is well`
  return `${of === 1 ? 'its' : 'their'} status says all is well`
}

/** Does its status count all as well although nodes are missing? */
function hides(coverage: Coverage, named: Cause['daemonSets'][number]): boolean {
  const found = coverage.daemonSets.find(({ namespace, name }) => namespace === named.namespace && name === named.name)
  return found?.statusLies !== undefined && found.status !== undefined && found.status.ready >= found.status.desired
}

/** A row for each DaemonSet, and every node that has not what it should have. */
function everyDaemonSet(coverage: Coverage): readonly Line[] {
  const rows = coverage.daemonSets.map(({ namespace, name, should, landed, ready, source }) => [
    `${namespace}/${name}`,
    thousands(should),
    thousands(landed),
    thousands(ready),
    source.kind === 'unknown' ? 'unknown' : source.text,
  ])
  const blocks = coverage.daemonSets
    .filter(daemonSet => troubleGroups(daemonSet).length > 0)
    .flatMap(daemonSet => [
      titleLine(daemonSet),
      ...mergedGroups(troubleGroups(daemonSet)).flatMap(group => groupLines(group, 'every node')),
      ...waitingLines(daemonSet),
      ...remedyLines(daemonSet, true),
      BLANK,
    ])
  return [...table([['DaemonSet', 'nodes', 'landed', 'ready', 'source'], ...rows]), BLANK, ...blocks]
}

function questionLines(questions: readonly IntentQuestion[], limit: number): readonly Line[] {
  const shown = questions.slice(0, limit)
  const lines = shown.map(question =>
    line([whole('meant?  ', 'cyan'), `${questionText(question)}: everynode intent`], 8),
  )
  if (questions.length > shown.length)
    lines.push(line(`        and ${count(questions.length - shown.length, 'more question')}: everynode intent`, 8))
  return lines
}

/** `14 daemons × pool gpu (taint nvidia.com/gpu:NoSchedule, 3 nodes)`. */
export function questionText(question: IntentQuestion): string {
  const where = question.pool === undefined ? count(question.nodes, 'node') : `pool ${question.pool}`
  const nodes = question.pool === undefined ? '' : `, ${count(question.nodes, 'node')}`
  return `${count(question.daemonSets.length, 'daemon')} × ${where} (taint ${question.taint}${nodes})`
}

/** The one to look at next; none where nodes only come or go. */
function worstDaemonSet({ causes }: Coverage): { readonly namespace: string; readonly name: string } | undefined {
  const first = causes.find(({ kind }) => kind !== 'joining' && kind !== 'leaving')
  return first === undefined ? undefined : [...first.daemonSets].sort((a, b) => b.nodes - a.nodes)[0]
}
