import { type DaemonSet, daemonPod, type Node, nodeShouldRunDaemonPod, type Pod } from '@everynode/engine'
import type { OracleWorld } from './oracle-world.ts'

/** The pod of a DaemonSet as admission leaves it, pinned to a node; without a node, as it is before the controller pins it. */
export function admittedPod(world: OracleWorld, daemonSet: DaemonSet, node: Node | undefined): Pod {
  const made = daemonPod(daemonSet, node?.metadata.name ?? '')
  const className = made.spec.priorityClassName
  const priority = world.priorityClasses.find(({ metadata }) => metadata.name === className)?.value ?? 0
  const { affinity: pinned, ...spec } = made.spec
  const affinity = node ? pinned : daemonSet.spec.template.spec.affinity
  const name = `${daemonSet.metadata.name}${node ? `-${node.metadata.name}` : ''}`
  // Pods that are read from a dump share the hidden classes of their objects; spread here, each pod would have its own.
  return {
    metadata: Object.assign({}, made.metadata, { name }),
    spec: Object.assign({}, spec, affinity && { affinity }, { priority, preemptionPolicy: 'PreemptLowerPriority' }),
  }
}

/** One pod for each pair of DaemonSet and node that the controller would make, in a random order that depends on the seed alone. */
export function pinnedPods(
  world: OracleWorld,
  seed: number,
): { readonly pod: Pod; readonly node: number; readonly daemonSet: DaemonSet }[] {
  const pairs = world.daemonSets.flatMap(daemonSet =>
    world.nodes.flatMap((node, index) =>
      nodeShouldRunDaemonPod(daemonSet, node).shouldRun
        ? [{ pod: admittedPod(world, daemonSet, node), node: index, daemonSet }]
        : [],
    ),
  )
  let state = seed >>> 0
  for (let index = pairs.length - 1; index > 0; index--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const other = state % (index + 1)
    const kept = pairs[index]!
    pairs[index] = pairs[other]!
    pairs[other] = kept
  }
  return pairs
}
