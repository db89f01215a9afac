import { type InstanceType, M5_LARGE, M5_XLARGE } from './instance-types.ts'
import { APPS, type App } from './workloads.ts'

/** Nodes of one kind and what fills each of them beside the four platform daemons (300m, 192Mi). */
export interface NodeRow {
  readonly count: number
  readonly pool: 'default' | 'stable'
  readonly type: InstanceType
  readonly apps: readonly App[]
}

const { web, api, checkout, worker, cache, ledger, billing, coredns } = APPS

/** The nodes that Karpenter launched; `free` is what the agent (200m, 256Mi) finds. */
export const NODE_ROWS: readonly NodeRow[] = [
  // Full of cpu: 30m free.
  { count: 12, pool: 'default', type: M5_LARGE, apps: [web, api] },
  // Full of cpu: 20m free.
  { count: 3, pool: 'default', type: M5_XLARGE, apps: [checkout, checkout, checkout, checkout] },
  // Full of memory: 18Mi free.
  { count: 2, pool: 'default', type: M5_XLARGE, apps: [cache, cache] },
  // Room: 630m, 4663Mi free.
  { count: 4, pool: 'default', type: M5_LARGE, apps: [worker, worker] },
  // Tainted, with room: 330m free beside coredns, 430m without.
  { count: 2, pool: 'stable', type: M5_LARGE, apps: [billing, billing, coredns] },
  { count: 2, pool: 'stable', type: M5_LARGE, apps: [billing, billing] },
  // Tainted and full of cpu: 30m free.
  { count: 2, pool: 'stable', type: M5_LARGE, apps: [ledger, ledger] },
]
