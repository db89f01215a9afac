import type { Coverage } from '@everynode/engine'
import type { Again } from '../again.ts'
import type { Waiver } from '../settings.ts'
import { type Line, line, painted, whole } from '../terminal/layout.ts'
import { waiverOf } from '../waivers.ts'
import { count, troubleOf } from './words.ts'

const MOST_NOTES = 3

/** What a screen tells beside the engine's answer. */
export interface Beside {
  readonly waivers?: readonly Waiver[]
  /** Part of the input could not be read. */
  readonly partial?: boolean
  readonly again?: Again
}

/** Input that was not read, and what the settings file says: statements that are out of date, and trouble that is waived. */
export function noteLines(coverage: Coverage, { waivers = [], partial }: Beside, wide: boolean): readonly Line[] {
  const expired = (coverage.expiredIntent ?? []).map(({ says, taint, pool, daemonSets, reason, expires }) => {
    const about = [daemonSets?.join(', '), taint, pool === undefined ? undefined : `pool ${pool}`].filter(
      part => part !== undefined,
    )
    return line(
      [
        painted('✗', 'red'),
        ` ended ${expires?.slice(0, 10)}: ${about.join(', ') || 'everything'} ${says === 'meant' ? 'left out on purpose' : 'a gap'}: ${reason}`,
      ],
      2,
    )
  })
  const unread = line([painted('?', 'yellow'), ' part of the input could not be read: this answer is without it'], 2)
  const notes = [...(partial === true ? [unread] : []), ...expired, ...waivedLines(coverage, waivers)]
  if (wide || notes.length <= MOST_NOTES) return notes
  return [
    ...notes.slice(0, MOST_NOTES - 1),
    line(`  and ${count(notes.length - MOST_NOTES + 1, 'more note')}: -o wide`),
  ]
}

function waivedLines(coverage: Coverage, waivers: readonly Waiver[]): readonly Line[] {
  const waived = new Map<Waiver, Set<string>>()
  for (const daemonSet of coverage.daemonSets) {
    for (const group of daemonSet.groups) {
      const waiver = troubleOf(group) === 'missing' ? waiverOf(waivers, coverage, daemonSet, group) : undefined
      if (waiver !== undefined)
        waived.set(waiver, (waived.get(waiver) ?? new Set()).add(`${daemonSet.namespace}/${daemonSet.name}`))
    }
  }
  return [...waived].map(([{ reason, owner, expires }, names]) => {
    const facts = [reason, owner, expires === undefined ? undefined : `until ${expires}`].filter(
      fact => fact !== undefined,
    )
    return line([whole('waived  ', 'dim'), `${[...names].join(', ')}: ${facts.join(', ')}`], 8)
  })
}
