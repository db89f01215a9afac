import type { Pod } from '../api/core.ts'
import { graceOf } from '../coverage/holders.ts'
import { victimsOn } from '../coverage/placement.ts'
import { scheduleOne } from '../framework/cycle.ts'
import { preparePod } from '../framework/prepared-pod.ts'
import { podKey } from '../snapshot/cluster-snapshot.ts'
import type { NodeIndex, PodIndex } from '../snapshot/indices.ts'
import type { PodWorld } from './pod-world.ts'
import { samePlace } from './same-place.ts'

/** What is tried: the pods as they would be, and what happens before. */
export interface TrialInput {
  readonly pending: readonly Pod[]
  /** Bound pods that their successors replace on the spot. */
  readonly replaced?: readonly { readonly pod: PodIndex; readonly by: Pod }[]
  /** Pods that are being deleted are gone. */
  readonly withoutGoing?: boolean
  /** Nobody is evicted: only what has room lands. */
  readonly withoutPreemption?: boolean
}

/** What a trial came to. */
export interface Trial {
  /** By position in `pending`: the node that the pod lands on; undefined if none. */
  readonly nodes: readonly (string | undefined)[]
  readonly landing: number
  readonly evictions: ReadonlyMap<string, { readonly owner: string; readonly pods: number; readonly daemon: boolean }>
  /** Evicted daemon pods that find no room on their node again. */
  readonly daemonsLost: number
  /** Other evicted pods that find no room on any node. */
  readonly homeless: number
  readonly pdbViolations: number
  readonly graceSeconds: number
}

/** More evicted pods than this are not followed: they count as homeless. */
const MOST_FOLLOWED = 200

/**
 * Places pods one after the other on a fork of the cluster as the scheduler would, with preemption; then evicted daemons on their
 * nodes, then other evicted pods on any. The snapshot is as before afterwards. Costs a cycle for each pod that lands.
 */
export function tryPlacing(world: PodWorld, input: TrialInput): Trial {
  const { snapshot } = world
  snapshot.fork()
  const restore = input.pending.filter(pod => (pod.status?.nominatedNodeName ?? '') !== '')
  try {
    return new Trying(world).run(input)
  } finally {
    snapshot.revert()
    for (const pod of restore) snapshot.nominate(pod, undefined)
  }
}

class Trying {
  readonly #world: PodWorld
  readonly #evictions = new Map<string, { owner: string; pods: number; daemon: boolean }>()
  readonly #budgetUse = new Map<string, number>()
  readonly #homeless: Pod[] = []
  #daemonsLost = 0
  #graceSeconds = 0

  constructor(world: PodWorld) {
    this.#world = world
  }

  run({ pending, replaced = [], withoutGoing = false, withoutPreemption = false }: TrialInput): Trial {
    const { snapshot, going } = this.#world
    if (withoutGoing) for (const pod of going) snapshot.removePod(pod)
    for (const { pod, by } of replaced) {
      const node = snapshot.nodeOf(pod)
      if (node === undefined) continue
      snapshot.removePod(pod)
      snapshot.addPod(by, node)
    }
    const nodes: (string | undefined)[] = []
    let failed: Pod | undefined
    for (const pod of pending) {
      // Nothing has changed since an equal pod found no node.
      const node = failed !== undefined && samePlace(failed, pod) ? undefined : this.#place(pod, !withoutPreemption)
      failed = node === undefined ? pod : undefined
      nodes.push(node === undefined ? undefined : snapshot.nodeName(node))
    }
    const homeless = this.#rehouse()
    return {
      nodes,
      landing: nodes.filter(node => node !== undefined).length,
      evictions: this.#evictions,
      daemonsLost: this.#daemonsLost,
      homeless,
      pdbViolations: this.#violations(),
      graceSeconds: this.#graceSeconds,
    }
  }

  #place(pod: Pod, evicts: boolean): NodeIndex | undefined {
    const { snapshot, budgets } = this.#world
    const { selectedNode, preemption, prepared } = scheduleOne(pod, snapshot, budgets)
    if (prepared.notModelled.length > 0) return undefined
    if (selectedNode !== undefined) return this.#bind(pod, selectedNode as NodeIndex)
    if (!evicts || preemption?.kind !== 'nominated') return undefined
    const { node, victims } = preemption.chosen.candidate
    const daemons = this.#evict(victims)
    this.#bind(pod, node)
    this.#settleDaemons(daemons, node)
    return node
  }

  #bind(pod: Pod, node: NodeIndex): NodeIndex {
    const { snapshot } = this.#world
    snapshot.withdraw(podKey(pod))
    snapshot.addPod({ ...pod, spec: { ...pod.spec, nodeName: snapshot.nodeName(node) } }, node)
    return node
  }

  /** Takes victims away and returns the daemons among them. */
  #evict(victims: readonly PodIndex[]): readonly Pod[] {
    const { snapshot, owners, budgets } = this.#world
    const daemons: Pod[] = []
    for (const victim of victims) {
      const pod = snapshot.pod(victim)
      const { text: owner, daemon } = owners.topOf(pod)
      if (daemon) daemons.push(pod)
      else this.#homeless.push(pod)
      const key = `${pod.metadata.namespace ?? 'default'}/${owner}`
      const known = this.#evictions.get(key)
      if (known) known.pods++
      else this.#evictions.set(key, { owner, pods: 1, daemon })
      this.#graceSeconds = Math.max(this.#graceSeconds, graceOf(snapshot, victim))
      for (const budget of budgets.covering(victim, snapshot))
        this.#budgetUse.set(budget, (this.#budgetUse.get(budget) ?? 0) + 1)
      snapshot.removePod(victim)
    }
    return daemons
  }

  /** Evicted daemons come back to their node, and may evict in their turn pods of lower priority: so this ends. */
  #settleDaemons(evicted: readonly Pod[], node: NodeIndex): void {
    const { snapshot, budgets } = this.#world
    const waiting = [...evicted]
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const pod = unbound(next)
      const victims = victimsOn(preparePod(pod, snapshot), snapshot, budgets, node)
      if (victims === undefined) {
        this.#daemonsLost++
        continue
      }
      waiting.push(...this.#evict(victims))
      snapshot.addPod(pod, node)
    }
  }

  /** Gives evicted pods another node, without further evictions; returns how many stay without. */
  #rehouse(): number {
    const { snapshot, budgets } = this.#world
    let without = 0
    this.#homeless.forEach((pod, position) => {
      const again = unbound(pod)
      const node = position < MOST_FOLLOWED ? scheduleOne(again, snapshot, budgets).selectedNode : undefined
      if (node === undefined) without++
      else snapshot.addPod(again, node as NodeIndex)
    })
    return without
  }

  #violations(): number {
    let violations = 0
    for (const { metadata, status } of this.#world.dump.podDisruptionBudgets ?? []) {
      const used = this.#budgetUse.get(`${metadata.namespace ?? 'default'}/${metadata.name ?? ''}`) ?? 0
      violations += Math.max(0, used - (status?.disruptionsAllowed ?? 0))
    }
    return violations
  }
}

/** The pod as its controller makes it anew. */
function unbound(pod: Pod): Pod {
  const { status: _, ...rest } = pod
  const { nodeName: __, ...spec } = pod.spec
  const { deletionTimestamp: ___, uid: ____, ...metadata } = pod.metadata
  return { ...rest, metadata, spec }
}
