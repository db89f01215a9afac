import type { Node, Pod, Taint } from '../api/core.ts'
import type { NodeClaim } from '../api/karpenter.ts'
import type { ResourceList, StringMap } from '../api/meta.ts'
import type { KarpenterDifferences } from '../karpenter-versions.ts'
import { type Quantities, readQuantities } from '../pod-requests/quantities.ts'
import { quantityOf } from '../quantity/arithmetic.ts'
import {
  HOSTNAME_LABEL,
  INITIALIZED_LABEL,
  INSTANCE_TYPE_LABEL,
  NODE_POOL_LABEL,
  REGISTERED_LABEL,
} from '../requirements/well-known-labels.ts'
import { RequestReader } from './request-reader.ts'
import { mergeResources } from './resource-lists.ts'
import { isEphemeralTaint, sameTaint } from './taints.ts'

/** A node as Karpenter sees it: a Node, a NodeClaim without a node yet, or both (`StateNode`, karpenter `pkg/controllers/state/statenode.go`, v1.14.1). */
export interface StateNode {
  /** The NodeClaim's until it is registered, then the Node's. */
  readonly name: string
  readonly providerID: string
  readonly node: Node | undefined
  readonly nodeClaim: NodeClaim | undefined
  /** It has a NodeClaim. What is not managed counts as registered and initialized. */
  readonly managed: boolean
  readonly registered: boolean
  readonly initialized: boolean
  /** Being deleted, or its instance terminating: no pod goes there, and its pods need a place. */
  readonly markedForDeletion: boolean
  /** The NodeClaim's until it is registered, then the Node's. */
  readonly labels: StringMap
  readonly hostname: string
  /** Less those that it is expected to lose, until it is initialized. */
  readonly taints: readonly Taint[]
  /** With 1 of `nodes`. */
  readonly capacity: Quantities
  readonly allocatable: Quantities
  /** Bound to it and not over. */
  readonly pods: readonly Pod[]
  readonly podRequests: Quantities
  /** What those of the pods that a DaemonSet owns ask for, together. */
  readonly daemonSetRequests: Quantities
}

/** The objects that make up Karpenter's view of nodes. */
export interface StateObjects {
  readonly nodes: readonly Node[]
  readonly nodeClaims: readonly NodeClaim[]
  /** Those without a node, or over, don't matter. */
  readonly pods: readonly Pod[]
}

/**
 * Karpenter's view of the nodes: Nodes and NodeClaims of one provider ID are one. Left out are NodeClaims that are not launched yet,
 * and Nodes of a NodePool that have no provider ID or, before they are initialized, no instance type label (`UpdateNode`,
 * `UpdateNodeClaim`, karpenter `pkg/controllers/state/cluster.go`, v1.14.1). In the order in which provider IDs come, NodeClaims first.
 */
export function stateNodes(objects: StateObjects, differences: KarpenterDifferences): readonly StateNode[] {
  const halves = new Map<string, { node?: Node; nodeClaim?: NodeClaim }>()
  for (const nodeClaim of objects.nodeClaims) {
    const id = nodeClaim.status?.providerID ?? ''
    if (id !== '') halves.set(id, { ...halves.get(id), nodeClaim })
  }
  for (const node of objects.nodes) {
    const id = stateKeyOf(node)
    if (id !== undefined) halves.set(id, { ...halves.get(id), node })
  }
  const podsOf = podsByNode(objects.pods)
  const reader = new RequestReader(differences)
  return [...halves].map(([id, { node, nodeClaim }]) => {
    const pods = node === undefined ? [] : (podsOf.get(node.metadata.name ?? '') ?? [])
    return stateNode(id, node, nodeClaim, pods, reader)
  })
}

/** The provider ID of a Node, its name if it has none, or undefined where Karpenter waits for more to be known. */
function stateKeyOf({ metadata, spec }: Node): string | undefined {
  const labels = metadata.labels ?? {}
  const ofPool = Boolean(labels[NODE_POOL_LABEL])
  if (ofPool && !spec?.providerID) return undefined
  if (ofPool && !labels[INSTANCE_TYPE_LABEL] && !labels[INITIALIZED_LABEL]) return undefined
  return spec?.providerID || (metadata.name ?? '')
}

