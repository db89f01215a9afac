import { EC2, STAND_IN_REGION } from '@everynode/data-ec2'
import { type ClusterDump, cover, formatQuantity, type NodePool, type Pod } from '@everynode/engine'
import { describe, expect, it } from 'vitest'
import { placeDisplaced } from '../../../tools/demo/displaced.ts'
import { displacedLines, pricesText } from '../../../tools/demo/new-node-lines.ts'
import { karpenterAnswer, type NewNodes, poolInstanceTypes, regionOf } from '../../../tools/demo/new-nodes.ts'
import { afterForecast, DEFAULT_POOL, DEMO_VARIANTS, type DemoVariant, demoCluster, STABLE_POOL } from '../src/index.ts'

const ONLY = new Set(['logging/log-agent'])

function play(variant: DemoVariant, change: Partial<ClusterDump> = {}) {
  const dump = { ...demoCluster(variant), ...change }
  const [agent] = cover(dump, { only: ONLY, grouping: 'node', remedies: false }).daemonSets
  if (agent === undefined) throw new Error('no answer for logging/log-agent')
  const after = afterForecast(dump, agent)
  const displaced = placeDisplaced(dump, after)
  const answer = karpenterAnswer(displaced.dump)
  const { daemonSets } = cover(displaced.dump, { remedies: false })
  const lines = displacedLines(displaced, answer, daemonSets)
  const text = lines.map(({ spans }) => spans.map(span => (typeof span === 'string' ? span : span.text)).join(''))
  return { dump, after, displaced, answer, text }
}

const keyOf = ({ metadata }: Pod) => `${metadata.namespace}/${metadata.name}`
const keysOf = (pods: readonly Pod[]) => pods.map(keyOf).sort((a, b) => (a < b ? -1 : 1))
const shown = ({ count, pool, launch, allowedTypes }: NewNodes) =>
  `${count} ${launch?.instanceType} of ${pool}, ${launch?.capacityType}, ${launch?.price}, of ${allowedTypes}`

describe('the instance types of the demo', () => {
  it('have what its nodes report as allocatable', () => {
    for (const pool of [DEFAULT_POOL, STABLE_POOL]) {
      const dump = demoCluster()
      const types = new Map(poolInstanceTypes(dump, pool).map(type => [type.name, type]))
      const nodes = (dump.nodes ?? []).filter(
        ({ metadata }) => metadata.labels?.['karpenter.sh/nodepool'] === pool.metadata.name,
      )
      expect(nodes.length).toBeGreaterThan(0)
      for (const { metadata, status } of nodes) {
        const type = types.get(metadata.labels?.['node.kubernetes.io/instance-type'] ?? '')
        for (const [name, amount] of Object.entries(status?.allocatable ?? {})) {
          const quantity = type?.allocatable.get(name)
          expect(quantity && formatQuantity(quantity), `${metadata.name} ${name}`).toBe(amount)
        }
      }
    }
  })
})

describe.each(DEMO_VARIANTS)('evicted pods, variant %s', variant => {
  const { dump, after, displaced, answer } = play(variant)

  it('are the victims of the forecast, and each finds room, a new node or a refusal', () => {
    const left = new Set((after.pods ?? []).map(keyOf))
    const victims = (dump.pods ?? []).filter(
      pod => !left.has(keyOf(pod)) && !pod.metadata.generateName?.startsWith('log-agent'),
    )
    const { placed, homeless, later } = displaced
    expect(keysOf([...placed, ...homeless, ...later])).toEqual(keysOf(victims))
    const pods = answer.newNodes.flatMap(one => one.pods)
    expect(keysOf([...pods, ...answer.onTheirWay, ...answer.refused.keys()])).toEqual(keysOf(homeless))
  })
})

describe('the nodes that Karpenter adds', () => {
  it('are none where nobody is evicted', () => {
    for (const variant of ['problem', 'equal'] as const) {
      const { answer, text } = play(variant)
      expect(answer).toEqual({ newNodes: [], onTheirWay: [], refused: new Map() })
      expect(text).toEqual(['Karpenter   adds no node: no workload pod needs one'])
    }
  })

  it('are two for eight of the pods that the class evicts', () => {
    const { displaced, answer, text } = play('class')
    expect([displaced.placed, displaced.homeless, displaced.evicted].map(({ length }) => length)).toEqual([8, 9, 0])
    expect(answer.newNodes.map(shown)).toEqual(['2 m5.xlarge of default, on-demand, 0.192, of 1'])
    expect(answer.newNodes[0]?.launch?.zones).toEqual(['eu-west-3a', 'eu-west-3b', 'eu-west-3c'])
    expect(text).toEqual([
      'evicted     8 of 17 pods find room on nodes that are there, 1 on a node that is on its way',
      'Karpenter   adds 2 nodes for 8 evicted pods: 2 × m5.xlarge (default), each the one type that fits, on-demand, ' +
        'any of 3 zones; list price $0.384/h',
    ])
  })

  it('are of each pool with the remedy, and a daemon without a class pays for the rest', () => {
    const { displaced, answer, text } = play('remedy')
    expect(new Set(displaced.evicted.map(pod => pod.metadata.ownerReferences?.[0]?.name))).toEqual(
      new Set(['fluent-bit']),
    )
    expect(answer.newNodes.map(shown)).toEqual([
      '2 m5.xlarge of default, on-demand, 0.192, of 1',
      '1 m5.large of stable, on-demand, 0.096, of 1',
    ])
    expect(text[0]).toContain('by evicting DaemonSet/fluent-bit 3 (it then misses 3 nodes)')
    expect(displaced.later.map(pod => pod.metadata.ownerReferences?.[0]?.name)).toEqual(['cache', 'ledger'])
    expect(text[1]).toMatch(/^Karpenter {3}adds at first 3 nodes for 7 evicted pods: .*list price \$0\.480\/h$/)
  })

  it('are the cheapest of the types that a pool allows', () => {
    const free: NodePool = {
      ...DEFAULT_POOL,
      spec: {
        ...DEFAULT_POOL.spec,
        template: {
          spec: {
            ...DEFAULT_POOL.spec?.template?.spec,
            requirements: (DEFAULT_POOL.spec?.template?.spec?.requirements ?? []).filter(
              ({ key }) => key !== 'node.kubernetes.io/instance-type',
            ),
          },
        },
      },
    }
    const { answer, text } = play('class', { nodePools: [free] })
    expect(answer.newNodes.length).toBeGreaterThan(0)
    for (const { allowedTypes, launch } of answer.newNodes) {
      expect(allowedTypes).toBeGreaterThan(1)
      expect(launch?.price).toBe(EC2.price(launch?.instanceType ?? '', STAND_IN_REGION, 'on-demand')?.amount)
    }
    expect(text.at(-1)).toMatch(/cheapest of \d+ types/)
  })

  it('are none without a pool that may make them, and Karpenter says why', () => {
    const { answer, text } = play('class', { nodePools: [STABLE_POOL] })
    expect(answer.newNodes).toEqual([])
    expect(answer.refused.size).toBeGreaterThan(0)
    expect(text[0]).toMatch(/ nowhere: .*nodepool\/stable/)
    expect(text[1]).toBe('Karpenter   adds no node')
  })

  it('have list prices of a region that is named', () => {
    const region = regionOf(demoCluster())
    expect(region).toBe('eu-west-3')
    expect(pricesText(region)).toContain('on-demand in us-east-1, which stands for eu-west-3')
    expect(pricesText('us-east-1')).toBe('list prices: on-demand in us-east-1')
  })
})
