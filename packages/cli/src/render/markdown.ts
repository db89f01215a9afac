import type { Coverage, DaemonSetCoverage } from '@everynode/engine'
import { harmless } from '../terminal/text.ts'
import { summaryOf } from './group.ts'
import { mergedGroups } from './merged.ts'
import { questionText } from './overview.ts'
import { priceOf } from './remedy.ts'
import { countsText, verbOf } from './self-check.ts'
import { capital, count, GLYPH, someOf, thousands, troubleGroups, troubleOf, worstTrouble } from './words.ts'

/** GitHub takes 65,536 characters in a comment; the rest is for what a bot puts around it. */
const LONGEST = 60_000
/** CI finds its own comment by this and updates it. */
const MARKER = '<!-- everynode:why -->'

/** A comment for a pull request: the verdict first, the details folded. */
export function markdown(coverage: Coverage, partial = false): string {
  const head = [MARKER, `**${verdictSentence(coverage)}**`, '', ...causeTable(coverage)]
  const notes = [
    ...(partial ? ['- part of the input could not be read: this answer is without it'] : []),
    ...coverage.questions.map(question => `- meant? ${cell(questionText(question))}`),
    ...coverage.unknown.map(({ list, effect }) => `- no ${cell(list)} in the dump: ${cell(effect)}`),
  ]
  const tail = [
    ...notes,
    ...(notes.length === 0 ? [] : ['']),
    `${capital(verbOf(coverage.selfCheck))}: ${countsText(coverage.selfCheck)}`,
    '',
  ]
  const room = LONGEST - [...head, ...tail].join('\n').length - 100
  return [...head, ...folded(coverage, room), ...tail].join('\n')
}

function verdictSentence(coverage: Coverage): string {
  const missing = coverage.daemonSets.filter(daemonSet => worstTrouble(daemonSet) === 'missing')
  if (missing.length > 0)
    return `${count(missing.length, 'DaemonSet')} of ${coverage.daemonSets.length} ${missing.length === 1 ? 'is' : 'are'} not on every node that should have ${missing.length === 1 ? 'it' : 'them'}: ${cell(
      someOf(
        missing.map(({ name }) => name),
        5,
      ),
    )}.`
  if (coverage.unknown.some(({ list }) => list === 'nodes' || list === 'daemonSets'))
    return 'Cannot tell: no list of nodes or no list of DaemonSets was read.'
  if (coverage.daemonSets.length === 0) return 'No DaemonSet is here.'
  if (coverage.daemonSets.some(daemonSet => worstTrouble(daemonSet) === 'unknown'))
    return 'Cannot tell for every DaemonSet: the data is partial.'
  const waits = coverage.daemonSets.some(daemonSet => worstTrouble(daemonSet) === 'waits')
  return `All ${thousands(coverage.daemonSets.length)} DaemonSets are on every node that should have them${waits ? ', or on the way' : ''}.`
}

function causeTable(coverage: Coverage): readonly string[] {
  if (coverage.causes.length === 0) return []
  const rows = coverage.causes.slice(0, 50).map(
    cause =>
      `| ${GLYPH[cause.severity].text} | ${cell(cause.text)} | ${cell(
        someOf(
          cause.daemonSets.map(({ name, nodes }) => `${name} ${nodes}`),
          8,
        ),
      )} | ${cause.waitingHelps ? 'helps' : 'does not help'} |`,
  )
  return ['| | Cause | DaemonSets and nodes | Waiting |', '|---|---|---|---|', ...rows, '']
}

function folded(coverage: Coverage, room: number): readonly string[] {
  const out: string[] = []
  let left = room
  let hidden = 0
  for (const daemonSet of coverage.daemonSets.filter(candidate =>
    ['missing', 'unknown'].includes(worstTrouble(candidate)),
  )) {
    const block = details(daemonSet)
    const length = block.join('\n').length + 1
    if (length > left) hidden++
    else {
      out.push(...block)
      left -= length
    }
  }
  if (hidden > 0) out.push(`${count(hidden, 'more DaemonSet')}: everynode why`)
  return out
}

function details(daemonSet: DaemonSetCoverage): readonly string[] {
  const groups = mergedGroups(troubleGroups(daemonSet)).slice(0, 20)
  const remedy = daemonSet.remedy
  return [
    `<details><summary>${cell(`${daemonSet.namespace}/${daemonSet.name}`)}: ${daemonSet.landed} of ${count(daemonSet.should, 'node')}</summary>`,
    '',
    ...groups.map(
      group =>
        `- ${GLYPH[troubleOf(group)].text} ${count(group.nodes.length, 'node')} of ${cell(group.pool ?? 'no pool')}, ${cell(someOf(group.nodes, 3))}: ${cell(summaryOf(group.verdict, group.evictions))}`,
    ),
    ...(remedy === undefined
      ? []
      : ['', `Remedy: ${code(remedy.change)} (${cell(remedy.where)})`, '', cell(priceOf(remedy, true))]),
    ...(remedy?.caution === undefined ? [] : ['', `But: ${cell(remedy.caution)}`]),
    ...(daemonSet.noRemedy === undefined ? [] : ['', `No remedy was proved: ${cell(daemonSet.noRemedy)}`]),
    '',
    '</details>',
    '',
  ]
}

/** Text from a cluster that cannot end a table cell, a tag, or make a link or a mention. */
function cell(text: string): string {
  return harmless(text).replace(/[\\`*_[\]<>|#~@!]/g, character =>
    character === '<' ? '&lt;' : character === '>' ? '&gt;' : character === '@' ? '&#64;' : `\\${character}`,
  )
}

function code(text: string): string {
  const safe = harmless(text)
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return longest === 0 ? `${fence}${safe}${fence}` : `${fence} ${safe} ${fence}`
}
