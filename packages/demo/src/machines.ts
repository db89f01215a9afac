import type { Node, NodeClaim } from '@everynode/engine'
import { M5_LARGE } from './instance-types.ts'
import { NODE_ROWS } from './layout.ts'
import { fargateNode, karpenterNode } from './node.ts'
import { DEFAULT_POOL, STABLE_POOL } from './qovery.ts'
import { minutesAfter, TIMES } from './times.ts'
import { APPS, type App } from './workloads.ts'

/** A node with what runs on it beside daemons. */
export interface Machine {
  readonly node: Node
  readonly name: string
  readonly claim?: NodeClaim
  readonly kind: 'default' | 'stable' | 'joining' | 'fargate'
  /** Has room for the agent as it asks. */
  readonly room: boolean
  /** What the agent finds too little of on a full node. */
  readonly short: 'cpu' | 'memory'
  readonly apps: readonly App[]
  /** RFC 3339. */
  readonly created: string
}

const FARGATE_NODES = 2

/** All nodes of the cluster in the order they came: Fargate, the pools' nodes, and one that has just been launched. */
export function machines(): readonly Machine[] {
  const all: Machine[] = []
  for (let index = 0; index < FARGATE_NODES; index++) {
    const created = minutesAfter(TIMES.clusterCreated, index)
    const node = fargateNode(1000 + index, created)
    all.push({
      node,
      name: node.metadata.name ?? '',
      kind: 'fargate',
      room: false,
      short: 'cpu',
      apps: [APPS.karpenter],
      created,
    })
  }
  for (const row of NODE_ROWS) {
    for (let copy = 0; copy < row.count; copy++) {
      const index = all.length
      const created = minutesAfter(TIMES.workloadsStarted, index * 11)
      const pool = row.pool === 'default' ? DEFAULT_POOL : STABLE_POOL
      const { node, claim } = karpenterNode({ pool, type: row.type, index, created })
      // The younger half of a full node's pods differs from node to node, as it does after a few weeks of deploys.
      const apps = copy % 2 === 0 ? row.apps : row.apps.toReversed()
      const room = row.apps.includes(APPS.worker) || row.apps.includes(APPS.billing)
      const short = row.apps.includes(APPS.cache) ? 'memory' : 'cpu'
      all.push({ node, claim, name: node.metadata.name ?? '', kind: row.pool, room, short, apps, created })
    }
  }
  const index = all.length
  const created = TIMES.nodeJoining
  const { node, claim } = karpenterNode({ pool: DEFAULT_POOL, type: M5_LARGE, index, created, joining: true })
  all.push({
    node,
    claim,
    name: node.metadata.name ?? '',
    kind: 'joining',
    room: true,
    short: 'cpu',
    apps: [],
    created,
  })
  return all
}
