import type { Coverage, DaemonSetCoverage, VerdictGroup } from '@everynode/engine'
import type { Waiver } from '../settings.ts'
import { BLANK, type Line, layout, line, painted, whole } from '../terminal/layout.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type Detail, groupLines, INDENT, waitingText } from './group.ts'
import { unknownLines } from './header.ts'
import { mergedGroups } from './merged.ts'
import { noteLines } from './notes.ts'
import { remedyLines } from './remedy.ts'
import { fitting } from './screen.ts'
import { selfCheckLines } from './self-check.ts'
import { compareText, count, sinceText, sortedGroups, thousands, troubleGroups } from './words.ts'

/** `everynode why DAEMONSET`: only the trouble, equal nodes together, at most a screen; every node and every verdict with `wide`. */
export function daemonSetPage(
  terminal: Terminal,
  coverage: Coverage,
  daemonSet: DaemonSetCoverage,
  wide: boolean,
  waivers: readonly Waiver[] = [],
): readonly string[] {
  const notes = noteLines(coverage, waivers, wide)
  if (!wide) return fitting(terminal, shrinking(coverage, daemonSet, notes))
  const shown = sortedGroups(daemonSet).map(group => ({ group, detail: 'every node' as const }))
  return layout(terminal, page(coverage, daemonSet, notes, shown, 0, true))
}

interface Shown {
  readonly group: VerdictGroup
  readonly detail: Detail
}

/** Every group as a block; then more and more of them, the last first, as a line; then fewer lines. */
function* shrinking(
  coverage: Coverage,
  daemonSet: DaemonSetCoverage,
  notes: readonly Line[],
): Iterable<readonly Line[]> {
  const groups = mergedGroups(troubleGroups(daemonSet))
  const shownAs = (blocks: number, lines: number): readonly Shown[] =>
    groups.slice(0, blocks + lines).map((group, index) => ({ group, detail: index < blocks ? 'block' : 'line' }))
  for (let blocks = Math.min(groups.length, 8); blocks >= 0; blocks--) {
    yield page(coverage, daemonSet, notes, shownAs(blocks, groups.length - blocks), 0, false)
  }
  for (let lines = Math.min(groups.length - 1, 20); lines >= 1; lines--) {
    yield page(coverage, daemonSet, notes, shownAs(0, lines), groups.length - lines, false)
  }
}

function page(
  coverage: Coverage,
  daemonSet: DaemonSetCoverage,
  notes: readonly Line[],
  shown: readonly Shown[],
  hidden: number,
  wide: boolean,
): readonly Line[] {
  const lines: Line[] = [titleLine(daemonSet), coveredLine(coverage, daemonSet)]
  if (daemonSet.statusLies !== undefined)
    lines.push(line([painted(`The DaemonSet's ${daemonSet.statusLies}`, 'yellow')], 2))
  if (shown.length > 0) lines.push(BLANK)
  const waiting = commonWaiting(daemonSet)
  for (const { group, detail } of shown) lines.push(...groupLines(group, detail, waiting !== undefined))
  if (hidden > 0) lines.push(line(`  and ${count(hidden, 'more group')} of nodes: -o wide`, 2))
  if (waiting !== undefined) lines.push(BLANK, line([whole('waiting'.padEnd(INDENT), 'dim'), waiting], INDENT))
  const remedy = remedyLines(daemonSet)
  if (remedy.length > 0) lines.push(...(waiting === undefined ? [BLANK] : []), ...remedy)
  lines.push(
    BLANK,
    ...notes,
    ...unknownLines(coverage, wide ? Number.POSITIVE_INFINITY : 1),
    ...selfCheckLines(coverage, wide),
  )
  return lines
}

/** What is said about waiting, if it is the same of all groups. */
function commonWaiting(daemonSet: DaemonSetCoverage): string | undefined {
  const texts = new Set(
    troubleGroups(daemonSet)
      .map(waitingText)
      .filter(text => text !== ''),
  )
  const [only] = texts
  return texts.size === 1 ? only : undefined
}

/** `DaemonSet agents/datadog-agent   asks 200m cpu, 256Mi memory   priority 0 (no class)   Helm release datadog`. */
export function titleLine(daemonSet: DaemonSetCoverage): Line {
  const asks = Object.entries(daemonSet.asks)
    .sort(([a], [b]) => compareText(a, b))
    .map(([resource, amount]) => `${amount} ${resource}`)
  const policy = daemonSet.preemptionPolicy === 'Never' ? ', never preempts' : ''
  const facts = [
    `asks ${asks.join(', ') || 'nothing'}`,
    `priority ${daemonSet.priority} (${daemonSet.priorityClassName ?? 'no class'}${policy})`,
    daemonSet.source.kind === 'unknown' ? 'source unknown' : daemonSet.source.text,
  ]
  return line(
    [
      painted(`DaemonSet ${daemonSet.namespace}/${daemonSet.name}`, 'bold'),
      ...facts.flatMap(fact => ['   ', whole(fact)]),
    ],
    2,
  )
}

function coveredLine(coverage: Coverage, daemonSet: DaemonSetCoverage): Line {
  const trouble = troubleGroups(daemonSet)
  const since = sinceText(
    trouble
      .map(group => group.since)
      .filter(time => time !== undefined)
      .sort(compareText)[0],
    coverage.cluster.takenAt,
  )
  const notReady = daemonSet.landed - daemonSet.ready
  const facts = [
    `${thousands(daemonSet.landed)} of ${count(daemonSet.should, 'node')}${notReady > 0 ? `, ${thousands(notReady)} not ready` : ''}${since === undefined ? '' : `, ${since}`}${revisionText(daemonSet)}`,
    trouble.length === 0 ? undefined : waitingWord(trouble),
  ].filter(fact => fact !== undefined)
  const fine = trouble.length === 0
  return line(
    [fine ? painted('✓ ', 'green') : '', painted(facts[0] ?? '', 'bold'), ...facts.slice(1).map(fact => ` · ${fact}`)],
    2,
  )
}

function revisionText(daemonSet: DaemonSetCoverage): string {
  return daemonSet.revision === undefined ? '' : ` (revision ${daemonSet.revision.number})`
}

function waitingWord(groups: readonly VerdictGroup[]): string | undefined {
  const judged = groups.filter(group => waitingText(group) !== '')
  const helps = judged.filter(group => group.waitingHelps).length
  if (judged.length === 0) return undefined
  if (helps === 0) return 'waiting does not help'
  return helps === judged.length ? 'waiting helps' : 'waiting helps on some nodes'
}
