import type { Pod } from '../api/core.ts'
import { podKey } from '../snapshot/cluster-snapshot.ts'
import { Lane } from './clock.ts'
import { isBound, isTerminating, withCondition } from './pod-state.ts'
import type { Simulation } from './simulation.ts'

/** One event `Preempted`. A victim can have several: who chooses it again before its deletion is seen deletes it again. */
export interface Preemption {
  readonly atMs: number
  readonly victim: Pod
  readonly nodeName: string
  readonly by: Pod
}

/** What one decision of the scheduler comes to. */
export interface PreemptionOrder {
  readonly preemptor: Pod
  readonly nodeName: string
  readonly victims: readonly Pod[]
  /** True if the victim was still being bound, which is then given up. */
  cancelBinding(victim: Pod): boolean
  /** All victims are deleted. */
  ended(): void
}

/**
 * Marks and deletes victims beside the scheduler's cycles: all but the last together, then the last; the preemptor is not tried
 * meanwhile (kubernetes pkg/scheduler/framework/preemption/executor.go, v1.36.2).
 */
export class PreemptionExecutor {
  readonly preemptions: Preemption[] = []
  readonly #simulation: Simulation
  /** Requests of one client reach the API server in order. */
  readonly #marks: Lane
  readonly #deletions: Lane

  constructor(simulation: Simulation) {
    this.#simulation = simulation
    this.#marks = new Lane(simulation.clock)
    this.#deletions = new Lane(simulation.clock)
  }

  /** Takes an order; false if all of its victims are going already. */
  start(order: PreemptionOrder): boolean {
    const victims = order.victims.filter(victim => !isTerminating(victim))
    const last = victims.at(-1)
    if (last === undefined) return false
    let left = victims.length - 1
    const takeLast = (): void => this.#preempt(last, order, () => order.ended())
    if (left === 0) takeLast()
    for (const victim of victims.slice(0, -1)) {
      this.#preempt(victim, order, () => {
        left--
        if (left === 0) takeLast()
      })
    }
    return true
  }

  #preempt(victim: Pod, { preemptor, nodeName, cancelBinding }: PreemptionOrder, ended: () => void): void {
    const { clock, api, store, delays } = this.#simulation
    // One request marks the victim, the next deletes it.
    this.#marks.after(delays.draw('preemptionMarkToDelete'), () => {
      api.updatePod(victim, present =>
        withCondition(present, { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }),
      )
      this.#deletions.after(delays.draw('preemptionMarkToDelete'), () => {
        const present = store.pod(podKey(victim))
        if (present !== undefined && present.metadata.uid === victim.metadata.uid) {
          if (isBound(present) || !cancelBinding(present)) api.deletePod(present)
          this.preemptions.push({ atMs: clock.now, victim: present, nodeName, by: preemptor })
        }
        ended()
      })
    })
  }
}
