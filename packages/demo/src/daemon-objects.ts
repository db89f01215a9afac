import type { ControllerRevision, DaemonSet, DaemonSetStatus, Pod, PriorityClass } from '@everynode/engine'
import type { Machine } from './machines.ts'
import { suffix, uid } from './names.ts'
import { PLATFORM_DAEMONS } from './platform-daemons.ts'
import { daemonPod, type PodPlace } from './pod.ts'
import { LOG_AGENT } from './qovery.ts'
import { minutesAfter, TIMES } from './times.ts'
import type { Chapter } from './variant.ts'

export interface DaemonObjects {
  readonly daemonSets: readonly DaemonSet[]
  readonly revisions: readonly ControllerRevision[]
  readonly pods: readonly Pod[]
}

function templateHash(daemonSet: DaemonSet): string {
  return suffix(JSON.stringify(daemonSet.spec.template), 10)
}

function revisionOf(daemonSet: DaemonSet, revision: number, created: string): ControllerRevision {
  const { name = '', namespace = '' } = daemonSet.metadata
  const hash = templateHash(daemonSet)
  return {
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      uid: uid(`revision ${namespace}/${name} ${hash}`),
      creationTimestamp: created,
      labels: { ...daemonSet.spec.template.metadata?.labels, 'controller-revision-hash': hash },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'DaemonSet',
          name,
          uid: uid(`DaemonSet ${namespace}/${name}`),
          controller: true,
        },
      ],
    },
    data: { spec: { template: { $patch: 'replace', ...daemonSet.spec.template } } },
    revision,
  }
}

/** The object as the API server returns it: identity, defaults of the update strategy, status. */
function stored(daemonSet: DaemonSet, generation: number, created: string, status: DaemonSetStatus): DaemonSet {
  const { name = '', namespace = '' } = daemonSet.metadata
  return {
    ...daemonSet,
    metadata: {
      managedFields: [{ manager: 'kubectl-client-side-apply' }],
      ...daemonSet.metadata,
      uid: uid(`DaemonSet ${namespace}/${name}`),
      generation,
      creationTimestamp: created,
      annotations: { 'deprecated.daemonset.template.generation': `${generation}`, ...daemonSet.metadata.annotations },
    },
    spec: {
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      revisionHistoryLimit: 10,
      ...daemonSet.spec,
    },
    status: { ...status, numberMisscheduled: 0, observedGeneration: generation },
  }
}

/** The scheduler's text for a daemon pod whose one node is full (kube-scheduler v1.36.2). */
function refusalText(nodes: number, resource: string, refusal: NonNullable<Chapter['refusal']>): string {
  const short = `1 Insufficient ${resource}`
  const preemption = refusal === 'no victims' ? '1 No preemption victims found for incoming pod' : short
  const none = `0/${nodes} nodes are available`
  return (
    `${none}: ${short}, ${nodes - 1} node(s) didn't satisfy plugin(s) [NodeAffinity]. no new claims to deallocate, ` +
    `preemption: ${none}: ${preemption}, ${nodes - 1} Preemption is not helpful for scheduling.`
  )
}

function platformDaemons(all: readonly Machine[], classes: readonly PriorityClass[]): DaemonObjects {
  const nodes = all.filter(machine => machine.kind !== 'fargate')
  const starting = nodes.filter(machine => machine.kind === 'joining').length
  const status = {
    desiredNumberScheduled: nodes.length,
    currentNumberScheduled: nodes.length,
    updatedNumberScheduled: nodes.length,
    numberReady: nodes.length - starting,
    numberAvailable: nodes.length - starting,
    ...(starting > 0 ? { numberUnavailable: starting } : {}),
  }
  const daemonSets = PLATFORM_DAEMONS.map(one => stored(one, 1, TIMES.daemonsApplied, status))
  const places = nodes.map((machine): PodPlace => {
    const joining = machine.kind === 'joining'
    const since = joining ? machine.created : minutesAfter(machine.created, 1)
    return { kind: joining ? 'starting' : 'running', node: machine.name, since }
  })
  const pods = daemonSets.flatMap(daemonSet => {
    const hash = templateHash(daemonSet)
    return places.map(place => daemonPod(daemonSet, hash, place, classes))
  })
  return { daemonSets, revisions: PLATFORM_DAEMONS.map(one => revisionOf(one, 1, TIMES.daemonsApplied)), pods }
}

function logAgent(all: readonly Machine[], chapter: Chapter, classes: readonly PriorityClass[]): DaemonObjects {
  const changed = chapter.revision === 2
  const first = stored(LOG_AGENT, 1, TIMES.agentApplied, {})
  const firstHash = templateHash(first)
  const current = stored(chapter.agent, chapter.revision, TIMES.agentApplied, {})
  const currentHash = templateHash(current)
  const pods: Pod[] = []
  let landed = 0
  let pending = 0
  for (const machine of all) {
    if (machine.kind !== 'default') continue
    if (machine.room) {
      // Landed at the first deploy; a rollout with maxUnavailable 1 does not reach it while other nodes miss the agent.
      const place: PodPlace = { kind: 'running', node: machine.name, since: TIMES.agentApplied }
      pods.push(daemonPod(first, firstHash, place, classes))
      landed++
    } else if (chapter.refusal !== undefined) {
      const message = refusalText(all.length, machine.short, chapter.refusal)
      const since = changed ? TIMES.agentChanged : TIMES.agentApplied
      pods.push(daemonPod(current, currentHash, { kind: 'pending', node: machine.name, since, message }, classes))
      pending++
    }
  }
  const tolerated = chapter.agent.spec.template.spec.tolerations?.some(one => one.key === 'nodepool/stable') === true
  const desired = all.filter(machine => machine.kind === 'default' || (machine.kind === 'stable' && tolerated)).length
  const daemonSet = stored(chapter.agent, chapter.revision, TIMES.agentApplied, {
    desiredNumberScheduled: desired,
    currentNumberScheduled: landed + pending,
    updatedNumberScheduled: changed ? pending : landed + pending,
    numberReady: landed,
    numberAvailable: landed,
    numberUnavailable: desired - landed,
  })
  const revisions = [revisionOf(LOG_AGENT, 1, TIMES.agentApplied)]
  if (changed) revisions.push(revisionOf(chapter.agent, 2, TIMES.agentChanged))
  return { daemonSets: [daemonSet], revisions, pods }
}

/** Every DaemonSet with its revisions and pods: the four of the platform, then the log agent. */
export function daemonObjects(
  all: readonly Machine[],
  chapter: Chapter,
  classes: readonly PriorityClass[],
): DaemonObjects {
  const platform = platformDaemons(all, classes)
  const agent = logAgent(all, chapter, classes)
  return {
    daemonSets: [...platform.daemonSets, ...agent.daemonSets],
    revisions: [...platform.revisions, ...agent.revisions],
    pods: [...platform.pods, ...agent.pods],
  }
}
