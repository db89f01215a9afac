import type { Pod } from '../api/core.ts'
import { podKey } from '../snapshot/cluster-snapshot.ts'
import type { ApiServer } from './api-server.ts'
import { type Clock, Lane } from './clock.ts'
import { goDuration } from './durations.ts'
import type { Delays } from './latencies.ts'
import { isBound, isFinished, isReady, isTerminating, withCondition, withStatus } from './pod-state.ts'

/** kwok's annotations that give one object a delay of its own (kwok `kustomize/stage/pod`, v0.8.0). */
const READY_DELAY = 'pod-ready.stage.kwok.x-k8s.io/delay'
const DELETE_DELAY = 'pod-delete.stage.kwok.x-k8s.io/delay'

type Stage = 'podRunning' | 'podDeletingToFailed'

/** What kubelets do as far as others can see it: bound pods start and turn Ready, marked ones end and then go. */
export class Kubelet {
  readonly #api: ApiServer
  readonly #clock: Clock
  readonly #delays: Delays
  readonly #lanes: Readonly<Record<Stage, Lane>>

  constructor(api: ApiServer, clock: Clock, delays: Delays) {
    this.#api = api
    this.#clock = clock
    this.#delays = delays
    this.#lanes = { podRunning: new Lane(clock), podDeletingToFailed: new Lane(clock) }
    api.store.watch({ podChanged: (before, after) => this.#look(before, after) })
    for (const pod of api.store.all('pods').values()) this.#look(undefined, pod)
  }

  #look(before: Pod | undefined, after: Pod | undefined): void {
    if (after === undefined || !isBound(after)) return
    if (isTerminating(after)) {
      if (before === undefined || !isTerminating(before)) this.#end(after)
      return
    }
    const isNew = before === undefined || !isBound(before)
    if (isNew && !isReady(after) && !isFinished(after)) this.#start(after)
  }

  #start(pod: Pod): void {
    this.#after(pod, READY_DELAY, 'podRunning', present => {
      if (isTerminating(present)) return present
      const now = this.#api.now
      const running = withStatus(present, { phase: 'Running', startTime: now })
      return withCondition(running, { type: 'Ready', status: 'True', lastTransitionTime: now })
    })
  }

  #end(pod: Pod): void {
    this.#after(pod, DELETE_DELAY, 'podDeletingToFailed', present => {
      const failed = withStatus(present, { phase: 'Failed' })
      return withCondition(failed, { type: 'Ready', status: 'False', lastTransitionTime: this.#api.now })
    })
  }

  /** Changes the pod after its own delay, else after the usual one; a failed one goes after that. */
  #after(pod: Pod, annotation: string, stage: Stage, change: (present: Pod) => Pod): void {
    const own = goDuration(pod.metadata.annotations?.[annotation] ?? '')
    const run = (): void => {
      this.#api.updatePod(pod, change)
      if (stage === 'podDeletingToFailed')
        this.#clock.after(this.#delays.draw('podFailedToGone'), () => this.#remove(pod))
    }
    if (own === undefined) this.#lanes[stage].after(this.#delays.draw(stage), run)
    else this.#clock.after(own, run)
  }

  #remove(pod: Pod): void {
    const present = this.#api.store.pod(podKey(pod))
    if (present?.metadata.uid === pod.metadata.uid) this.#api.store.remove('pods', podKey(pod))
  }
}
