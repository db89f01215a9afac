import type { Coverage, DaemonSetCoverage, VerdictGroup } from '@everynode/engine'
import { BLANK, type Line, layout, line, painted, whole } from '../terminal/layout.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { asksToWait, type Detail, groupLines, INDENT } from './group.ts'
import { unknownLines } from './header.ts'
import { mergedGroups } from './merged.ts'
import { type Beside, noteLines } from './notes.ts'
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
  beside: Beside = {},
): readonly string[] {
  const notes = noteLines(coverage, beside, wide)
  if (!wide) return fitting(terminal, shrinking(coverage, daemonSet, notes))
  // Nodes whose blocks would read the same share one, with all their names.
  const shown = mergedGroups(sortedGroups(daemonSet)).map(group => ({ group, detail: 'every node' as const }))
  return layout(terminal, page(coverage, daemonSet, notes, shown, waitingLines(daemonSet), { wide: true }))
}

interface Shown {
  readonly group: VerdictGroup
  readonly detail: Detail
}

/** Every group as a block; then more and more of them, the last first, as a line; then without the reasons for waiting; then fewer lines. */
function* shrinking(
  coverage: Coverage,
  daemonSet: DaemonSetCoverage,
  notes: readonly Line[],
): Iterable<readonly Line[]> {
  const groups = mergedGroups(troubleGroups(daemonSet))
  const shownAs = (blocks: number, lines: number): readonly Shown[] =>
    groups.slice(0, blocks + lines).map((group, index) => ({ group, detail: index < blocks ? 'block' : 'line' }))
  const waiting = waitingLines(daemonSet)
  const all = (blocks: number, reasons: readonly Line[]): readonly Line[] =>
    page(coverage, daemonSet, notes, shownAs(blocks, groups.length - blocks), reasons)
  for (let blocks = Math.min(groups.length, 8); blocks >= 1; blocks--) yield all(blocks, waiting)
  if (groups.length > 0) yield all(1, [])
  yield all(0, waiting)
  yield all(0, [])
  for (let lines = Math.min(groups.length - 1, 20); lines >= 1; lines--) {
    yield page(coverage, daemonSet, notes, shownAs(0, lines), [], { hidden: groups.length - lines })
  }
}

function page(
  coverage: Coverage,
  daemonSet: DaemonSetCoverage,
  notes: readonly Line[],
  shown: readonly Shown[],
  waiting: readonly Line[],
  { hidden = 0, wide = false }: { readonly hidden?: number; readonly wide?: boolean } = {},
): readonly Line[] {
  const lines: Line[] = [titleLine(daemonSet), coveredLine(coverage, daemonSet)]
  lines.push(...nowhereLines(coverage, daemonSet))
  if (daemonSet.statusLies !== undefined) lines.push(line([painted(`Its ${daemonSet.statusLies}`, 'yellow')], 2))
  if (shown.length > 0) lines.push(BLANK)
  for (const { group, detail } of shown) lines.push(...groupLines(group, detail))
  if (hidden > 0) lines.push(line(`  and ${count(hidden, 'more group')} of nodes: -o wide`, 2))
  const remedy = remedyLines(daemonSet, wide)
  if (waiting.length + remedy.length > 0) lines.push(BLANK, ...waiting, ...remedy)
  lines.push(
    BLANK,
    ...notes,
    ...unknownLines(coverage, wide ? Number.POSITIVE_INFINITY : 1),
    ...selfCheckLines(coverage, wide),
  )
  return lines
}

/** Why waiting helps or does not, each reason once, with the nodes that it is about. */
export function waitingLines(daemonSet: DaemonSetCoverage): readonly Line[] {
  const reasons = new Map<string, { readonly helps: boolean; readonly why: string; nodes: number }>()
  for (const group of troubleGroups(daemonSet).filter(asksToWait)) {
    const { waitingHelps: helps, waitingWhy: why, nodes } = group
    const known = reasons.get(`${helps} ${why}`)
    if (known === undefined) reasons.set(`${helps} ${why}`, { helps, why, nodes: nodes.length })
    else known.nodes += nodes.length
  }
  return [...reasons.values()].map(({ helps, why, nodes }, index) => {
    const where = reasons.size === 1 ? '' : ` on ${count(nodes, 'node')}`
    const text = `${helps ? 'helps' : 'does not help'}${where}${why === '' ? '' : `: ${why}`}`
    return line([whole((index === 0 ? 'waiting' : '').padEnd(INDENT), 'dim'), text], INDENT)
  })
}

