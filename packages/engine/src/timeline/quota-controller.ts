import { isFinished } from './pod-state.ts'
import type { Simulation } from './simulation.ts'
import { WorkQueue } from './work-queue.ts'

/** Gives back to quotas what pods used that are gone (kubernetes pkg/controller/resourcequota, v1.36.2). */
export class QuotaController {
  constructor({ store, clock, delays, api }: Simulation) {
    const queue = new WorkQueue(clock, (key, done) => {
      const quota = store.get('resourceQuotas', key)
      if (quota !== undefined) api.recountQuota(quota)
      done('done')
    })
    store.watch({
      podChanged: (before, after) => {
        const ends = before !== undefined && !isFinished(before) && (after === undefined || isFinished(after))
        if (!ends) return
        for (const [key, { metadata }] of store.all('resourceQuotas')) {
          if (metadata.namespace === before.metadata.namespace) queue.ask(key, delays.draw('replacementPod'))
        }
      },
    })
  }
}
