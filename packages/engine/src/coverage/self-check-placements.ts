import type { Pod } from '../api/core.ts'
import { FITS } from '../framework/filter-plugin.ts'
import { explainNode, filterNode, preparePod } from '../framework/prepared-pod.ts'
import type { PodIndex } from '../snapshot/indices.ts'
import { isTolerated } from '../taints.ts'
import type { DaemonModel } from './daemon-model.ts'
import { controllerOf } from './owners.ts'
import type { SelfCheck } from './types.ts'
import type { World } from './world.ts'

type Difference = SelfCheck['differences'][number]

/**
 * Every bound daemon pod must pass its filters on its node without itself. Pods that a later taint or label would keep off are left out:
 * the scheduler never judged that. On a node within its allocatable, with all host ports distinct, plain pods pass by arithmetic alone.
 */
export function checkPlacements(world: World): { agree: number; of: number; differences: readonly Difference[] } {
  const { snapshot } = world
  const differences: Difference[] = []
  const noRivals = snapshot.withRequiredAntiAffinity.size === 0
  const models = noRivals ? NO_MODELS : new Map(world.models.map(model => [model.key, model]))
  let agree = 0
  for (let node = 0; node < snapshot.nodeCount; node++) {
    const plain = isWithinAllocatable(world, node) && portsAreDistinct(world, node)
    const pods = snapshot.podsOn(node)
    // The slow path takes a pod away and puts it back, which changes the list.
    for (const index of plain ? pods : [...pods]) {
      const pod = snapshot.pod(index)
      const owner = controllerOf(pod.metadata)
      if (owner?.kind !== 'DaemonSet' || changedSince(world, node, pod)) continue
      const passes = plain && isPlain(pod) && (noRivals || isWelcome(models, owner.name, pod, node))
      const reasons = passes ? undefined : reasonsAgainst(world, node, index)
      if (reasons === undefined) agree++
      else {
        differences.push({
          pod: `${pod.metadata.namespace ?? 'default'}/${pod.metadata.name ?? ''}`,
          node: snapshot.nodeName(node),
          theirs: 'bound',
          ours: reasons,
        })
      }
    }
  }
  return { agree, of: agree + differences.length, differences }
}

function isWithinAllocatable(world: World, node: number): boolean {
  const { resources, podCount, allowedPods } = world.snapshot
  if (resources.wide[node] === 1 || podCount[node]! > allowedPods[node]!) return false
  for (let column = 0; column < resources.names.length; column++) {
    if (resources.requested[column]![node]! > resources.allocatable[column]![node]!) return false
  }
  return true
}

function portsAreDistinct(world: World, node: number): boolean {
  const { snapshot } = world
  const used = snapshot.portsOn(node)
  if (used.size === 0) return true
  let ports = 0
  for (const index of snapshot.podsOn(node)) {
    for (const port of snapshot.hostPortsOf(index)) {
      if (port.ip !== '0.0.0.0') return false
      ports++
    }
  }
  return ports === used.size
}

/** A taint or a label that came after the pod was bound. */
function changedSince(world: World, node: number, pod: Pod): boolean {
  const taints = world.taints.lists[world.taints.of[node]!]!
  for (const taint of taints) {
    if (!isTolerated(taint, pod.spec.tolerations)) return true
  }
  const labels = world.nodes[node]!.metadata.labels
  for (const key in pod.spec.nodeSelector) {
    if (labels?.[key] !== pod.spec.nodeSelector[key]) return true
  }
  return false
}

const NO_MODELS: ReadonlyMap<string, DaemonModel> = new Map()

/** True if only resources, ports, taints, labels and the affinity of others can speak against the pod. */
function isPlain(pod: Pod): boolean {
  const { topologySpreadConstraints, affinity } = pod.spec
  return (
    (topologySpreadConstraints === undefined || topologySpreadConstraints.length === 0) &&
    affinity?.podAffinity === undefined &&
    affinity?.podAntiAffinity === undefined
  )
}

/** True if no pod's required anti-affinity excludes it; the pod has none of its own, so that it does not count itself. */
function isWelcome(models: ReadonlyMap<string, DaemonModel>, name: string, pod: Pod, node: number): boolean {
  const prepared = models.get(`${pod.metadata.namespace ?? 'default'}/${name}`)?.prepared.of(pod)
  if (prepared === undefined || prepared.rejection !== undefined) return false
  return prepared.filters.every(filter => filter.plugin !== 'InterPodAffinity' || filter.filter(node) === FITS)
}

function reasonsAgainst(world: World, node: number, index: PodIndex): string | undefined {
  const { snapshot } = world
  const pod = snapshot.pod(index)
  snapshot.fork()
  snapshot.removePod(index)
  const prepared = preparePod(pod, snapshot)
  const rejected = prepared.rejection?.message
  const fits = rejected === undefined && filterNode(prepared, node) === FITS
  const reasons = fits
    ? undefined
    : (rejected ??
      explainNode(prepared, node)
        .map(({ text }) => text)
        .join(', '))
  snapshot.revert()
  return reasons
}
