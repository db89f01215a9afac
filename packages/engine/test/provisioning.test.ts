import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { goSort } from '../src/go-sort.ts'
import {
  type KarpenterCluster,
  type KarpenterSettings,
  type NodePool,
  type Pod,
  ProvisioningWorld,
  provision,
  provisionIn,
  readInstanceTypes,
} from '../src/index.ts'
import { readQuantities } from '../src/pod-requests/quantities.ts'
import { AmountTableBuilder } from '../src/provisioning/amount-table.ts'
import { ClaimOrder } from '../src/provisioning/claim-order.ts'
import { resourcesFit } from '../src/provisioning/resource-lists.ts'

const TYPES = readInstanceTypes(
  [2, 4, 8, 16].map(cpu => ({
    name: `m-${cpu}`,
    architecture: 'amd64',
    operatingSystems: ['linux'],
    resources: { cpu: `${cpu}`, memory: `${4 * cpu}Gi`, pods: '20' },
    offerings: ['zone-a', 'zone-b', 'zone-c'].map((zone, index) => ({
      zone,
      capacityType: 'on-demand',
      price: cpu + index / 100,
    })),
  })),
).instanceTypes

const pool = (parts: Partial<NodePool['spec']> = {}, name = 'default'): NodePool => ({
  metadata: { name },
  spec: { template: { spec: { nodeClassRef: { group: 'g', kind: 'K', name: 'n' } } }, ...parts },
})

const pod = (name: string, requests: Readonly<Record<string, string>>, spec: Partial<Pod['spec']> = {}): Pod => ({
  metadata: { name, namespace: 'default', uid: name, labels: { app: 'web' } },
  spec: { containers: [{ name: 'main', resources: { requests } }], ...spec },
  status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] },
})

const cluster = (pods: readonly Pod[], pools: readonly NodePool[] = [pool()]): KarpenterCluster => ({
  nodePools: pools,
  instanceTypes: new Map(pools.map(({ metadata }) => [metadata.name ?? '', TYPES])),
  pods,
  now: 0,
})

const placed = (pods: readonly Pod[], pools?: readonly NodePool[], settings?: KarpenterSettings) => {
  const { newNodeClaims, errors } = provision(cluster(pods, pools), settings)
  return {
    claims: newNodeClaims.map(claim => claim.pods.map(({ metadata }) => metadata.name)),
    types: newNodeClaims.map(claim => claim.instanceTypes.map(({ name }) => name)),
    errors: [...errors].map(([{ metadata }, { texts }]) => [metadata.name, texts]),
  }
}

const SPREAD = {
  maxSkew: 1,
  topologyKey: 'topology.kubernetes.io/zone',
  whenUnsatisfiable: 'DoNotSchedule',
  labelSelector: { matchLabels: { app: 'web' } },
}