/** `DaemonSet agents/datadog-agent   asks 200m cpu, 256Mi memory   priority 0 (no class)   Helm release datadog`. */
export function titleLine(daemonSet: DaemonSetCoverage): Line {
  const asks = Object.entries(daemonSet.asks)
    .sort(([a], [b]) => compareText(a, b))
    .map(([resource, amount]) => `${amount} ${resource}`)
  const policy = daemonSet.preemptionPolicy === 'Never' ? ', never preempts' : ''
  const facts = [
    `asks ${asks.join(', ') || 'nothing'}`,
    hasNoSuchClass(daemonSet)
      ? `class ${daemonSet.priorityClassName}, which does not exist`
      : `priority ${daemonSet.priority} (${daemonSet.priorityClassName ?? 'no class'}${policy})`,
    ...(daemonSet.source.kind === 'unknown' ? [] : [daemonSet.source.text]),
  ]
  return line(
    [
      painted(`DaemonSet ${daemonSet.namespace}/${daemonSet.name}`, 'bold'),
      ...facts.flatMap(fact => ['   ', whole(fact)]),
    ],
    2,
  )
}

function hasNoSuchClass({ groups }: DaemonSetCoverage): boolean {
  return groups.some(({ verdict }) => verdict.kind === 'refused' && verdict.by === 'PriorityClass')
}

function coveredLine(coverage: Coverage, daemonSet: DaemonSetCoverage): Line {
  if (coverage.unknown.some(({ list }) => list === 'nodes'))
    return line([painted('?', 'yellow'), ' cannot tell: no list of nodes was read'], 2)
  const trouble = troubleGroups(daemonSet)
  const since = sinceText(
    trouble
      .map(group => group.since)
      .filter(time => time !== undefined)
      .sort(compareText)[0],
    coverage.cluster.takenAt,
  )
  const notReady = daemonSet.landed - daemonSet.ready
  const outdated = daemonSet.groups.reduce(
    (sum, { verdict, nodes }) => sum + (verdict.kind === 'landed' && verdict.outdated === true ? nodes.length : 0),
    0,
  )
  const counts = [
    `${thousands(daemonSet.landed)} of ${count(daemonSet.should, 'node')}`,
    notReady > 0 ? `${thousands(notReady)} not ready` : undefined,
    outdated > 0 ? `${thousands(outdated)} still of an older revision` : undefined,
    since,
  ].filter(part => part !== undefined)
  // Nodes that join or leave do not count.
  const fine = trouble.every(({ verdict, uncounted }) => uncounted === true && verdict.kind === 'waits')
  const waiting = waitingWord(trouble)
  return line(
    [
      fine ? painted('✓ ', 'green') : '',
      painted(`${counts.join(', ')}${revisionText(daemonSet)}`, 'bold'),
      waiting === undefined ? '' : ` · ${waiting}`,
    ],
    2,
  )
}

/** A DaemonSet that no node should have is covered; a misspelt nodeSelector looks just like that. */
function nowhereLines(coverage: Coverage, { should, landed, groups }: DaemonSetCoverage): readonly Line[] {
  if (should > 0 || landed > 0 || coverage.unknown.some(({ list }) => list === 'nodes')) return []
  const reasons = new Map<string, number>()
  for (const { verdict, nodes } of groups)
    if (verdict.kind === 'skipped') reasons.set(verdict.detail, (reasons.get(verdict.detail) ?? 0) + nodes.length)
  if (reasons.size === 0) return []
  const told = [...reasons].map(([detail, nodes]) => `${detail} (${count(nodes, 'node')})`)
  return [line([painted('No node should have it', 'yellow'), `: ${told.join('; ')}`], 2)]
}

function revisionText(daemonSet: DaemonSetCoverage): string {
  return daemonSet.revision === undefined ? '' : ` (revision ${daemonSet.revision.number})`
}

function waitingWord(groups: readonly VerdictGroup[]): string | undefined {
  const judged = groups.filter(asksToWait)
  const all = nodesOf(judged)
  const helps = nodesOf(judged.filter(group => group.waitingHelps))
  if (all === 0) return undefined
  if (helps === 0) return 'waiting does not help'
  return helps === all ? 'waiting helps' : `waiting helps on ${thousands(helps)} only`
}

function nodesOf(groups: readonly VerdictGroup[]): number {
  return groups.reduce((sum, { nodes }) => sum + nodes.length, 0)
}
