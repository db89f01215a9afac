import { failedCreateText } from '../admission/admission.ts'
import { sameJson } from '../admission/json.ts'
import type { DaemonSet } from '../api/apps.ts'
import type { Pod } from '../api/core.ts'
import { controllerOf } from '../coverage/owners.ts'
import { compileDaemonSet } from '../daemonset/should-run.ts'
import { claimDaemonPods, daemonPodsByNode } from '../daemonset/status.ts'
import {
  type DaemonSteps,
  isAvailable,
  isUpdated,
  type RolloutFacts,
  rollingUpdate,
  rolloutBudget,
} from './daemon-rollout.ts'
import { isReady, isTerminating, matters } from './pod-state.ts'
import { Revisions } from './revisions.ts'
import type { Simulation } from './simulation.ts'
import { slowStartBatches } from './slow-start.ts'
import { type Done, WorkQueue } from './work-queue.ts'

/** A pod that the API server refused to a DaemonSet, as its event says it. */
export interface FailedCreate {
  readonly atMs: number
  /** `namespace/name`. */
  readonly daemonSet: string
  readonly message: string
}

/** Batches after the first in which a DaemonSet of some nodes is created: how many share the time from first to last pod. */
const USUAL_BATCHES = 3
/** Longest wait before a failed daemon pod of a node is removed again. */
const LONGEST_BACKOFF_MS = 900_000

/** One pod of each wanted node, and the rolling update (kubernetes pkg/controller/daemon/daemon_controller.go, v1.36.2). */
export class DaemonController {
  readonly failures: FailedCreate[] = []
  readonly revisions: Revisions
  readonly #simulation: Simulation
  readonly #queue: WorkQueue
  /** Keys by uid, to find a pod's DaemonSet. */
  readonly #keys = new Map<string, string>()
  readonly #backOff = new Map<string, { delay: number; since: number }>()

  constructor(simulation: Simulation) {
    this.#simulation = simulation
    this.revisions = new Revisions(simulation.store)
    this.#queue = new WorkQueue(simulation.clock, (key, done) => this.#sync(key, done))
    const { store, delays } = simulation
    for (const [key, { metadata }] of store.all('daemonSets')) this.#keys.set(metadata.uid ?? '', key)
    store.watch({
      podChanged: (before, after) => {
        if (!matters(before, after)) return
        const pod = after ?? before
        const key = pod && this.#keys.get(controllerOf(pod.metadata)?.uid ?? '')
        if (key !== undefined) this.#queue.ask(key, delays.draw('daemonPodReplaced'))
      },
      nodeChanged: (before, after) => {
        if (after === undefined) return
        const same =
          sameJson(before?.metadata.labels, after.metadata.labels) && sameJson(before?.spec?.taints, after.spec?.taints)
        if (!same) for (const key of store.all('daemonSets').keys()) this.#askFirst(key)
      },
      objectChanged: (list, key, before, after) => {
        if (list !== 'daemonSets') return
        if (after === undefined) this.#orphan(before as DaemonSet)
        else {
          this.#keys.set(after.metadata.uid ?? '', key)
          this.#askFirst(key)
        }
      },
    })
  }

