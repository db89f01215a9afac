import type { KubernetesVersion } from '../versions.ts'
import type { ApiServer } from './api-server.ts'
import type { Clock } from './clock.ts'
import type { Delays } from './latencies.ts'
import type { RandomStreams } from './random-streams.ts'
import type { Store } from './store.ts'

/** What all actors of one run share. */
export interface Simulation {
  readonly clock: Clock
  readonly store: Store
  readonly api: ApiServer
  readonly delays: Delays
  readonly streams: RandomStreams
  readonly version: KubernetesVersion
}
