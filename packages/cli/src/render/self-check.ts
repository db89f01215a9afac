import type { Coverage, SelfCheck } from '@everynode/engine'
import { type Line, line, painted, whole } from '../terminal/layout.ts'
import { count, thousands } from './words.ts'

/** The last line of every answer: what this cluster's own scheduler said and did, against the engine. */
export function selfCheckLines(coverage: Coverage, wide: boolean): readonly Line[] {
  const { selfCheck } = coverage
  const { differences } = selfCheck
  const more = differences.length === 0 || wide ? '' : ' · in full with -o wide'
  const verb = `${verbOf(selfCheck)}:`
  const paint = differences.length > 0 ? 'yellow' : isEmpty(selfCheck) ? 'dim' : 'green'
  return [
    ...(wide ? differences.flatMap(differenceLines) : []),
    line([painted(verb, paint), ` ${countsText(selfCheck)}${more}`], 2),
  ]
}

/** Agreement needs something to agree about. */
export function verbOf(selfCheck: SelfCheck): string {
  const { length } = selfCheck.differences
  if (length > 0) return `differs from your scheduler in ${count(length, 'answer')}`
  return isEmpty(selfCheck) ? 'nothing to compare with your scheduler' : 'agrees with your scheduler'
}

function isEmpty({ messages, placements }: SelfCheck): boolean {
  return messages.of === 0 && placements.of === 0
}

export function countsText({ messages, placements }: SelfCheck): string {
  const stale = messages.stale === 0 ? '' : ` (${thousands(messages.stale)} stale)`
  return `${thousands(messages.agree)} of ${count(messages.of, 'message')}${stale}, ${thousands(placements.agree)} of ${count(placements.of, 'placement')}`
}

function differenceLines(difference: SelfCheck['differences'][number]): readonly Line[] {
  return [
    line([whole(`differs     ${difference.pod}`), difference.node === undefined ? '' : ` on ${difference.node}`], 12),
    line([whole('            theirs    ', 'dim'), difference.theirs], 22),
    line([whole('            ours      ', 'dim'), difference.ours], 22),
  ]
}
