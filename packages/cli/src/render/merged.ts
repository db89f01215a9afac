import type { VerdictGroup } from '@everynode/engine'
import { compareText, someOf } from './words.ts'

const MOST_PLACES = 3

/** Groups that read the same but for pool and instance type, told once; the order of the first of each stays. */
export function mergedGroups(groups: readonly VerdictGroup[]): readonly VerdictGroup[] {
  const alike = new Map<string, VerdictGroup[]>()
  for (const group of groups) {
    const { verdict, uncounted, heldBy, evictions, message, waitingHelps, waitingWhy } = group
    const key = JSON.stringify([verdict, uncounted, heldBy, evictions, message, waitingHelps, waitingWhy])
    const known = alike.get(key)
    if (known === undefined) alike.set(key, [group])
    else known.push(group)
  }
  return [...alike.values()].flatMap(([first, ...others]) => (first === undefined ? [] : [merged(first, others)]))
}

function merged(first: VerdictGroup, others: readonly VerdictGroup[]): VerdictGroup {
  if (others.length === 0) return first
  const groups = [first, ...others]
  const pool = joined(groups.map(group => group.pool ?? 'no pool'))
  const instanceType = joined(groups.flatMap(group => group.instanceType ?? []))
  const since = groups.flatMap(group => group.since ?? []).sort(compareText)[0]
  return {
    ...first,
    pool,
    ...(instanceType === '' ? {} : { instanceType }),
    ...(since === undefined ? {} : { since }),
    nodes: groups.flatMap(group => group.nodes).sort(compareText),
  }
}

function joined(texts: readonly string[]): string {
  return someOf([...new Set(texts)].sort(compareText), MOST_PLACES)
}
