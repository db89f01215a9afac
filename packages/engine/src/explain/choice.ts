import { byText } from '../coverage/holders.ts'
import { feasibleNodesToFind } from '../framework/cycle.ts'
import type { PreparedPod } from '../framework/prepared-pod.ts'
import { scoreNodes } from '../framework/score.ts'
import { DIFFERENCES } from '../versions.ts'
import type { PodWorld } from './pod-world.ts'
import type { NodeChoice } from './types.ts'

const MOST_OTHERS = 3

/**
 * The node that the scheduler would take of those that fit (`schedulePod`, kubernetes pkg/scheduler/schedule_one.go, v1.36.2). All of
 * them are scored; where the scheduler would look at fewer, or draws, that is said. Undefined if none fits; a text if scoring fails.
 */
export function chooseNode(
  { snapshot }: PodWorld,
  { pod, nodeNames }: PreparedPod,
  feasible: readonly number[],
): NodeChoice | string | undefined {
  const [only] = feasible
  if (only === undefined) return undefined
  const nominated = pod.status?.nominatedNodeName
  const nominatedNode = feasible.find(node => nominated !== undefined && snapshot.nodeName(node) === nominated)
  if (nominatedNode !== undefined || feasible.length === 1) {
    const node = snapshot.nodeName(nominatedNode ?? only)
    return { node, byPlugin: {}, feasible: feasible.length, tied: 0, others: [] }
  }
  const scored = scoreNodes(pod, snapshot, feasible)
  if (scored.kind === 'error') return scored.message
  const scores = scored.scores()
  const total = (node: number): number => Number(scores.get(node)?.total ?? 0n)
  const random = DIFFERENCES[snapshot.version].equalTotals === 'random' || nodeNames !== undefined
  const tied = scored.best.length - 1
  const byName = [...scored.best].sort((a, b) => byText(snapshot.nodeName(a), snapshot.nodeName(b)))
  const chosen = random && tied > 0 ? byName[0]! : scored.selected
  const enough = feasibleNodesToFind(nodeNames?.size ?? snapshot.nodeCount)
  const ranked = [...feasible]
    .filter(node => node !== chosen)
    .sort((a, b) => total(b) - total(a) || byText(snapshot.nodeName(a), snapshot.nodeName(b)))
  const uncertain = [
    ...(feasible.length > enough
      ? [`the scheduler looks for ${enough} of the ${feasible.length} nodes that fit, from where its last search ended`]
      : []),
    ...(tied > 0 && random ? ['it draws among equal scores'] : []),
    ...(tied > 0 && !random ? ['among equal scores its order of nodes decides'] : []),
    ...(scored.unknown.length > 0 ? [`the scores of ${scored.unknown.join(', ')} are not known`] : []),
  ]
  return {
    node: snapshot.nodeName(chosen),
    score: total(chosen),
    byPlugin: telling(scores, chosen),
    feasible: feasible.length,
    tied,
    others: ranked.slice(0, MOST_OTHERS).map(node => ({ node: snapshot.nodeName(node), score: total(node) })),
    ...(uncertain.length === 0 ? {} : { uncertain: uncertain.join('; ') }),
  }
}

/** The chosen node's parts, those that are the same on every node left out. */
function telling(
  scores: ReadonlyMap<number, { readonly byPlugin: ReadonlyMap<string, bigint> }>,
  chosen: number,
): Readonly<Record<string, number>> {
  const own = scores.get(chosen)?.byPlugin ?? new Map<string, bigint>()
  const parts = [...own].filter(([plugin, score]) =>
    [...scores.values()].some(({ byPlugin }) => byPlugin.get(plugin) !== score),
  )
  return Object.fromEntries(parts.map(([plugin, score]) => [plugin, Number(score)]))
}
