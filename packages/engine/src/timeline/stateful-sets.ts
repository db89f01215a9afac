import type { Workload } from '../api/apps.ts'
import type { Pod } from '../api/core.ts'
import { controllerOf } from '../coverage/owners.ts'
import { isFinished, isReady, isTerminating, matters } from './pod-state.ts'
import type { Simulation } from './simulation.ts'
import { templatePod } from './template-pod.ts'
import { type Result, WorkQueue } from './work-queue.ts'

interface Ordering {
  readonly podManagementPolicy?: string
  readonly ordinals?: { readonly start?: number }
}

/**
 * A StatefulSet's pods by ordinal: one that is gone comes back under its name, and unless pods are managed in parallel only when all
 * before it are ready (`updateStatefulSet`, kubernetes pkg/controller/statefulset/stateful_set_control.go, v1.36.2). A changed template is
 * not rolled out.
 */
export class StatefulSets {
  readonly #simulation: Simulation
  readonly #queue: WorkQueue

  constructor(simulation: Simulation) {
    this.#simulation = simulation
    this.#queue = new WorkQueue(simulation.clock, (key, done) => done(this.#sync(key)))
    const { store, delays, api } = simulation
    const ask = (key: string): void => this.#queue.ask(key, delays.draw('replacementPod'))
    store.watch({
      podChanged: (before, after) => {
        if (!matters(before, after)) return
        const pod = after ?? before
        const owner = pod && controllerOf(pod.metadata)
        if (owner?.kind === 'StatefulSet') ask(`${pod?.metadata.namespace ?? 'default'}/${owner.name}`)
      },
      objectChanged: (list, key, before, after) => {
        if (list !== 'statefulSets') return
        if (after !== undefined) ask(key)
        else for (const pod of store.podsOf(before?.metadata.uid)) api.deletePod(pod)
      },
    })
  }

  #sync(key: string): Result {
    const { api, store } = this.#simulation
    const set = store.get('statefulSets', key)
    if (set === undefined || set.metadata.deletionTimestamp !== undefined) return 'done'
    const { podManagementPolicy, ordinals } = (set.spec ?? {}) as Ordering
    const parallel = podManagementPolicy === 'Parallel'
    const first = ordinals?.start ?? 0
    const names = Array.from({ length: set.spec?.replicas ?? 1 }, (_, index) => `${set.metadata.name}-${first + index}`)
    for (const name of names) {
      const pod = store.pod(`${set.metadata.namespace ?? 'default'}/${name}`)
      if (pod === undefined && !this.#create(set, name)) return 'failed'
      if (pod !== undefined && isFinished(pod) && !isTerminating(pod)) api.deletePod(pod)
      if (!parallel && (pod === undefined || isTerminating(pod) || !isReady(pod))) return 'done'
    }
    const condemned = store.podsOf(set.metadata.uid).filter(pod => !names.includes(pod.metadata.name ?? ''))
    for (const pod of parallel ? condemned : condemned.sort(byOrdinal).slice(0, 1)) api.deletePod(pod)
    return 'done'
  }

  #create(set: Workload, name: string): boolean {
    const template = set.spec?.template
    if (template === undefined) return true
    const pod = templatePod({ kind: 'StatefulSet', metadata: set.metadata }, template, name, {
      'statefulset.kubernetes.io/pod-name': name,
      'apps.kubernetes.io/pod-index': ordinalOf(name),
    })
    return this.#simulation.api.createPod(pod, `${set.metadata.uid}`).kind === 'created'
  }
}

const ordinalOf = (name: string): string => name.slice(name.lastIndexOf('-') + 1)

/** The highest first. */
function byOrdinal(a: Pod, b: Pod): number {
  return Number(ordinalOf(b.metadata.name ?? '')) - Number(ordinalOf(a.metadata.name ?? ''))
}
