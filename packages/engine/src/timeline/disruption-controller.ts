import type { PodDisruptionBudget } from '../api/apps.ts'
import type { Pod } from '../api/core.ts'
import { controllerOf } from '../coverage/owners.ts'
import { compileLabelSelector } from '../labels.ts'
import { scaled } from './int-or-percent.ts'
import { isReady, isTerminating, matters } from './pod-state.ts'
import type { Simulation } from './simulation.ts'
import { type Result, WorkQueue } from './work-queue.ts'

/** Keeps the status of PodDisruptionBudgets, on which preemption leans (kubernetes pkg/controller/disruption/disruption.go, v1.36.2). */
export class DisruptionController {
  readonly #simulation: Simulation
  readonly #queue: WorkQueue

  constructor(simulation: Simulation) {
    this.#simulation = simulation
    this.#queue = new WorkQueue(simulation.clock, (key, done) => done(this.#sync(key)))
    const { store, delays } = simulation
    const ask = (key: string): void => this.#queue.ask(key, delays.draw('replacementPod'))
    store.watch({
      podChanged: (before, after) => {
        if (!matters(before, after)) return
        for (const [key, budget] of store.all('podDisruptionBudgets')) {
          const pod = after ?? before
          if (pod !== undefined && selects(budget, pod)) ask(key)
        }
      },
      objectChanged: (list, key, before, after) => {
        if (list === 'podDisruptionBudgets' && after !== undefined && before === undefined) ask(key)
      },
    })
  }

  #sync(key: string): Result {
    const { store } = this.#simulation
    const budget = store.get('podDisruptionBudgets', key)
    if (budget !== undefined) {
      const pods = [...store.all('pods').values()].filter(pod => selects(budget, pod))
      const status = this.#statusOf(budget, pods)
      store.put('podDisruptionBudgets', { ...budget, status: { ...budget.status, ...status } })
    }
    return 'done'
  }

  #statusOf({ spec }: PodDisruptionBudget, pods: readonly Pod[]) {
    const currentHealthy = pods.filter(pod => !isTerminating(pod) && isReady(pod)).length
    const isCount = spec?.maxUnavailable === undefined && typeof spec?.minAvailable !== 'string'
    const expectedPods = isCount ? pods.length : this.#scaleOf(pods)
    const desiredHealthy =
      spec?.maxUnavailable === undefined
        ? scaled(spec?.minAvailable ?? 0, expectedPods)
        : Math.max(0, expectedPods - scaled(spec.maxUnavailable, expectedPods))
    const disruptionsAllowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0
    return { currentHealthy, expectedPods, desiredHealthy, disruptionsAllowed }
  }

  /** How many pods the controllers of these pods ask for in all. */
  #scaleOf(pods: readonly Pod[]): number {
    const { store } = this.#simulation
    const scales = new Map<string, number>()
    for (const { metadata } of pods) {
      const owner = controllerOf(metadata)
      const key = `${metadata.namespace ?? 'default'}/${owner?.name}`
      if (owner?.kind === 'StatefulSet') scales.set(`${owner.uid}`, store.get('statefulSets', key)?.spec?.replicas ?? 1)
      if (owner?.kind !== 'ReplicaSet') continue
      const replicaSet = store.get('replicaSets', key)
      const above = replicaSet && controllerOf(replicaSet.metadata)
      const scalable =
        above?.kind === 'Deployment'
          ? store.get('deployments', `${metadata.namespace ?? 'default'}/${above.name}`)
          : replicaSet
      scales.set(`${above?.uid ?? owner.uid}`, scalable?.spec?.replicas ?? 1)
    }
    return [...scales.values()].reduce((sum, replicas) => sum + replicas, 0)
  }
}

function selects({ metadata, spec }: PodDisruptionBudget, pod: Pod): boolean {
  if ((metadata.namespace ?? 'default') !== (pod.metadata.namespace ?? 'default')) return false
  const selector = compileLabelSelector(spec?.selector)
  return selector.kind !== 'error' && !selector.nothing && selector.matches(pod.metadata.labels)
}
