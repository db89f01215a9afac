import type { Node } from '../api/core.ts'
import type { StringMap } from '../api/meta.ts'

const KEYS = {
  region: ['failure-domain.beta.kubernetes.io/region', 'topology.kubernetes.io/region'],
  zone: ['failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/zone'],
} as const

function zoneKey(node: Node): string {
  const labels: StringMap = node.metadata.labels ?? {}
  const first = (keys: readonly string[]) => keys.map(key => labels[key]).find(value => value !== undefined) ?? ''
  const region = first(KEYS.region)
  const zone = first(KEYS.zone)
  return region === '' && zone === '' ? '' : `${region}:\0:${zone}`
}

/**
 * Positions of nodes in the order in which the scheduler walks them: one of each zone in turn, zones by first sight
 * (kubernetes pkg/scheduler/backend/cache/node_tree.go, v1.36.2).
 */
export function nodeOrder(nodes: readonly Node[]): readonly number[] {
  const zones = new Map<string, number[]>()
  nodes.forEach((node, index) => {
    const key = zoneKey(node)
    const zone = zones.get(key)
    if (zone) zone.push(index)
    else zones.set(key, [index])
  })
  const order: number[] = []
  for (let round = 0; order.length < nodes.length; round++) {
    for (const zone of zones.values()) {
      const index = zone[round]
      if (index !== undefined) order.push(index)
    }
  }
  return order
}
