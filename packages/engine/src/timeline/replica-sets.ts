import type { Workload } from '../api/apps.ts'
import type { Pod } from '../api/core.ts'
import { controllerOf } from '../coverage/owners.ts'
import { isBound, isFinished, isReady, isTerminating, matters } from './pod-state.ts'
import type { Simulation } from './simulation.ts'
import { slowStartBatches } from './slow-start.ts'
import { templatePod } from './template-pod.ts'
import { type Result, WorkQueue } from './work-queue.ts'

/** The pods of a ReplicaSet that count: a terminating one is replaced at once (`FilterActivePods`, kubernetes pkg/controller/controller_utils.go, v1.36.2). */
export const activePods = (pods: readonly Pod[]): readonly Pod[] =>
  pods.filter(pod => !isTerminating(pod) && !isFinished(pod))

/** As many active pods as a ReplicaSet asks for (kubernetes pkg/controller/replicaset/replica_set.go, v1.36.2). */
export class ReplicaSets {
  readonly #simulation: Simulation
  readonly #queue: WorkQueue

  constructor(simulation: Simulation) {
    this.#simulation = simulation
    this.#queue = new WorkQueue(simulation.clock, (key, done) => done(this.#sync(key)))
    const { store } = simulation
    const ask = (key: string): void => this.#queue.ask(key, simulation.delays.draw('replacementPod'))
    store.watch({
      podChanged: (before, after) => {
        if (!matters(before, after)) return
        const pod = after ?? before
        const owner = pod && controllerOf(pod.metadata)
        if (owner?.kind === 'ReplicaSet') ask(`${pod?.metadata.namespace ?? 'default'}/${owner.name}`)
      },
      objectChanged: (list, key, before, after) => {
        if (list !== 'replicaSets') return
        if (after !== undefined) ask(key)
        else for (const pod of store.podsOf(before?.metadata.uid)) simulation.api.deletePod(pod)
      },
    })
  }

  #sync(key: string): Result {
    const { api, store } = this.#simulation
    const replicaSet = store.get('replicaSets', key)
    if (replicaSet === undefined || replicaSet.metadata.deletionTimestamp !== undefined) return 'done'
    const active = activePods(store.podsOf(replicaSet.metadata.uid))
    const missing = (replicaSet.spec?.replicas ?? 1) - active.length
    if (missing >= 0) return this.#create(replicaSet, missing)
    for (const pod of [...active].sort(leastWanted).slice(0, -missing)) api.deletePod(pod)
    return 'done'
  }

  #create(replicaSet: Workload, missing: number): Result {
    const template = replicaSet.spec?.template
    if (template === undefined) return 'done'
    const { api } = this.#simulation
    const pod = templatePod({ kind: 'ReplicaSet', metadata: replicaSet.metadata }, template, undefined)
    for (const batch of slowStartBatches(Array.from({ length: missing }, () => pod))) {
      const answers = batch.map(one => api.createPod(one, `${replicaSet.metadata.uid}`))
      if (answers.some(({ kind }) => kind === 'refused')) return 'failed'
    }
    return 'done'
  }
}

/** Who goes first where there are too many: without a node, then not ready, then the youngest (`ActivePodsWithRanks`, same file, without its ranks by node). */
function leastWanted(a: Pod, b: Pod): number {
  const order = Number(isBound(a)) - Number(isBound(b)) || Number(isReady(a)) - Number(isReady(b))
  if (order !== 0) return order
  const [young = '', old = ''] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp]
  return young > old ? -1 : young < old ? 1 : 0
}
