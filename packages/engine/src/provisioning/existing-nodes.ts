import type { Quantities } from '../pod-requests/quantities.ts'
import { Requirement } from '../requirements/requirement.ts'
import { Requirements } from '../requirements/requirements.ts'
import { HOSTNAME_LABEL } from '../requirements/well-known-labels.ts'
import type { Daemon } from './daemon.ts'
import type { DaemonSemantics } from './daemon-overhead.ts'
import { requestsOfPods, subtractResources, subtractToZero } from './resource-lists.ts'
import type { StateNode } from './state-node.ts'
import { toleratesAll } from './taints.ts'

/** A node that pods may go to, with what is kept for daemons that are still to come. */
export interface ExistingNode {
  readonly state: StateNode
  /** Those that belong there, there or not. */
  readonly daemons: readonly Daemon[]
  /** Allocatable less what its pods ask for. */
  readonly available: Quantities
  /** Available less what daemons will still take. If any amount is negative no pod fits, however small. */
  readonly remaining: Quantities
  /** Its labels, hostname included. */
  readonly requirements: Requirements
}

export interface ExistingOptions {
  /** Old label keys and what they are read as. */
  readonly aliases: ReadonlyMap<string, string>
  readonly semantics: DaemonSemantics
}

/**
 * The nodes that pods may go to, in the order in which they are tried: initialized ones first, then by name. What daemons will still
 * take is the sum of all that belong there less the sum of all that are there, so that a daemon too many or too large hides one that
 * is missing (`calculateExistingNodeClaims`, karpenter `pkg/controllers/provisioning/scheduling/scheduler.go`, and `NewExistingNode`,
 * `existingnode.go`, v1.14.1). Give it the daemons that `daemonOverhead` leaves.
 */
export function existingNodes(
  nodes: readonly StateNode[],
  daemons: readonly Daemon[],
  options: ExistingOptions,
): readonly ExistingNode[] {
  return nodes.map(state => existingNode(state, daemons, options)).sort(byTurn)
}

function existingNode(state: StateNode, daemons: readonly Daemon[], options: ExistingOptions): ExistingNode {
  const labels = Requirements.ofLabels(state.labels, options.aliases)
  const expected = daemons.filter(daemon => belongs(daemon, state, labels, options.semantics))
  const requests = requestsOfPods(expected.map(daemon => daemon.requests))
  const available = subtractResources(state.allocatable, state.podRequests)
  return {
    state,
    daemons: expected,
    available,
    remaining: subtractResources(available, subtractToZero(requests, state.daemonSetRequests)),
    requirements: labels.add([Requirement.in(HOSTNAME_LABEL, [state.hostname])]),
  }
}

/** Karpenter asks only the first alternative that is left of a daemon, the intended rule any. */
function belongs(daemon: Daemon, state: StateNode, labels: Requirements, semantics: DaemonSemantics): boolean {
  if (!toleratesAll(state.taints, daemon.tolerations)) return false
  const asked = semantics === 'faithful' ? daemon.alternatives.slice(0, 1) : daemon.alternatives
  return asked.some(alternative => labels.compatible(alternative))
}

function byTurn({ state: a }: ExistingNode, { state: b }: ExistingNode): number {
  if (a.initialized !== b.initialized) return a.initialized ? -1 : 1
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
