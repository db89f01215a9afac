import type { Quantities } from '../pod-requests/quantities.ts'
import { Requirement } from '../requirements/requirement.ts'
import { RequirementIndex } from '../requirements/requirement-index.ts'
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
  const asked = new AskedOfNodes(daemons, options.semantics)
  return nodes.map(state => existingNode(state, asked, options)).sort(byTurn)
}

function existingNode(state: StateNode, asked: AskedOfNodes, options: ExistingOptions): ExistingNode {
  const labels = Requirements.ofLabels(state.labels, options.aliases)
  const expected = asked.daemonsFor(labels).filter(({ tolerations }) => toleratesAll(state.taints, tolerations))
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

/** What daemons ask of a node's labels: Karpenter's first alternative that is left of each, as intended any. */
class AskedOfNodes {
  /** The daemon of each member of the index. */
  private readonly owners: readonly Daemon[]
  private readonly index: RequirementIndex

  constructor(daemons: readonly Daemon[], semantics: DaemonSemantics) {
    const asked = daemons.flatMap(daemon => {
      const alternatives = semantics === 'faithful' ? daemon.alternatives.slice(0, 1) : daemon.alternatives
      return alternatives.map(alternative => ({ daemon, alternative }))
    })
    this.owners = asked.map(({ daemon }) => daemon)
    this.index = new RequirementIndex(asked.map(({ alternative }) => alternative))
  }

  daemonsFor(labels: Requirements): readonly Daemon[] {
    const compatible = this.index.offered(labels)
    const found = this.owners.filter((_, at) => ((compatible[at >>> 5]! >>> (at & 31)) & 1) === 1)
    return [...new Set(found)]
  }
}

function byTurn({ state: a }: ExistingNode, { state: b }: ExistingNode): number {
  if (a.initialized !== b.initialized) return a.initialized ? -1 : 1
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