describe('provisioning', () => {
  test('packs pods into one NodeClaim and names the types that are large enough, cheapest first', () => {
    const { claims, types } = placed([pod('a', { cpu: '3' }), pod('b', { cpu: '3' })])
    expect(claims).toEqual([['a', 'b']])
    expect(types).toEqual([['m-8', 'm-16']])
  })

  test('spreads pods over zones, one NodeClaim each', () => {
    const pods = ['a', 'b', 'c'].map(name => pod(name, { cpu: '1' }, { topologySpreadConstraints: [SPREAD] }))
    const { newNodeClaims } = provision(cluster(pods))
    const zones = newNodeClaims.map(({ requirements }) => requirements.get(SPREAD.topologyKey).values)
    expect(zones.flat().sort()).toEqual(['zone-a', 'zone-b', 'zone-c'])
  })

  test('keeps pods that repel each other apart', () => {
    const podAntiAffinity = {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'web' } } },
      ],
    }
    const pods = ['a', 'b', 'c'].map(name => pod(name, { cpu: '1' }, { affinity: { podAntiAffinity } }))
    expect(placed(pods).claims).toEqual([['a'], ['b'], ['c']])
  })

  test('says with amounts why no type is large enough', () => {
    const { claims, errors } = placed([pod('a', { cpu: '100' })])
    expect(claims).toEqual([])
    expect(errors).toEqual([
      ['a', [expect.stringMatching(/^no instance type has enough resources, .*resources={"cpu":"100","pods":"1"}$/)]],
    ])
  })

  test('tries the heavier NodePool first and stays within limits', () => {
    const pools = [pool({ weight: 1 }, 'light'), pool({ weight: 9, limits: { cpu: '8' } }, 'heavy')]
    const { newNodeClaims } = provision(cluster([pod('a', { cpu: '5' }), pod('b', { cpu: '5' })], pools))
    expect(newNodeClaims.map(({ nodePoolName }) => nodePoolName)).toEqual(['heavy', 'light'])
    expect(newNodeClaims[0]?.instanceTypes.map(({ name }) => name)).toEqual(['m-8'])
  })

  test('gives up a preference that nothing meets', () => {
    const nodeAffinity = {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 1,
          preference: { matchExpressions: [{ key: SPREAD.topologyKey, operator: 'In', values: ['zone-x'] }] },
        },
      ],
    }
    expect(placed([pod('a', { cpu: '1' }, { affinity: { nodeAffinity } })]).claims).toEqual([['a']])
  })

  test('does not look at a pod that selects what only Karpenter sets', () => {
    const { ignored } = provision(
      cluster([pod('a', { cpu: '1' }, { nodeSelector: { 'karpenter.sh/registered': 'true' } })]),
    )
    expect([...ignored.values()]).toEqual([
      [expect.stringMatching(/^using label karpenter.sh\/registered is not allowed/)],
    ])
  })

  test('drops every pod where no NodePool is there, and fails none', () => {
    const { dropped, errors } = provision(cluster([pod('a', { cpu: '1' })], []))
    expect(dropped.map(({ metadata }) => metadata.name)).toEqual(['a'])
    expect(errors.size).toBe(0)
  })

  test('answers the same twice in one world, and never loses a pod', () => {
    const arbitraryPod = fc.record({
      cpu: fc.constantFrom('100m', '1', '3', '7', '40'),
      memory: fc.constantFrom('100Mi', '3Gi', '20Gi'),
      spread: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(arbitraryPod, { maxLength: 30 }), list => {
        const pods = list.map(({ cpu, memory, spread }, index) =>
          pod(`p${index}`, { cpu, memory }, spread ? { topologySpreadConstraints: [SPREAD] } : {}),
        )
        const world = new ProvisioningWorld(cluster(pods))
        const shown = () => {
          const { newNodeClaims, errors } = provisionIn(world)
          const names = newNodeClaims.map(claim => claim.pods.map(({ metadata }) => metadata.name))
          return { names, failed: [...errors.keys()].map(({ metadata }) => metadata.name) }
        }
        const first = shown()
        expect(shown()).toEqual(first)
        expect([...first.names.flat(), ...first.failed].length).toBe(pods.length)
      }),
      { numRuns: 30 },
    )
  })
})

test('NodeClaims stand in the order of Go’s unstable sort, however they grow', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { maxLength: 400 }), steps => {
      const order = new ClaimOrder()
      const counts: number[] = []
      const slice: number[] = []
      for (const step of steps) {
        order.sort()
        goSort(slice, (a, b) => counts[a]! < counts[b]!)
        expect(Array.from({ length: order.size }, (_, rank) => order.at(rank))).toEqual(slice)
        if (step < 0.4 || slice.length === 0) {
          slice.push(counts.length)
          counts.push(1)
          order.append()
        } else {
          const rank = Math.trunc(((step - 0.4) / 0.6) ** 2 * slice.length)
          counts[slice[rank]!]! += 1
          order.grow(rank)
        }
      }
    }),
    { numRuns: 40 },
  )
})

test('rows of amounts add and compare as the exact quantities do, however large or small', () => {
  const amount = fc.constantFrom('0', '1n', '999n', '1m', '3', '9007199254740993', '9223372036854775807', '7Gi')
  const list = fc.record({ cpu: amount, memory: amount, gpu: amount }).map(readQuantities)
  fc.assert(
    fc.property(list, list, (asked, total) => {
      const table = new AmountTableBuilder().add(asked, 2).add(total).build()
      const [a, b] = [table.row(asked), table.row(total)]
      expect(table.fits(a, b)).toBe(resourcesFit(asked, total))
      expect(table.difference(table.sum(a, b), b)).toEqual(a)
    }),
  )
})
