import type { DaemonSet, PriorityClass } from '../api/apps.ts'
import type { ClusterDump } from '../api/cluster-dump.ts'
import type { NodeSelectorTerm, Pod, PodSpec, Toleration } from '../api/core.ts'
import { type PreparedPod, preparePod } from '../framework/prepared-pod.ts'
import { podPriority } from '../snapshot/cluster-snapshot.ts'
import type { NodeIndex, PodIndex } from '../snapshot/indices.ts'
import { DaemonAdmission } from './admission-of.ts'
import { type DaemonModel, pinnedTo, withTemplateSpec } from './daemon-model.ts'
import { POD_NOT_READY, POD_PENDING, POD_READY } from './daemon-pods.ts'
import type { GroupedVerdicts } from './groups.ts'
import { graceOf } from './holders.ts'
import { isOutsidePools } from './intent.ts'
import { controllerOf } from './owners.ts'
import { isShareable, victimsOn, withoutPin } from './placement.ts'
import { WANTED, type WantedCode, WantedNodes } from './wanted.ts'
import type { World } from './world.ts'

/** A change of one DaemonSet, or of what admission reads. An empty one means: wait. */
export interface Change {
  readonly tolerations?: readonly Toleration[]
  /** Label and value of nodes to leave out. */
  readonly exclude?: readonly { readonly key: string; readonly value: string }[]
  /** Class to name; `isNew` if it has to be made too. */
  readonly priorityClass?: { readonly name: string; readonly value: number; readonly isNew: boolean }
  /** Quotas or namespaces as changed. */
  readonly dump?: Partial<ClusterDump>
}

/** What a change comes to on the nodes that are there, once every eviction is over. */
export interface Proof {
  readonly covered: number
  readonly of: number
  /** Evicted pods by owner. */
  readonly evictions: ReadonlyMap<string, { readonly owner: string; readonly pods: number; readonly daemon: boolean }>
  readonly pdbViolations: number
  /** Evicted daemon pods that find no room again, by owner. */
  readonly lost: ReadonlyMap<string, number>
  readonly graceSeconds: number
  /** Positions that stay without. */
  readonly uncovered: readonly number[]
}

/** The DaemonSet with the change written into its template. */
export function changedDaemonSet(daemonSet: DaemonSet, change: Change): DaemonSet {
  let spec: PodSpec = daemonSet.spec.template.spec
  if (change.tolerations !== undefined)
    spec = { ...spec, tolerations: [...(spec.tolerations ?? []), ...change.tolerations] }
  if (change.exclude !== undefined) spec = { ...spec, affinity: excluding(spec, change.exclude) }
  if (change.priorityClass !== undefined) {
    const { priority: _, preemptionPolicy: __, ...rest } = spec
    spec = { ...rest, priorityClassName: change.priorityClass.name }
  }
  return withTemplateSpec(daemonSet, spec)
}

/** Terms are ORed, so each of them must leave the nodes out. */
function excluding(spec: PodSpec, exclude: NonNullable<Change['exclude']>): NonNullable<PodSpec['affinity']> {
  const added = exclude.map(({ key, value }) => ({ key, operator: 'NotIn', values: [value] }))
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  const before: readonly NodeSelectorTerm[] = required?.nodeSelectorTerms ?? [{}]
  const nodeSelectorTerms = before.map(term => ({
    ...term,
    matchExpressions: [...(term.matchExpressions ?? []), ...added],
  }))
  const nodeAffinity = {
    ...spec.affinity?.nodeAffinity,
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
  }
  return { ...spec.affinity, nodeAffinity }
}

/** The dump with the change in it, so that it can be covered anew: the DaemonSet, its class, and the lists that admission reads. */
export function changedDump(dump: ClusterDump, daemonSet: DaemonSet, change: Change): ClusterDump {
  const { priorityClass } = change
  const added: readonly PriorityClass[] =
    priorityClass?.isNew === true
      ? [
          {
            metadata: { name: priorityClass.name },
            value: priorityClass.value,
            preemptionPolicy: 'PreemptLowerPriority',
          },
        ]
      : []
  const changed = changedDaemonSet(daemonSet, change)
  return {
    ...dump,
    ...change.dump,
    ...(added.length === 0 ? {} : { priorityClasses: [...(dump.priorityClasses ?? []), ...added] }),
    daemonSets: (dump.daemonSets ?? []).map(other => (other === daemonSet ? changed : other)),
  }
}

/**
 * Runs the DaemonSet's coverage again with a change, on a fork of the snapshot: on each node without its pod the new pod is placed, its
 * victims go, and evicted daemons are placed again, down to quiet. Pods that have landed stay: their successors ask for the same room.
 * Undefined if the API server would refuse the changed pod, or if that cannot be told.
 */
