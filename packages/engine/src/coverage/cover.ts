import type { ClusterDump } from '../api/cluster-dump.ts'
import { podPriority } from '../snapshot/cluster-snapshot.ts'
import { formatAsked } from './amounts.ts'
import { causesOf } from './causes.ts'
import type { DaemonModel } from './daemon-model.ts'
import { type GroupedVerdicts, groupVerdicts } from './groups.ts'
import { questionsOf } from './questions.ts'
import { findRemedy } from './remedy.ts'
import { selfCheck } from './self-check.ts'
import { sourceOf } from './source.ts'
import { statusCounts, statusLies } from './status-lies.ts'
import type { Coverage, CoverOptions, DaemonSetCoverage } from './types.ts'
import { unknownLists } from './unknown-lists.ts'
import { buildWorld, type World } from './world.ts'

/**
 * Is every DaemonSet on every node that should have it, and if not: where not, why, because of whom, and what one proved change helps
 * (DESIGN §1, `why`). Pure; the same dump and options give the same bytes. Costs a pass over the pods, a verdict for each DaemonSet and
 * node, and for DaemonSets in trouble some more for the remedy.
 */
export function cover(dump: ClusterDump, options: CoverOptions = {}): Coverage {
  const world = buildWorld(dump, options)
  // Nobody wants the pods of a DaemonSet that is being deleted.
  const chosen = world.models.filter(
    ({ key, meta }) => (options.only === undefined || options.only.has(key)) && meta.deletionTimestamp === undefined,
  )
  judgeNodeByNode(world, chosen)
  const grouped = chosen.map(model => ({ model, verdicts: groupVerdicts(world, model) }))
  const daemonSets = grouped.map(({ model, verdicts }) => coverageOf(world, model, verdicts))
  return {
    apiVersion: 'everynode.dev/v1alpha1',
    kind: 'Coverage',
    cluster: {
      ...(options.clusterName === undefined ? {} : { name: options.clusterName }),
      kubernetesVersion: world.versionText,
      kubernetesVersionFrom: world.versionFrom,
      model: world.version,
      karpenter: world.karpenter,
      nodes: world.nodes.length,
      daemonSets: world.models.length,
      ...(world.now === undefined ? {} : { takenAt: world.now }),
    },
    daemonSets,
    causes: causesOf(daemonSets),
    questions: questionsOf(daemonSets),
    unknown: unknownLists(world, grouped),
    selfCheck: selfCheck(world),
    ...(world.expiredIntent.length === 0 ? {} : { expiredIntent: world.expiredIntent }),
  }
}

/** Asks all DaemonSets about one node before the next: its labels are read while they are near. */
function judgeNodeByNode(world: World, models: readonly DaemonModel[]): void {
  for (const position of world.order) {
    const node = world.nodes[position]!
    for (const { wanted } of models) wanted.code(node, position)
  }
}

function coverageOf(world: World, model: DaemonModel, verdicts: GroupedVerdicts): DaemonSetCoverage {
  const { pod } = model.admission
  const { namespace, name } = model.meta
  const { priorityClassName, preemptionPolicy } = pod.spec
  const status = statusCounts(model.daemonSet)
  const { groups, should, landed, ready } = verdicts
  const lies = statusLies(model.daemonSet, status, should, groups, world.options.nodes === undefined)
  const { revision } = model
  return {
    namespace: namespace ?? 'default',
    name: name ?? '',
    asks: formatAsked(world.snapshot, world.snapshot.incoming(pod)),
    priority: podPriority(pod),
    ...(priorityClassName === undefined || priorityClassName === '' ? {} : { priorityClassName }),
    preemptionPolicy: preemptionPolicy ?? 'PreemptLowerPriority',
    source: sourceOf(model.meta),
    ...(revision === undefined
      ? {}
      : { revision: { number: revision.number, ...(revision.since === undefined ? {} : { since: revision.since }) } }),
    should,
    landed,
    ready,
    ...(status === undefined ? {} : { status }),
    ...(lies === undefined ? {} : { statusLies: lies }),
    groups,
    ...remedyFor(world, model, verdicts),
  }
}

/** A change is made for all nodes of a DaemonSet, also where only some are asked about. */
function remedyFor(world: World, model: DaemonModel, verdicts: GroupedVerdicts): ReturnType<typeof findRemedy> {
  if (world.options.nodes === undefined || verdicts.uncovered.length === 0) return findRemedy(world, model, verdicts)
  const whole: World = { ...world, order: world.wholeOrder() }
  return findRemedy(whole, model, groupVerdicts(whole, model))
}