function podsByNode(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const byNode = new Map<string, Pod[]>()
  for (const pod of pods) {
    const { nodeName } = pod.spec
    if (!nodeName || isTerminal(pod)) continue
    const there = byNode.get(nodeName)
    if (there === undefined) byNode.set(nodeName, [pod])
    else there.push(pod)
  }
  return byNode
}

function stateNode(
  providerID: string,
  node: Node | undefined,
  nodeClaim: NodeClaim | undefined,
  pods: readonly Pod[],
  reader: RequestReader,
): StateNode {
  const managed = nodeClaim !== undefined
  const says = (label: string) => !managed || node?.metadata.labels?.[label] === 'true'
  const registered = says(REGISTERED_LABEL)
  const initialized = says(INITIALIZED_LABEL)
  const spokesman = (registered ? node?.metadata : nodeClaim?.metadata) ?? {}
  const labels = spokesman.labels ?? {}
  const name = spokesman.name ?? ''
  const requests = pods.map(pod => reader.of(pod))
  // Where both are there and the node is not initialized, what the Node does not report yet is the NodeClaim's.
  const resources = (of: 'capacity' | 'allocatable') => {
    const claimed = initialized ? undefined : nodeClaim?.status?.[of]
    return fillZeros(node?.status?.[of], claimed)
  }
  return {
    name,
    providerID,
    node,
    nodeClaim,
    managed,
    registered,
    initialized,
    markedForDeletion: isDeleted(node, nodeClaim),
    labels,
    hostname: labels[HOSTNAME_LABEL] || name,
    taints: lastingTaints(registered && node !== undefined ? node.spec?.taints : nodeClaim?.spec?.taints, {
      nodeClaim: initialized ? undefined : nodeClaim,
    }),
    capacity: new Map(resources('capacity')).set('nodes', quantityOf(1n, 'DecimalSI')),
    allocatable: resources('allocatable'),
    pods,
    podRequests: mergeResources(requests),
    daemonSetRequests: mergeResources(requests.filter((_, index) => isOwnedByDaemonSet(pods[index]!))),
  }
}

/** The node's amounts, and those of the claim where the node's are zero or not there. */
function fillZeros(own: ResourceList | undefined, claimed: ResourceList | undefined): Quantities {
  const amounts = new Map(readQuantities(own))
  for (const [name, quantity] of readQuantities(claimed)) {
    const known = amounts.get(name)
    if (known === undefined || known.unscaled === 0n) amounts.set(name, quantity)
  }
  return amounts
}

/** Of a managed node that is not initialized: the taints that it is not expected to lose. Of others all. */
function lastingTaints(
  taints: readonly Taint[] | undefined,
  { nodeClaim }: { readonly nodeClaim: NodeClaim | undefined },
): readonly Taint[] {
  if (taints === undefined || nodeClaim === undefined) return taints ?? []
  const startup = nodeClaim.spec?.startupTaints ?? []
  return taints.filter(taint => !isEphemeralTaint(taint) && !startup.some(known => sameTaint(known, taint)))
}

function isDeleted(node: Node | undefined, nodeClaim: NodeClaim | undefined): boolean {
  if (nodeClaim === undefined) return Boolean(node?.metadata.deletionTimestamp)
  const terminating = nodeClaim.status?.conditions?.find(({ type }) => type === 'InstanceTerminating')
  return Boolean(nodeClaim.metadata.deletionTimestamp) || terminating?.status === 'True'
}

/** Whether a pod has ended for good. */
export function isTerminal({ status }: Pod): boolean {
  return status?.phase === 'Failed' || status?.phase === 'Succeeded'
}

/** Whether any owner of the pod is a DaemonSet of apps/v1 (`IsOwnedByDaemonSet`, karpenter `pkg/utils/pod/scheduling.go`, v1.14.1). */
export function isOwnedByDaemonSet({ metadata }: Pod): boolean {
  return (metadata.ownerReferences ?? []).some(
    ({ apiVersion, kind }) => apiVersion === 'apps/v1' && kind === 'DaemonSet',
  )
}