export function prove(world: World, model: DaemonModel, verdicts: GroupedVerdicts, change: Change): Proof | undefined {
  return proverOf(world, model, verdicts, change)?.run()
}

/** `covered` of that proof alone: who is evicted, and what becomes of them, is not followed. */
export function countCovered(
  world: World,
  model: DaemonModel,
  verdicts: GroupedVerdicts,
  change: Change,
): number | undefined {
  return proverOf(world, model, verdicts, change, true)?.run().covered
}

function proverOf(
  world: World,
  model: DaemonModel,
  verdicts: GroupedVerdicts,
  change: Change,
  countsOnly = false,
): Prover | undefined {
  const dump = changedDump(world.dump, model.daemonSet, change)
  const daemonSet = changedDaemonSet(model.daemonSet, change)
  const pod = admittedPod(world, model, daemonSet, dump, change)
  return pod && new Prover(world, model, verdicts, daemonSet, pod, change, countsOnly)
}

function admittedPod(
  world: World,
  model: DaemonModel,
  daemonSet: DaemonSet,
  dump: ClusterDump,
  change: Change,
): Pod | undefined {
  // Replaced pods give their share of a quota back first; only more pods than before can meet a full one.
  const addsPods = change.tolerations !== undefined || change.dump !== undefined || model.admission.kind === 'refused'
  const read = addsPods ? dump : { ...dump, resourceQuotas: [] }
  const outcome = new DaemonAdmission(read, world.version, world.options.admissionPlugins).of(
    daemonSet,
    () => undefined,
  )
  if (outcome.kind === 'admitted') return outcome.pod
  if (outcome.kind === 'refused' || model.admission.kind !== 'admitted') return undefined
  return patched(model.admission.pod, change)
}

/** A pod that was admitted before, with a change that no missing list can turn into a refusal. */
function patched(pod: Pod, change: Change): Pod {
  const { priorityClass, tolerations } = change
  return {
    ...pod,
    spec: {
      ...pod.spec,
      ...(tolerations === undefined ? {} : { tolerations: [...(pod.spec.tolerations ?? []), ...tolerations] }),
      ...(priorityClass === undefined
        ? {}
        : {
            priorityClassName: priorityClass.name,
            priority: priorityClass.value,
            preemptionPolicy: 'PreemptLowerPriority',
          }),
    },
  }
}

class Prover {
  readonly #world: World
  readonly #model: DaemonModel
  readonly #pod: Pod
  readonly #wanted: WantedNodes
  readonly #shared: PreparedPod | undefined
  readonly #change: Change
  readonly #countsOnly: boolean
  readonly #verdicts: GroupedVerdicts
  readonly #counted: ReadonlySet<number>
  readonly #evictions = new Map<string, { owner: string; pods: number; daemon: boolean }>()
  readonly #lost = new Map<string, number>()
  readonly #budgetUse = new Map<string, number>()
  #graceSeconds = 0

  constructor(
    world: World,
    model: DaemonModel,
    verdicts: GroupedVerdicts,
    daemonSet: DaemonSet,
    pod: Pod,
    change: Change,
    countsOnly: boolean,
  ) {
    this.#countsOnly = countsOnly
    this.#world = world
    this.#model = model
    this.#pod = pod
    this.#change = change
    this.#wanted = new WantedNodes(daemonSet, world.taints)
    this.#shared = isShareable(pod) ? preparePod(withoutPin(pod), world.snapshot) : undefined
    this.#verdicts = verdicts
    this.#counted = new Set(verdicts.uncovered)
  }

  run(): Proof {
    const { tolerations, exclude } = this.#change
    // Only these two change which nodes want the pod; without them the landed pods stay counted as they are.
    const sameNodes = tolerations === undefined && exclude === undefined
    const uncovered: number[] = []
    let covered = sameNodes ? this.#verdicts.landed : 0
    let of = covered
    for (const position of sameNodes ? this.#verdicts.uncovered : this.#world.order) {
      const outcome = this.#on(position)
      if (outcome === 'not asked') continue
      of++
      if (outcome === 'covered') covered++
      else uncovered.push(position)
    }
    return {
      covered,
      of,
      evictions: this.#evictions,
      pdbViolations: this.#violations(),
      lost: this.#lost,
      graceSeconds: this.#graceSeconds,
      uncovered,
    }
  }

  #on(position: number): 'covered' | 'uncovered' | 'not asked' {
    const { nodes, facts, options } = this.#world
    const { state, pool } = facts[position]!
    const standing = this.#model.pods.state[position]!
    const code: WantedCode = this.#wanted.code(nodes[position]!, position)
    if (state === 'leaving' || isOutsidePools(pool, options)) return 'not asked'
    if (standing === POD_READY || standing === POD_NOT_READY) return code === WANTED ? 'covered' : 'not asked'
    if (code !== WANTED)
      return this.#change.exclude === undefined && this.#counted.has(position) ? 'uncovered' : this.#excluded(position)
    // A node that joins is neither counted before nor after.
    if (
      !this.#counted.has(position) &&
      (state !== 'steady' || this.#model.wanted.code(nodes[position]!, position) === WANTED)
    )
      return 'not asked'
    return this.#places(position) ? 'covered' : 'uncovered'
  }

