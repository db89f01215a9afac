import type { Pod } from '../api/core.ts'
import type { StateNode } from '../provisioning/state-node.ts'
import { NODE_POOL_LABEL } from '../requirements/well-known-labels.ts'
import type { PdbLimits } from './pdb-limits.ts'
import { DO_NOT_DISRUPT, isDisruptable } from './pods.ts'
import type { DisruptionClass } from './reasons.ts'

/** What keeps a node from being disrupted at all. */
export type VetoKind =
  | 'unmanaged'
  | 'no-node'
  | 'uninitialized'
  | 'deleting'
  | 'nominated'
  | 'node-annotation'
  | 'no-nodepool-label'
  | 'nodepool-not-found'
  | 'pod-annotation'
  | 'several-budgets'
  | 'budget'

/** A reason against disrupting a node, with the text that Karpenter's event gives it. */
export interface Veto {
  readonly kind: VetoKind
  readonly text: string
}

/**
 * What of the node itself forbids to disrupt it; `nominatedUntil` is when a promise to a pending pod ends, in ms since 1970
 * (`ValidateNodeDisruptable`, sigs.k8s.io/karpenter `pkg/controllers/state/statenode.go`, v1.14.1).
 */
export function nodeVeto(node: StateNode, now: number, nominatedUntil: number | undefined): Veto | undefined {
  if (node.nodeClaim === undefined) return { kind: 'unmanaged', text: "Node isn't managed by karpenter" }
  if (node.node === undefined) return { kind: 'no-node', text: 'Nodeclaim does not have an associated node' }
  if (!node.initialized) return { kind: 'uninitialized', text: "Node isn't initialized" }
  if (node.markedForDeletion) return { kind: 'deleting', text: 'Node is deleting or marked for deletion' }
  if (nominatedUntil !== undefined && nominatedUntil > now)
    return { kind: 'nominated', text: 'Node is nominated for a pending pod' }
  const spokesman = node.registered ? node.node : node.nodeClaim
  if (spokesman.metadata.annotations?.[DO_NOT_DISRUPT] === 'true')
    return { kind: 'node-annotation', text: `Disruption is blocked through the "${DO_NOT_DISRUPT}" annotation` }
  if (node.labels[NODE_POOL_LABEL] === undefined)
    return { kind: 'no-nodepool-label', text: `Node doesn't have required label (label=${NODE_POOL_LABEL})` }
  return undefined
}

/**
 * Which of the pods forbids to disrupt their node: the first with an active do-not-disrupt, then the first that a budget protects.
 * DaemonSet and mirror pods count. With a terminationGracePeriod an eventual disruption passes over both (`ValidatePodsDisruptable`,
 * sigs.k8s.io/karpenter `pkg/controllers/state/statenode.go`, v1.14.1).
 */
export function podVeto(
  pods: readonly Pod[],
  { nodeClaim }: StateNode,
  limits: PdbLimits,
  disruptionClass: DisruptionClass,
  now: number,
): Veto | undefined {
  const grace = nodeClaim?.spec?.terminationGracePeriod
  if (disruptionClass === 'eventual' && grace !== undefined && grace !== null) return undefined
  const blocking = pods.find(pod => !isDisruptable(pod, now))
  if (blocking !== undefined)
    return { kind: 'pod-annotation', text: `Pod has "${DO_NOT_DISRUPT}" annotation (Pod=${nameOf(blocking)})` }
  const budgets = limits.blockingAny(pods, now)
  if (budgets.length === 0) return undefined
  return budgets.length > 1
    ? {
        kind: 'several-budgets',
        text: `Eviction does not support multiple PDBs (PodDisruptionBudget(s)=[${budgets.join(' ')}])`,
      }
    : { kind: 'budget', text: `Pdb prevents pod evictions (PodDisruptionBudget=[${budgets.join(' ')}])` }
}

function nameOf({ metadata }: Pod): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name ?? ''}`
}
