import type { DaemonSetCoverage, Remedy } from '@everynode/engine'
import { type Line, line, painted, whole } from '../terminal/layout.ts'
import { budgetsText, evictedText, INDENT } from './group.ts'
import { count, duration, thousands } from './words.ts'

/** The remedy of a DaemonSet with its price, or why there is none. */
export function remedyLines(daemonSet: DaemonSetCoverage, wide = false): readonly Line[] {
  const { remedy, noRemedy } = daemonSet
  if (remedy === undefined)
    return noRemedy === undefined
      ? []
      : [line([whole('remedy'.padEnd(INDENT), 'dim'), `none that was proved: ${noRemedy}`], INDENT)]
  const lines = [
    line([whole('remedy'.padEnd(INDENT), 'bold'), painted(remedy.change, 'bold'), placeText(remedy)], INDENT),
    line([' '.repeat(INDENT), `→ ${priceOf(remedy, wide)}`], INDENT + 2),
  ]
  if (remedy.caution !== undefined) lines.push(line([' '.repeat(INDENT), `but: ${remedy.caution}`], INDENT))
  return lines
}

/** Where the change goes, unless it is a plain field of the pod template: its name says that. */
function placeText({ kind, where }: Remedy): string {
  const plain = where.split('; ').every(part => /^spec\.template\.spec\.[A-Za-z.]+$/.test(part))
  return kind === 'wait' || where === '' || plain ? '' : `   in ${where}`
}

/** What the remedy gives and what it costs, in one line; why a fact is not known only where there is room. */
export function priceOf(remedy: Remedy, wide: boolean): string {
  const fact = (text: string): string => (wide ? text : (text.split(': ')[0] ?? text))
  return [
    `${thousands(remedy.coveredAfter)} of ${count(remedy.of, 'node')}`,
    evictionsText(remedy),
    remedy.restarts === 0 ? 'restarts no daemon' : `restarts ${count(remedy.restarts, 'daemon')}`,
    ...(remedy.newNodes === remedy.costPerHour
      ? [`new nodes, cost: ${fact(remedy.newNodes)}`]
      : [`new nodes: ${fact(remedy.newNodes)}`, `cost: ${fact(remedy.costPerHour)}`]),
  ].join(' · ')
}

function evictionsText(remedy: Remedy): string {
  const pods = remedy.evictions.reduce((sum, eviction) => sum + eviction.pods, 0)
  if (pods === 0) return 'evicts nobody'
  const budgets = budgetsText(remedy.pdbViolations)
  return `evicts ${count(pods, 'pod')} (${evictedText(remedy.evictions)}; ${budgets}), ≤ ${duration(remedy.graceSeconds)} of grace`
}
