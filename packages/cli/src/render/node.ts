import type { Coverage, DaemonSetCoverage, PodRef, ResourceAmount, Verdict, VerdictGroup } from '@everynode/engine'
import { BLANK, type Line, layout, line, painted, table, whole } from '../terminal/layout.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { titleLine } from './daemon-set.ts'
import { heldText, priorityText, summaryOf, taintText } from './group.ts'
import { unknownLines } from './header.ts'
import { remedyLines } from './remedy.ts'
import { selfCheckLines } from './self-check.ts'
import { count, duration, GLYPH, sinceText, troubleOf } from './words.ts'

/** `everynode why DAEMONSET NODE`: one node in full, nothing summed up. */
export function nodePage(
  terminal: Terminal,
  coverage: Coverage,
  daemonSet: DaemonSetCoverage,
  node: string,
  group: VerdictGroup,
): readonly string[] {
  const { verdict } = group
  const glyph = GLYPH[troubleOf(group)]
  const lines: Line[] = [
    titleLine(daemonSet),
    line(
      [
        painted(`node ${node}`, 'bold'),
        `   ${[group.pool === undefined ? undefined : `pool ${group.pool}`, group.instanceType].filter(part => part !== undefined).join(' · ')}`,
      ],
      2,
    ),
    BLANK,
    line([painted(glyph.text, glyph.paint), ` ${kindText(verdict)}`, sinceClause(coverage, group)], 2),
    ...section('amounts', amountRows('amounts' in verdict ? verdict.amounts : [])),
    ...section(
      'held by',
      group.heldBy.map(holder => [holder.owner, count(holder.pods, 'pod'), heldText(holder, []), priorityText(holder)]),
    ),
    ...verdictSections(verdict),
  ]
  if (troubleOf(group) !== 'none' && group.waitingWhy !== '')
    lines.push(
      BLANK,
      line([whole('waiting   ', 'dim'), `${group.waitingHelps ? 'helps' : 'does not help'}: ${group.waitingWhy}`], 10),
    )
  if (group.message !== undefined) lines.push(BLANK, line([whole('message   ', 'dim'), group.message], 10))
  const remedy = troubleOf(group) === 'none' ? [] : remedyLines(daemonSet, true)
  if (remedy.length > 0) lines.push(BLANK, ...remedy)
  lines.push(BLANK, ...unknownLines(coverage, Number.POSITIVE_INFINITY), ...selfCheckLines(coverage, false))
  return layout(terminal, lines)
}

function kindText(verdict: Verdict): string {
  if (verdict.kind === 'blocked')
    return `blocked: ${[...verdict.reasons, ...(verdict.taint === undefined ? [] : [`taint ${taintText(verdict.taint)}`])].join('; ')}`
  return verdict.kind === 'preempts'
    ? `preempts: ${count(verdict.victims.length, 'pod')} would be evicted`
    : summaryOf(verdict)
}

function sinceClause(coverage: Coverage, group: VerdictGroup): string {
  const since = sinceText(group.since, coverage.cluster.takenAt)
  return since === undefined ? '' : ` · ${since}`
}

function amountRows(amounts: readonly ResourceAmount[]): readonly (readonly string[])[] {
  if (amounts.length === 0) return []
  return [
    ['resource', 'asked', 'free', 'missing', 'allocatable'],
    ...amounts.map(({ resource, asked, free, missing, allocatable }) => [resource, asked, free, missing, allocatable]),
  ]
}

function verdictSections(verdict: Verdict): readonly Line[] {
  if (verdict.kind === 'preempts')
    return section(`victims, ${duration(verdict.graceSeconds)} of grace at most`, verdict.victims.map(victimRow))
  if (verdict.kind === 'blocked' && verdict.whyNoPreemption !== undefined)
    return [BLANK, line([whole('victims   ', 'dim'), `none: ${verdict.whyNoPreemption}`], 10)]
  return []
}

function victimRow(victim: PodRef): readonly string[] {
  const facts = [
    `grace ${duration(victim.graceSeconds)}`,
    victim.daemon ? 'a daemon itself' : '',
    victim.pdbViolated ? 'breaks a PDB' : '',
  ].filter(fact => fact !== '')
  return [`${victim.namespace}/${victim.name}`, victim.owner, `priority ${victim.priority}`, facts.join(', ')]
}

function section(title: string, rows: readonly (readonly string[])[]): readonly Line[] {
  return rows.length === 0 ? [] : [BLANK, line(whole(title, 'dim')), ...table(rows, 2)]
}
