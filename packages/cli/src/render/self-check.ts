import type { Coverage, SelfCheck } from '@everynode/engine'
import { type Line, line, painted, whole } from '../terminal/layout.ts'
import { count, thousands } from './words.ts'

/** The last line of every answer: what this cluster's own scheduler said and did, against the engine. */
export function selfCheckLines(coverage: Coverage, wide: boolean): readonly Line[] {
  const { selfCheck } = coverage
  const differences = wide ? selfCheck.differences.flatMap(differenceLines) : []
  const agrees = selfCheck.differences.length === 0
  const nothing = selfCheck.messages.of === 0 && selfCheck.placements.of === 0
  const verb = nothing
    ? 'nothing to compare with your scheduler'
    : agrees
      ? 'agrees with your scheduler'
      : `differs from your scheduler in ${count(selfCheck.differences.length, 'answer')}`
  const more = agrees || wide ? '' : ' · in full with -o wide'
  return [
    ...differences,
    line(
      [
        nothing ? `${verb}:` : agrees ? painted(`${verb}:`, 'green') : painted(`${verb}:`, 'yellow'),
        ` ${countsText(selfCheck)}${more}`,
      ],
      2,
    ),
  ]
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
