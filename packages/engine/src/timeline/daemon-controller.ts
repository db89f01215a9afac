import { failedCreateText } from '../admission/admission.ts'
import { sameJson } from '../admission/json.ts'
import type { DaemonSet, PodTemplateSpec } from '../api/apps.ts'
import type { Pod } from '../api/core.ts'
import { controllerOf } from '../coverage/owners.ts'
import { syncDaemonSet } from '../daemonset/sync/sync.ts'
import type { Choose, DaemonSetSync, RevisionWrite } from '../daemonset/sync/types.ts'
import { matters } from './pod-state.ts'
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

/** Batches after the first in which a DaemonSet of some nodes is created: so many share the time from first to last pod. */
const USUAL_BATCHES = 3

/** The DaemonSet controller in time: when it looks, what `syncDaemonSet` decides, and how long its writes take. */
export class DaemonController {
  readonly failures: FailedCreate[] = []
  readonly #simulation: Simulation
  readonly #queue: WorkQueue
  /** Keys by uid, to find a pod's DaemonSet. */
  readonly #keys = new Map<string, string>()
  /** By key: the hash of the template that was synced last. */
  readonly #hashes = new Map<string, { readonly template: PodTemplateSpec; readonly hash: string }>()
  /** By key and generation: when failed pods were killed, by node. */
  readonly #kills = new Map<string, Readonly<Record<string, readonly string[]>>>()
  readonly #choose: Choose

  constructor(simulation: Simulation) {
    this.#simulation = simulation
    this.#queue = new WorkQueue(simulation.clock, (key, done) => this.#sync(key, done))
    const draw = simulation.streams.stream('pods of a DaemonSet')
    this.#choose = (n, from) => draw.shuffled(from).slice(0, n)
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
        if (after === undefined) this.#collect(before as DaemonSet)
        else {
          this.#keys.set(after.metadata.uid ?? '', key)
          this.#askFirst(key)
        }
      },
    })
  }

  /** The hash of a DaemonSet's present template, by which pods are up to date. */
  hashOf(key: string, daemonSet: DaemonSet): string | undefined {
    const known = this.#hashes.get(key)
    if (known?.template === daemonSet.spec.template) return known.hash
    return this.#ask(key, daemonSet).hash
  }

  #askFirst(key: string): void {
    this.#queue.ask(key, this.#simulation.delays.draw('daemonSetToFirstPod'))
  }

  /** The garbage collector takes the pods of a DaemonSet that is gone. */
  #collect({ metadata }: DaemonSet): void {
    for (const pod of this.#simulation.store.podsOf(metadata.uid)) this.#simulation.api.deletePod(pod)
  }

  #sync(key: string, done: Done): void {
    const daemonSet = this.#simulation.store.get('daemonSets', key)
    if (daemonSet === undefined) {
      done('done')
      return
    }
    const sync = this.#ask(key, daemonSet)
    this.#writeRevisions(key, daemonSet, sync)
    this.#changeOwners(daemonSet, sync)
    this.#noteKills(key, daemonSet, sync)
    if (sync.requeueAfter !== undefined)
      this.#simulation.clock.after(sync.requeueAfter * 1000, () => this.#queue.ask(key, 0))
    if (sync.error === undefined) this.#take(key, daemonSet, sync, done)
    else done('failed')
  }

  #ask(key: string, daemonSet: DaemonSet): DaemonSetSync {
    const { store, api, streams, version } = this.#simulation
    const { namespace = 'default', uid, generation } = daemonSet.metadata
    const known = this.#hashes.get(key)
    const isKnown = known?.template === daemonSet.spec.template
    const orphans = store.orphans().filter(pod => (pod.metadata.namespace ?? 'default') === namespace)
    const input = {
      daemonSet,
      controllerRevisions: isKnown ? [] : [...store.all('controllerRevisions').values()],
      nodes: streams.stream('nodes of a DaemonSet').shuffled([...store.all('nodes').values()]),
      pods: [...store.podsOf(uid), ...orphans],
      now: api.now,
      kills: this.#kills.get(`${key}/${generation}`) ?? {},
      version,
      ...(isKnown && { hash: known.hash }),
    }
    return syncDaemonSet(input, this.#choose)
  }

  #writeRevisions(key: string, { metadata, spec }: DaemonSet, { hash, revisions, relabels }: DaemonSetSync): void {
    const { store, api } = this.#simulation
    const namespace = metadata.namespace ?? 'default'
    if (hash !== undefined) this.#hashes.set(key, { template: spec.template, hash })
    for (const write of revisions) this.#writeRevision(namespace, write)
    for (const name of relabels) {
      const pod = store.pod(`${namespace}/${name}`)
      if (pod === undefined || hash === undefined) continue
      const labels = { ...pod.metadata.labels, 'controller-revision-hash': hash }
      api.updatePod(pod, present => ({ ...present, metadata: { ...present.metadata, labels } }))
    }
  }

  #writeRevision(namespace: string, write: RevisionWrite): void {
    const { store } = this.#simulation
    switch (write.kind) {
      case 'create':
      case 'update':
        store.put('controllerRevisions', write.revision)
        return
      case 'delete':
        store.remove('controllerRevisions', `${namespace}/${write.name}`)
        return
      // Whose a revision is counts for nothing here: hashes are kept once they are known.
      case 'adopt':
      case 'release':
    }
  }

  #changeOwners({ metadata }: DaemonSet, { adopts, releases }: DaemonSetSync): void {
    const { store } = this.#simulation
    const { namespace = 'default', name = '', uid = '' } = metadata
    const owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name, uid, controller: true }
    for (const [names, ownerReferences] of [
      [adopts, [owner]],
      [releases, []],
    ] as const) {
      for (const podName of names) {
        const pod = store.pod(`${namespace}/${podName}`)
        if (pod !== undefined) store.put('pods', { ...pod, metadata: { ...pod.metadata, ownerReferences } })
      }
    }
  }

  #noteKills(key: string, { metadata }: DaemonSet, { kills }: DaemonSetSync): void {
    if (kills.length === 0) return
    const { now } = this.#simulation.api
    const known = { ...this.#kills.get(`${key}/${metadata.generation}`) }
    for (const node of kills) known[node] = [...(known[node] ?? []), now]
    this.#kills.set(`${key}/${metadata.generation}`, known)
  }

  /** All creates end before the first delete; a batch with a refusal is the last (`syncNodes`, kubernetes pkg/controller/daemon/daemon_controller.go, v1.36.2). */
  #take(key: string, daemonSet: DaemonSet, { creates, deletes, hash = '' }: DaemonSetSync, done: Done): void {
    const { api, clock, delays, store } = this.#simulation
    const batches = slowStartBatches(creates.taken)
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
      for (const name of deletes.taken) {
        const pod: Pod | undefined = store.pod(`${daemonSet.metadata.namespace ?? 'default'}/${name}`)
        if (pod !== undefined) api.deletePod(pod)
      }
      done(refused ? 'failed' : 'done')
    }
    next(0)
  }
}