  #askFirst(key: string): void {
    this.#queue.ask(key, this.#simulation.delays.draw('daemonSetToFirstPod'))
  }

  /** The garbage collector takes the pods of a DaemonSet that is gone. */
  #orphan({ metadata }: DaemonSet): void {
    for (const pod of this.#simulation.store.podsOf(metadata.uid)) this.#simulation.api.deletePod(pod)
  }

  #sync(key: string, done: Done): void {
    const facts = this.#facts(key)
    if (facts === undefined) return done('done')
    const steps = this.#manage(facts)
    if (steps.create.length + steps.remove.length > 0) return this.#take(key, facts, steps, done)
    const isRolling = facts.daemonSet.spec.updateStrategy?.type !== 'OnDelete'
    const next = isRolling ? rollingUpdate(facts) : { create: [], remove: [] }
    this.#waitForReady(key, facts)
    this.#take(key, facts, next, done)
  }

  #facts(key: string): RolloutFacts | undefined {
    const { store, streams, clock, start } = this.#simulation
    const daemonSet = store.get('daemonSets', key)
    if (daemonSet === undefined || daemonSet.metadata.deletionTimestamp !== undefined) return undefined
    const compiled = compileDaemonSet(daemonSet)
    const order = streams.stream('nodes of a DaemonSet')
    const nodes = order.shuffled([...store.all('nodes').values()])
    const grouped = daemonPodsByNode(claimDaemonPods(daemonSet, this.#candidates(daemonSet)).claimed)
    const wanted = new Set<string>()
    const byNode = new Map<string, readonly Pod[]>()
    for (const node of nodes) {
      const name = node.metadata.name ?? ''
      if (compiled.shouldRun(node).shouldRun) wanted.add(name)
      const pods = grouped.get(name)
      if (pods !== undefined) byNode.set(name, pods)
    }
    for (const [name, pods] of grouped) if (!byNode.has(name)) byNode.set(name, pods)
    const hash = this.revisions.hashOf(key, daemonSet)
    return { daemonSet, hash, now: start + clock.now, byNode, wanted }
  }

  /** Pods that may be the DaemonSet's: its own, and those of its namespace without a controller. */
  #candidates({ metadata }: DaemonSet): readonly Pod[] {
    const { store } = this.#simulation
    const { namespace = 'default' } = metadata
    const orphans = store.orphans().filter(pod => (pod.metadata.namespace ?? 'default') === namespace)
    return [...store.podsOf(metadata.uid), ...orphans]
  }

  /** Who is missing and who is too many (`podsShouldBeOnNode`, same file). */
  #manage(facts: RolloutFacts): DaemonSteps {
    const { store } = this.#simulation
    const { daemonSet, byNode, wanted } = facts
    const compiled = compileDaemonSet(daemonSet)
    const surges = rolloutBudget(daemonSet, 1).surge > 0
    const create: string[] = []
    const remove: Pod[] = []
    for (const nodeName of new Set([...wanted, ...byNode.keys()])) {
      const pods = byNode.get(nodeName)
      const isWanted = wanted.has(nodeName)
      const node = store.get('nodes', nodeName)
      if (pods === undefined) {
        if (isWanted) create.push(nodeName)
      } else if (node === undefined) remove.push(...pods.filter(pod => !pod.spec.nodeName))
      else if (!compiled.shouldRun(node).shouldContinueRunning) remove.push(...pods.filter(pod => !isTerminating(pod)))
      else {
        const running = this.#running(facts, nodeName, pods, remove)
        if (!surges) remove.push(...running.slice(1))
        else if (running.length === 0) {
          if (isWanted) create.push(nodeName)
        } else remove.push(...superfluous(running, facts))
      }
    }
    return { create, remove }
  }

  /** The pods that are neither ending nor finished; finished ones are removed, failed ones after a back-off. */
  #running({ daemonSet }: RolloutFacts, nodeName: string, pods: readonly Pod[], remove: Pod[]): readonly Pod[] {
    const { clock, delays } = this.#simulation
    const live = pods.filter(pod => !isTerminating(pod))
    for (const pod of live) {
      if (pod.status?.phase === 'Succeeded') remove.push(pod)
      if (pod.status?.phase !== 'Failed') continue
      const key = `${daemonSet.metadata.uid}/${daemonSet.metadata.generation}/${nodeName}`
      const entry = this.#backOff.get(key)
      const wait = entry === undefined ? 0 : entry.since + entry.delay - clock.now
      if (wait > 0) {
        this.#queue.ask(this.#keys.get(daemonSet.metadata.uid ?? '') ?? '', wait)
        continue
      }
      const delay = entry === undefined ? delays.draw('daemonFailedPodBackoff') : entry.delay * 2
      this.#backOff.set(key, { delay: Math.min(LONGEST_BACKOFF_MS, delay), since: clock.now })
      remove.push(pod)
    }
    return live.filter(({ status }) => status?.phase !== 'Failed' && status?.phase !== 'Succeeded')
  }

  /** With `minReadySeconds` a pod becomes available without any event. */
  #waitForReady(key: string, facts: RolloutFacts): void {
    const { minReadySeconds = 0 } = facts.daemonSet.spec
    const waits = [...facts.byNode.values()].flat().some(pod => isReady(pod) && !isAvailable(pod, facts))
    if (minReadySeconds > 0 && waits)
      this.#simulation.clock.after(minReadySeconds * 1000, () => this.#queue.ask(key, 0))
  }

  /** All creations end before the first deletion; a batch with a refusal is the last (`syncNodes`, same file). */
  #take(key: string, { daemonSet, hash }: RolloutFacts, { create, remove }: DaemonSteps, done: Done): void {
    const { api, clock, delays } = this.#simulation
    const batches = slowStartBatches(create)
    const next = (index: number): void => {
      let refused = false
      for (const nodeName of batches[index] ?? []) {
        const creation = api.createDaemonPod(daemonSet, nodeName, hash)
        if (creation.kind === 'created') continue
        refused = true
        this.failures.push({ atMs: clock.now, daemonSet: key, message: failedCreateText(creation.message) })
      }
      if (!refused && index + 1 < batches.length) {
        clock.after(delays.draw('daemonSetFirstToLastPod') / USUAL_BATCHES, () => next(index + 1))
        return
      }
      for (const pod of remove) api.deletePod(pod)
      done(refused ? 'failed' : 'done')
    }
    next(0)
  }
}

/** Beside the oldest updated and the oldest other pod nothing stays, and the other goes when it is not needed any more. */
function superfluous(running: readonly Pod[], facts: RolloutFacts): readonly Pod[] {
  if (running.length < 2) return []
  const updated = running.find(pod => isUpdated(pod, facts))
  const old = running.find(pod => !isUpdated(pod, facts))
  const rest = running.filter(pod => pod !== updated && pod !== old)
  const replaced = updated !== undefined && old !== undefined && (!isReady(old) || isAvailable(updated, facts))
  return replaced && old !== undefined ? [...rest, old] : rest
}
