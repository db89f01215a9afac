import type { DumpKind } from '../api/cluster-dump.ts'
import type { PodWorld } from './pod-world.ts'
import type { ExplainedSubject, PodExplanation, PodGroup } from './types.ts'

/** Lists that the dump does not hold, each only where it could change this answer. */
export function unknownLists(
  { dump }: PodWorld,
  subject: ExplainedSubject,
  groups: readonly PodGroup[],
  lacks: readonly string[],
  evictions: number,
): PodExplanation['unknown'] {
  const kinds = new Set(groups.map(({ outcome }) => outcome.kind))
  const evicts = kinds.has('preempts') || evictions > 0
  const missing = subject.wanted !== undefined && subject.pods < subject.wanted
  const volumes = 'whether its volumes keep the pod off a node'
  const rows: readonly (readonly [list: DumpKind, matters: boolean, effect: string])[] = [
    ['nodes', true, 'where anything could run'],
    ['pods', true, 'what is free, and who would be evicted'],
    ['priorityClasses', kinds.has('blocked'), 'which class would help'],
    ['podDisruptionBudgets', evicts, 'which evictions break a budget'],
    ...VOLUME_LISTS.map(list => [list, lacks.includes(list), volumes] as const),
    ['events', missing && subject.notMade === undefined, 'whether the API server refuses the pods that are missing'],
  ]
  return rows.flatMap(([list, matters, effect]) => (matters && dump[list] === undefined ? [{ list, effect }] : []))
}

const VOLUME_LISTS = [
  'persistentVolumeClaims',
  'persistentVolumes',
  'storageClasses',
  'csiNodes',
  'volumeAttachments',
  'csiDrivers',
  'csiStorageCapacities',
] as const satisfies readonly DumpKind[]
