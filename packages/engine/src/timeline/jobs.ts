import type { Job } from '../api/apps.ts'
import { controllerOf } from '../coverage/owners.ts'
import { isTerminating, matters } from './pod-state.ts'
import { activePods } from './replica-sets.ts'
import type { Simulation } from './simulation.ts'
import { templatePod } from './template-pod.ts'
import { type Result, WorkQueue } from './work-queue.ts'

const LONGEST_BACKOFF_MS = 600_000
/** Failures after which a Job gives up, unless it says another number. */
const DEFAULT_BACKOFF_LIMIT = 6

/**
 * A Job's pods: one that is deleted counts as a failure and is replaced after a back-off that doubles (kubernetes
 * pkg/controller/job/job_controller.go, v1.36.2). Pods don't complete by themselves here.
 */
export class Jobs {
  readonly #simulation: Simulation
  readonly #queue: WorkQueue
  readonly #failures = new Map<string, { count: number; last: number }>()

  constructor(simulation: Simulation) {
    this.#simulation = simulation
    this.#queue = new WorkQueue(simulation.clock, (key, done) => done(this.#sync(key)))
    const { store, delays, api, clock } = simulation
    const ask = (key: string): void => this.#queue.ask(key, delays.draw('replacementPod'))
    store.watch({
      podChanged: (before, after) => {
        if (!matters(before, after)) return
        const pod = after ?? before
        const owner = pod && controllerOf(pod.metadata)
        if (owner?.kind !== 'Job') return
        const key = `${pod?.metadata.namespace ?? 'default'}/${owner.name}`
        const ends = before !== undefined && !isTerminating(before) && (after === undefined || isTerminating(after))
        if (ends) this.#failures.set(key, { count: (this.#failures.get(key)?.count ?? 0) + 1, last: clock.now })
        ask(key)
      },
      objectChanged: (list, key, before, after) => {
        if (list !== 'jobs') return
        if (after !== undefined) ask(key)
        else for (const pod of store.podsOf(before?.metadata.uid)) api.deletePod(pod)
      },
    })
  }

  #sync(key: string): Result {
    const { api, store, clock, delays } = this.#simulation
    const job = store.get('jobs', key)
    const template = job?.spec?.template
    const { count, last } = this.#failures.get(key) ?? { count: 0, last: 0 }
    if (job === undefined || template === undefined || count > limitOf(job)) return 'done'
    const missing = (job.spec?.parallelism ?? 1) - activePods(store.podsOf(job.metadata.uid)).length
    if (missing <= 0) return 'done'
    const wait = count === 0 ? 0 : Math.min(LONGEST_BACKOFF_MS, delays.draw('jobBackoff') * 2 ** (count - 1))
    if (last + wait > clock.now) {
      clock.at(last + wait, () => this.#queue.ask(key, 0))
      return 'done'
    }
    const pod = templatePod({ kind: 'Job', metadata: job.metadata }, template, undefined)
    const answers = Array.from({ length: missing }, () => api.createPod(pod, `${job.metadata.uid}`))
    return answers.some(({ kind }) => kind === 'refused') ? 'failed' : 'done'
  }
}

function limitOf({ spec }: Job): number {
  return (spec as { readonly backoffLimit?: number } | undefined)?.backoffLimit ?? DEFAULT_BACKOFF_LIMIT
}
