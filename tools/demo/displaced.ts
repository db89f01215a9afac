import { type ClusterDump, DEFAULT_VERSION, modelFor, type Pod, settle } from '@everynode/engine'

/** Where the scheduler brings pods that were evicted. */
export interface Displaced {
  /** The cluster then: pods that no node takes have the scheduler's refusal. */
  readonly dump: ClusterDump
  /** Evicted pods that found room on nodes that are there. */
  readonly placed: readonly Pod[]
  /** Evicted pods that no node takes. */
  readonly homeless: readonly Pod[]
  /** Pods that their StatefulSet makes when the one before them runs. */
  readonly later: readonly Pod[]
  /** Who goes in their turn for those that found room. */
  readonly evicted: readonly Pod[]
}

/**
 * Has the victims of a forecast made anew and placed by the scheduler on the nodes of `after`, preemption included. They come in the
 * order of their names; a StatefulSet's after the others, as it waits until the old pod is gone, and each when the one before it runs
 * (`OrderedReady`). Of nodes that are equally good the first is taken.
 */
export function placeDisplaced(before: ClusterDump, after: ClusterDump): Displaced {
  const { nodes = [], takenAt = '', kubernetesVersion = '' } = after
  const left = new Set((after.pods ?? []).map(keyOf))
  const victims = (before.pods ?? []).filter(pod => !left.has(keyOf(pod)) && !isOwnedBy(pod, 'DaemonSet'))
  const pods = new Map((after.pods ?? []).map(pod => [keyOf(pod), pod]))
  const made = [...victims].sort(byTurn).map(pod => madeAnew(pod, takenAt))
  let later = made
  let waiting: readonly Pod[] = []
  const placed: Pod[] = []
  const evicted: Pod[] = []
  for (;;) {
    const sets = new Set(waiting.filter(pod => isOwnedBy(pod, 'StatefulSet')).map(ownerUid))
    const next = later.filter(pod => {
      if (!isOwnedBy(pod, 'StatefulSet')) return true
      const turn = !sets.has(ownerUid(pod))
      sets.add(ownerUid(pod))
      return turn
    })
    if (next.length === 0) break
    later = later.filter(pod => !next.includes(pod))
    const homes = new Set<string>()
    const steps = settle({
      objects: { ...after, nodes, pods: [...pods.values()].filter(({ spec }) => spec.nodeName) },
      pending: [...waiting, ...next],
      version: modelFor(kubernetesVersion)?.version ?? DEFAULT_VERSION,
      startTime: () => takenAt,
    })
    for (const { pod, node, victims: gone } of steps) {
      for (const victim of gone) pods.delete(keyOf(victim))
      evicted.push(...gone)
      if (node === undefined) continue
      const bound: Pod = { ...pod, spec: { ...pod.spec, nodeName: node } }
      pods.set(keyOf(pod), bound)
      homes.add(keyOf(pod))
      placed.push(bound)
    }
    waiting = [...waiting, ...next].filter(pod => !homes.has(keyOf(pod)))
  }
  const homeless = waiting.map(pod => refused(pod, takenAt))
  return { dump: { ...after, pods: [...pods.values(), ...homeless] }, placed, homeless, later, evicted }
}

function keyOf({ metadata }: Pod): string {
  return `${metadata.namespace ?? ''}/${metadata.name ?? ''}`
}

function isOwnedBy({ metadata }: Pod, kind: string): boolean {
  return (metadata.ownerReferences ?? []).some(owner => owner.kind === kind)
}

function ownerUid({ metadata }: Pod): string | undefined {
  return metadata.ownerReferences?.[0]?.uid
}

function byTurn(a: Pod, b: Pod): number {
  const late = Number(isOwnedBy(a, 'StatefulSet')) - Number(isOwnedBy(b, 'StatefulSet'))
  return late || (keyOf(a) < keyOf(b) ? -1 : 1)
}

function madeAnew({ metadata, spec: { nodeName: _, ...spec }, ...rest }: Pod, creationTimestamp: string): Pod {
  return { ...rest, metadata: { ...metadata, creationTimestamp }, spec, status: { phase: 'Pending' } }
}

function refused(pod: Pod, lastTransitionTime: string): Pod {
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', lastTransitionTime }
  return { ...pod, status: { phase: 'Pending', conditions: [condition] } }
}
