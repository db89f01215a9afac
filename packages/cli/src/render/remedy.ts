import type { DaemonSetCoverage, Remedy } from '@everynode/engine'
import { type Line, line, painted, whole } from '../terminal/layout.ts'
import { INDENT } from './group.ts'
import { count, duration, someOf } from './words.ts'

/** The remedy of a DaemonSet with its price, or why there is none. */
export function remedyLines(daemonSet: DaemonSetCoverage): readonly Line[] {
  const { remedy, noRemedy } = daemonSet
  if (remedy === undefined)
    return noRemedy === undefined
      ? []
      : [line([whole('remedy'.padEnd(INDENT), 'dim'), `none that was proved: ${noRemedy}`], INDENT)]
  const lines = [
    line([whole('remedy'.padEnd(INDENT), 'bold'), painted(remedy.change, 'bold'), placeText(remedy)], INDENT),
    line([' '.repeat(INDENT), `→ ${priceOf(remedy)}`], INDENT + 2),
  ]
  if (remedy.caution !== undefined) lines.push(line([' '.repeat(INDENT), `but: ${remedy.caution}`], INDENT))
  return lines
}

/** Where the change goes, unless it is a plain field of the pod template: its name says that. */
function placeText({ kind, where }: Remedy): string {
  const plain = where.split('; ').every(part => /^spec\.template\.spec\.[A-Za-z.]+$/.test(part))
  return kind === 'wait' || where === '' || plain ? '' : `   in ${where}`
}

/** What the remedy gives and what it costs, in one line. */
export function priceOf(remedy: Remedy): string {
  return [
    `${remedy.coveredAfter} of ${count(remedy.of, 'node')}`,
    evictionsText(remedy),
    ...(remedy.daemonsLost === undefined || remedy.daemonsLost === 0
      ? []
      : [`${count(remedy.daemonsLost, 'daemon')} of others lost`]),
    remedy.restarts === 0 ? 'restarts no daemon' : `restarts ${count(remedy.restarts, 'daemon')}`,
    ...(remedy.newNodes === remedy.costPerHour
      ? [`new nodes and cost: ${remedy.newNodes}`]
      : [`new nodes: ${remedy.newNodes}`, `cost: ${remedy.costPerHour}`]),
  ].join(' · ')
}

function evictionsText(remedy: Remedy): string {
  const pods = remedy.evictions.reduce((sum, eviction) => sum + eviction.pods, 0)
  if (pods === 0) return 'evicts nobody'
  const owners = someOf(
    remedy.evictions.map(({ owner, pods: evicted, daemon }) => `${owner} ${evicted}${daemon ? ' (a daemon)' : ''}`),
    3,
  )
  const budgets =
    remedy.pdbViolations === 0 ? 'breaks no PDB' : `breaks a PDB for ${count(remedy.pdbViolations, 'pod')}`
  return `evicts ${count(pods, 'pod')} (${owners}; ${budgets}), up to ${duration(remedy.graceSeconds)} of grace`
}
