import type { DaemonModel } from './daemon-model.ts'
import { POD_NOT_READY, POD_READY } from './daemon-pods.ts'
import type { NodeFacts } from './node-facts.ts'
import type { World } from './world.ts'

/** Operating systems and architectures that a DaemonSet's image is known to run on. */
export interface Platforms {
  has(facts: NodeFacts): boolean
}

/** Known are those that its selector names and those where its pods stand; a new DaemonSet is taken for linux on amd64. */
export function knownPlatforms(world: World, model: DaemonModel): Platforms {
  const selector = model.daemonSet.spec.template.spec.nodeSelector ?? {}
  const systems = new Set<string>()
  const architectures = new Set<string>()
  for (let position = 0; position < world.nodes.length; position++) {
    const state = model.pods.state[position]!
    if (state !== POD_READY && state !== POD_NOT_READY) continue
    systems.add(world.facts[position]!.os)
    architectures.add(world.facts[position]!.arch)
  }
  if (systems.size === 0) systems.add('linux')
  if (architectures.size === 0) architectures.add('amd64')
  const os = selector['kubernetes.io/os']
  const arch = selector['kubernetes.io/arch']
  return {
    has: facts =>
      (os === undefined ? systems.has(facts.os) : os === facts.os) &&
      (arch === undefined ? architectures.has(facts.arch) : arch === facts.arch),
  }
}