  #excluded(position: number): 'uncovered' | 'not asked' {
    const labels = this.#world.nodes[position]!.metadata.labels
    const excluded = this.#change.exclude?.some(({ key, value }) => labels?.[key] === value) === true
    return this.#counted.has(position) && !excluded ? 'uncovered' : 'not asked'
  }

  /** Places the pod and whoever must be placed again because of it; leaves the snapshot as it was. */
  #places(position: number): boolean {
    const { snapshot, nodes, terminating, pods, budgets } = this.#world
    const standing = this.#model.pods.state[position]!
    const waits = this.#isWaiting() && standing === POD_PENDING
    const going = terminating.get(position)
    const pod = waits ? pods[this.#model.pods.pod[position]!]! : undefined
    const nodeName = nodes[position]!.metadata.name ?? ''
    if (going) {
      snapshot.fork()
      for (const one of going) snapshot.removePod(one)
    }
    const prepared = pod
      ? this.#model.prepared.of(pod)
      : (this.#shared ?? preparePod(pinnedTo(this.#pod, nodeName), snapshot))
    const victims = victimsOn(prepared, snapshot, budgets, position)
    const daemons = victims === undefined || this.#countsOnly ? [] : this.#note(victims)
    if (victims !== undefined && daemons.length > 0)
      this.#settle(position as NodeIndex, pod ?? this.#pod, victims, daemons)
    if (going) snapshot.revert()
    return victims !== undefined
  }

  #isWaiting(): boolean {
    return Object.keys(this.#change).length === 0
  }

  /** Places evicted daemons again, and those that they evict; what finds no room is lost. */
  #settle(node: NodeIndex, pod: Pod, victims: readonly PodIndex[], evicted: readonly Pod[]): void {
    const { snapshot, budgets, owners } = this.#world
    snapshot.fork()
    for (const victim of victims) snapshot.removePod(victim)
    snapshot.addPod(unbound(pod), node)
    // Each round places a pod of strictly lower priority than the one that evicted it, so this ends.
    const homeless = [...evicted]
    while (homeless.length > 0) {
      homeless.sort((a, b) => podPriority(b) - podPriority(a))
      const next = homeless.shift()!
      const more = victimsOn(this.#preparedAgain(next), snapshot, budgets, node)
      if (more === undefined) {
        const { text } = owners.topOf(next)
        this.#lost.set(text, (this.#lost.get(text) ?? 0) + 1)
        continue
      }
      homeless.push(...this.#note(more))
      for (const victim of more) snapshot.removePod(victim)
      snapshot.addPod(unbound(next), node)
    }
    snapshot.revert()
  }

  /** The pod as its DaemonSet makes it again: equal pods share a preparation, unless it counts over pods that come and go here. */
  #preparedAgain(pod: Pod): PreparedPod {
    const { models, snapshot } = this.#world
    const name = controllerOf(pod.metadata)?.name
    const key = `${pod.metadata.namespace ?? 'default'}/${name ?? ''}`
    const shared = models.find(model => model.key === key)?.prepared.of(pod)
    return shared !== undefined && shared.counts.length === 0 ? shared : preparePod(withoutPin(unbound(pod)), snapshot)
  }

  /** Counts evictions and returns the daemons among them. */
  #note(victims: readonly PodIndex[]): readonly Pod[] {
    const { snapshot, owners, budgets } = this.#world
    const daemons: Pod[] = []
    for (const victim of victims) {
      const pod = snapshot.pod(victim)
      const { text: owner, daemon } = owners.topOf(pod)
      if (daemon) daemons.push(pod)
      const key = `${pod.metadata.namespace ?? 'default'}/${owner}`
      const known = this.#evictions.get(key)
      if (known) known.pods++
      else this.#evictions.set(key, { owner, pods: 1, daemon })
      this.#graceSeconds = Math.max(this.#graceSeconds, graceOf(snapshot, victim))
      for (const budget of budgets.covering(victim, snapshot))
        this.#budgetUse.set(budget, (this.#budgetUse.get(budget) ?? 0) + 1)
    }
    return daemons
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
  const { deletionTimestamp: __, uid: ___, ...metadata } = pod.metadata
  return { ...rest, metadata }
}

/** Daemon pods that the change would take from other DaemonSets for good. */
export function lostCount(proof: Proof): number {
  let lost = 0
  for (const pods of proof.lost.values()) lost += pods
  return lost
}
