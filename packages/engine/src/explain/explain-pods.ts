import type { ClusterDump } from '../api/cluster-dump.ts'
import type { Pod } from '../api/core.ts'
import { controllerOf } from '../coverage/owners.ts'
import { sourceOf } from '../coverage/source.ts'
import { type Judged, judgePending, messageBeside } from './pending.ts'
import { countPods, groupPods, isRunning } from './pod-groups.ts'
import { buildPodWorld, isUnbound, type PodWorld } from './pod-world.ts'
import { findPodRemedy } from './remedy.ts'
import { samePlace } from './same-place.ts'
import type { ExplainedSubject, ExplainOptions, PodExplanation, Subject } from './types.ts'
import { unknownLists } from './unknown-lists.ts'
import { makerOf, notMadeOf, podsOf, type WorkloadObject, workloadObject } from './workload.ts'

/**
 * Why the pods of one object are Pending or where they would land: by groups of equal nodes what is asked, free and missing, who holds
 * it, who would be evicted, what the scheduler would choose now, and one proved change that helps. Pure; a subject without pods has no
 * groups. Costs a scheduling cycle for each Pending pod that differs, and for pods that fit nowhere some more for the remedy.
 */
export function explainPods(dump: ClusterDump, subject: Subject, options: ExplainOptions = {}): PodExplanation {
  const world = buildPodWorld(dump, options)
  const pods = podsOf(dump, subject)
  const maker = makerOf(dump, subject, pods)
  const owner = subject.kind === 'Pod' ? maker : undefined
  // A change of the template is made for all pods of the owner.
  const family = owner === undefined ? pods : [...new Set([...pods, ...podsOf(dump, owner)])]
  const judged = judgeAll(world, family, options.grouping === 'shape')
  const groups = groupPods(world, pods, judged)
  const object = maker === undefined ? undefined : workloadObject(dump, maker)
  const explained = subjectOf(dump, subject, pods, owner, object)
  const isBlocked = (pod: Pod): boolean => judged.get(pod)?.outcome.kind === 'blocked'
  const blocked = pods.some(isBlocked) ? family.filter(isBlocked) : []
  const running = family.filter(isRunning)
  const lacks = [...new Set(pods.flatMap(pod => judged.get(pod)?.lacks ?? []))]
  const patient = { subject: explained, lacks, ...(object === undefined ? {} : { object }), blocked, running, groups }
  const found = findPodRemedy(world, patient)
  return {
    apiVersion: 'everynode.dev/v1alpha1',
    kind: 'PodExplanation',
    cluster: {
      ...(options.clusterName === undefined ? {} : { name: options.clusterName }),
      kubernetesVersion: world.versionText,
      kubernetesVersionFrom: world.versionFrom,
      model: world.version,
      karpenter: world.karpenter,
      nodes: world.nodes.length,
      daemonSets: dump.daemonSets?.length ?? 0,
      ...(world.now === undefined ? {} : { takenAt: world.now }),
    },
    subject: explained,
    groups,
    ...found,
    unknown: unknownLists(world, explained, groups, lacks, found.remedy?.evictions.length ?? 0),
    selfCheck: selfCheckOf(world, pods, judged),
  }
}

/** Judges every Pending pod; pods that the scheduler answers alike share one answer. */
function judgeAll(world: PodWorld, pods: readonly Pod[], byShape: boolean): ReadonlyMap<Pod, Judged> {
  const judged = new Map<Pod, Judged>()
  const classes: Pod[] = []
  for (const pod of pods) {
    if (!isUnbound(pod) || pod.metadata.deletionTimestamp !== undefined) continue
    const alike = classes.find(one => samePlace(one, pod))
    const known = alike === undefined ? undefined : judged.get(alike)
    if (known === undefined) classes.push(pod)
    judged.set(pod, known ?? judgePending(world, pod, byShape))
  }
  return judged
}

function subjectOf(
  dump: ClusterDump,
  subject: Subject,
  pods: readonly Pod[],
  owner: Subject | undefined,
  object: WorkloadObject | undefined,
): ExplainedSubject {
  const own = workloadObject(dump, subject)
  const controller = own && controllerOf(own.meta)
  const above = owner ?? controller
  const source = object?.meta ?? (above === undefined ? own?.meta : undefined)
  const counts = countPods(pods)
  const notMade = own?.wanted !== undefined && counts.pods < own.wanted ? notMadeOf(dump, subject) : undefined
  const ownerWanted = object?.wanted
  return {
    ...subject,
    ...counts,
    ...(above === undefined ? {} : { owner: `${above.kind}/${above.name}` }),
    ...(source === undefined ? {} : { source: sourceOf(source) }),
    ...(own?.wanted === undefined ? {} : { wanted: own.wanted }),
    ...(owner === undefined
      ? {}
      : {
          ownerPods: {
            ...countPods(podsOf(dump, owner)),
            ...(ownerWanted === undefined ? {} : { wanted: ownerWanted }),
          },
        }),
    ...(notMade === undefined ? {} : { notMade }),
  }
}

/** Each pod's text in its PodScheduled condition against the engine's. */
function selfCheckOf(
  world: PodWorld,
  pods: readonly Pod[],
  judged: ReadonlyMap<Pod, Judged>,
): PodExplanation['selfCheck'] {
  const differences: PodExplanation['selfCheck']['differences'][number][] = []
  let agree = 0
  let stale = 0
  for (const pod of pods) {
    const one = judged.get(pod)
    const message = one && messageBeside(world, pod, one)
    if (message?.verdict === 'agrees') agree++
    if (message?.verdict === 'stale') stale++
    if (message?.verdict !== 'differs') continue
    const name = `${pod.metadata.namespace ?? 'default'}/${pod.metadata.name ?? ''}`
    differences.push({ pod: name, theirs: message.theirs, ours: message.ours ?? 'it fits' })
  }
  return { messages: { agree, of: agree + differences.length, stale }, differences }
}
