import type { Pod } from '../api/core.ts'
import type { ExistingNode } from '../provisioning/existing-nodes.ts'
import { quantitySign } from '../quantity/arithmetic.ts'
import { formatQuantity } from '../quantity/format.ts'
import type { Quantity } from '../quantity/types.ts'

/** A resource of which daemons that are still to come would take more than is free. */
export interface Shortfall {
  readonly resource: string
  /** Negative. */
  readonly remaining: Quantity
}

/** A node that takes no pod in any simulation of Karpenter's, because daemons that belong on it do not fit any more. */
export interface FrozenNode {
  readonly name: string
  readonly shortfalls: readonly Shortfall[]
  /** DaemonSets that belong there and have no pod there, as `namespace/name`. */
  readonly missing: readonly string[]
  readonly text: string
}

/**
 * Nodes frozen by missing daemons: what daemons will still take exceeds what is free, so that not even a pod without requests fits,
 * nothing is consolidated onto them, and half-empty nodes elsewhere stay (`Fits`, sigs.k8s.io/karpenter
 * `pkg/utils/resources/resources.go`, and `NewExistingNode`, v1.14.1). Karpenter itself names no reason.
 */
export function frozenNodes(nodes: readonly ExistingNode[]): readonly FrozenNode[] {
  return nodes.flatMap(({ state, remaining, daemons }) => {
    const shortfalls: Shortfall[] = []
    for (const [resource, quantity] of remaining)
      if (quantitySign(quantity) < 0) shortfalls.push({ resource, remaining: quantity })
    if (shortfalls.length === 0) return []
    shortfalls.sort((a, b) => (a.resource < b.resource ? -1 : 1))
    const present = new Set(state.pods.flatMap(ownersOf))
    const missing = daemons.map(({ daemonSet }) => daemonSet).filter(name => !present.has(name))
    missing.sort((a, b) => (a < b ? -1 : 1))
    return [{ name: state.name, shortfalls, missing, text: textOf(shortfalls, missing) }]
  })
}

function ownersOf({ metadata }: Pod): readonly string[] {
  const owners = (metadata.ownerReferences ?? []).filter(({ kind }) => kind === 'DaemonSet')
  return owners.map(({ name }) => `${metadata.namespace ?? ''}/${name}`)
}

function textOf(shortfalls: readonly Shortfall[], missing: readonly string[]): string {
  const short = shortfalls.map(({ resource, remaining }) => `${resource} ${formatQuantity(remaining)}`)
  const absent = missing.length === 0 ? 'larger than those that run' : `${missing.join(', ')} missing`
  return `frozen by missing daemons: ${short.join(', ')} remaining, ${absent}`
}
