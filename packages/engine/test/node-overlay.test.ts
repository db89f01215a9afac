import { describe, expect, test } from 'vitest'
import {
  AWS_WELL_KNOWN_RESOURCES,
  adjustedPrice,
  applyNodeOverlays,
  CORE_WELL_KNOWN_LABELS,
  type InstanceType,
  type NodeOverlay,
  type NodePool,
  readInstanceTypes,
} from '../src/index.ts'

const offers = (...prices: readonly (readonly [string, number])[]) =>
  prices.map(([capacityType, price]) => ({ capacityType, zone: 'zone-a', price }))

const { instanceTypes: TYPES } = readInstanceTypes([
  {
    name: 'small',
    architecture: 'amd64',
    operatingSystems: ['linux'],
    resources: { cpu: '2' },
    offerings: offers(['spot', 0.1], ['on-demand', 0.2]),
  },
  {
    name: 'large',
    architecture: 'amd64',
    operatingSystems: ['linux'],
    resources: { cpu: '8' },
    offerings: offers(['spot', 0.4], ['on-demand', 0.8]),
  },
])
const POOL: NodePool = { metadata: { name: 'default' }, spec: { template: { metadata: { labels: { team: 'a' } } } } }

const overlay = (name: string, spec: NodeOverlay['spec']): NodeOverlay => ({
  metadata: { name },
  ...(spec && { spec }),
})
const only = (key: string, value: string) => [{ key, operator: 'In', values: [value] }]
const apply = (...overlays: readonly NodeOverlay[]) => {
  const { instanceTypes, rejected } = applyNodeOverlays(overlays, [{ nodePool: POOL, instanceTypes: TYPES }], {
    wellKnownLabels: CORE_WELL_KNOWN_LABELS,
    wellKnownResources: AWS_WELL_KNOWN_RESOURCES,
  })
  return { types: instanceTypes[0] ?? [], rejected }
}
const prices = (types: readonly InstanceType[]) => types.map(({ offerings }) => offerings.map(one => one.price))

describe('a price', () => {
  test('is replaced, moved by an amount or by a percentage, and never below 0', () => {
    expect(adjustedPrice(1, '0.25')).toBe(0.25)
    expect(adjustedPrice(1, '+0.25')).toBe(1.25)
    expect(adjustedPrice(1, '-0.25')).toBe(0.75)
    expect(adjustedPrice(1, '+10%')).toBe(1.1)
    expect(adjustedPrice(1, '-100%')).toBe(0)
    expect(adjustedPrice(1, '-2')).toBe(0)
  })
})

describe('an overlay', () => {
  test('changes the offerings that it selects and no other', () => {
    const { types, rejected } = apply(
      overlay('a', { price: '0.05', requirements: only('karpenter.sh/capacity-type', 'spot') }),
    )
    expect(rejected).toEqual([])
    expect(prices(types)).toEqual([
      [0.05, 0.2],
      [0.05, 0.8],
    ])
    expect(prices(TYPES)[0]).toEqual([0.1, 0.2])
  })

  test('selects by instance type, NodePool and the labels of its template', () => {
    const small = overlay('a', { price: '1', requirements: only('node.kubernetes.io/instance-type', 'small') })
    expect(prices(apply(small).types)).toEqual([
      [1, 1],
      [0.4, 0.8],
    ])
    const team = (value: string) => overlay('t', { price: '2', requirements: only('team', value) })
    expect(prices(apply(team('a')).types)[0]).toEqual([2, 2])
    expect(prices(apply(team('b')).types)[0]).toEqual([0.1, 0.2])
    const pool = (name: string) => overlay('p', { price: '3', requirements: only('karpenter.sh/nodepool', name) })
    expect(prices(apply(pool('default')).types)[0]).toEqual([3, 3])
    expect(prices(apply(pool('other')).types)[0]).toEqual([0.1, 0.2])
  })

  test('adds resources, which pods may then ask for', () => {
    const { types } = apply(overlay('a', { capacity: { 'example.com/device': '4' } }))
    for (const { capacity, allocatable } of types) {
      expect(capacity.get('example.com/device')?.unscaled).toBe(4n)
      expect(allocatable.get('example.com/device')?.unscaled).toBe(4n)
    }
  })

  test('of greater weight wins, price by price and resource by resource', () => {
    const { types, rejected } = apply(
      overlay('low', { weight: 1, price: '9', capacity: { 'example.com/a': '1', 'example.com/b': '1' } }),
      overlay('high', {
        weight: 2,
        price: '5',
        requirements: only('karpenter.sh/capacity-type', 'spot'),
        capacity: { 'example.com/a': '2' },
      }),
    )
    expect(rejected).toEqual([])
    expect(prices(types)[0]).toEqual([5, 9])
    expect(types[0]?.capacity.get('example.com/a')?.unscaled).toBe(2n)
    expect(types[0]?.capacity.get('example.com/b')?.unscaled).toBe(1n)
  })

  test('of equal weight that sets the same is rejected whole, the earlier name', () => {
    const { types, rejected } = apply(
      overlay('a', { price: '1', capacity: { 'example.com/a': '1' } }),
      overlay('b', { price: '2', requirements: only('node.kubernetes.io/instance-type', 'large') }),
    )
    expect(rejected).toEqual([{ kind: 'conflict', name: 'a', nodePool: 'default', instanceType: 'large' }])
    expect(prices(types)).toEqual([
      [0.1, 0.2],
      [2, 2],
    ])
    expect(types[0]?.capacity.has('example.com/a')).toBe(false)
  })

  test('of equal weight that sets something else is taken', () => {
    const { types, rejected } = apply(
      overlay('a', { priceAdjustment: '+1' }),
      overlay('b', { capacity: { 'example.com/a': '1' } }),
      overlay('c', { capacity: { 'example.com/b': '1' } }),
    )
    expect(rejected).toEqual([])
    expect(types[0]?.capacity.has('example.com/a')).toBe(true)
    expect(types[0]?.capacity.has('example.com/b')).toBe(true)
    expect(prices(types)[0]).toEqual([1.1, 1.2])
  })

  test.each([
    [{ price: '1', priceAdjustment: '+1' }, 'keep one'],
    [{ price: '-1' }, 'price "-1" is no number'],
    [{ priceAdjustment: '10%' }, 'priceAdjustment "10%"'],
    [{ weight: 0 }, 'weight 0 is not from 1 to 10000'],
    [{ capacity: { cpu: '4' } }, "capacity cpu can't be set"],
    [{ capacity: { 'vpc.amazonaws.com/efa': '4' } }, "capacity vpc.amazonaws.com/efa can't be set"],
    [{ capacity: { 'example.com/a': '1.5GiB' } }, 'capacity example.com/a "1.5GiB" is no quantity'],
    [{ requirements: [{ key: 'k', operator: 'Near', values: ['1'] }] }, 'the operator Near'],
    [{ requirements: [{ key: 'k', operator: 'In' }] }, 'needs a value'],
    [{ requirements: [{ key: 'k', operator: 'Gt', values: ['x'] }] }, 'needs a single whole number'],
  ] as const)('that is invalid is rejected with its fault: %j', (spec, text) => {
    const { types, rejected } = apply(overlay('bad', spec))
    expect(types).toEqual(TYPES)
    expect(rejected).toEqual([{ kind: 'invalid', name: 'bad', problems: [expect.stringContaining(text)] }])
  })
})
