import type { DumpKind } from '../api/cluster-dump.ts'
import type { DaemonModel } from './daemon-model.ts'
import type { GroupedVerdicts } from './groups.ts'
import type { Coverage } from './types.ts'
import type { World } from './world.ts'

interface Grouped {
  readonly model: DaemonModel
  readonly verdicts: GroupedVerdicts
}

/** Lists that the dump does not hold, each only where it could change this answer. */
export function unknownLists(world: World, grouped: readonly Grouped[]): Coverage['unknown'] {
  const { dump } = world
  const groups = grouped.flatMap(({ verdicts }) => verdicts.groups)
  const kinds = new Set(groups.map(({ verdict }) => verdict.kind))
  const needed = new Set(groups.flatMap(({ verdict }) => (verdict.kind === 'unknown' ? verdict.needs : [])))
  const permanentTaint = groups.some(
    ({ verdict }) => verdict.kind === 'skipped' && verdict.taint !== undefined && verdict.intent !== 'irrelevant',
  )
  const rows: readonly (readonly [list: DumpKind, matters: boolean, effect: string])[] = [
    ['nodes', true, 'no verdict at all'],
    ['daemonSets', true, 'no verdict at all'],
    ['pods', true, 'where daemons run, what is free, who would be evicted'],
    [
      'priorityClasses',
      needed.has('priorityClasses') || kinds.has('blocked'),
      'which class would help, and what a class name is worth',
    ],
    ['podDisruptionBudgets', kinds.has('preempts'), 'which evictions break a budget'],
    ['limitRanges', needed.has('limitRanges'), 'what admission adds to a new pod, or refuses'],
    ['resourceQuotas', needed.has('resourceQuotas'), 'whether a quota refuses the next pod'],
    ['runtimeClasses', needed.has('runtimeClasses'), 'the overhead and the selector of a RuntimeClass'],
    ['namespaces', needed.has('namespaces'), 'whether Pod Security refuses the next pod'],
    [
      'events',
      kinds.has('fits') && grouped.some(({ model, verdicts }) => makesNoPod(world, model, verdicts)),
      'whether a webhook refuses a pod that should be there',
    ],
    ['nodePools', world.karpenter && permanentTaint, 'which taints are startup taints, and which pools there are'],
  ]
  return rows.flatMap(([list, matters, effect]) => (matters && dump[list] === undefined ? [{ list, effect }] : []))
}

/** True if some node fits and still nobody made a pod for it. */
function makesNoPod(world: World, model: DaemonModel, verdicts: GroupedVerdicts): boolean {
  return verdicts.groups.some(
    ({ verdict, nodes }) => verdict.kind === 'fits' && model.pods.state[world.snapshot.nodeIndex(nodes[0]!)!] === 0,
  )
}
