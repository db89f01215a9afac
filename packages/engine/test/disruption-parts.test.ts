import { describe, expect, test } from 'vitest'
import type { PodDisruptionBudget } from '../src/api/apps.ts'
import type { Pod } from '../src/api/core.ts'
import type { NodeClaim, NodeClaimTemplate, NodePool } from '../src/api/karpenter.ts'
import { canPassThreshold, scoreBalancedMove, scoreMove } from '../src/disruption/balanced.ts'
import { allowedDisruptions, UNLIMITED_DISRUPTIONS } from '../src/disruption/budgets.ts'
import {
  becomesConsolidatable,
  isUnderConsolidateAfter,
  lifetimeRemaining,
} from '../src/disruption/consolidate-after.ts'
import { nextHit, parseCron } from '../src/disruption/cron.ts'
import { disruptionCost, evictionCost } from '../src/disruption/eviction-cost.ts'
import { parseGoDuration } from '../src/disruption/go-duration.ts'
import { nodePoolHash } from '../src/disruption/nodepool-hash.ts'
import { PdbLimits } from '../src/disruption/pdb-limits.ts'
import { isDisruptable, isReschedulable } from '../src/disruption/pods.ts'

const NOON = Date.parse('2026-01-01T12:00:00Z')

const nodePool = (
  disruption: NonNullable<NodePool['spec']>['disruption'],
  template: NodeClaimTemplate = {},
): NodePool => ({
  metadata: { name: 'pool' },
  spec: { template, ...(disruption && { disruption }) },
})

const pod = (parts: Partial<Pod['metadata']> = {}, spec: Pod['spec'] = {}, status: Pod['status'] = {}): Pod => ({
  metadata: { name: 'web', namespace: 'default', ...parts },
  spec,
  status,
})

describe('a schedule of a budget', () => {
  // Answers of github.com/robfig/cron v3.0.1.
  test.each([
    ['@monthly', '2024-09-28T20:00:00Z', '2024-10-01T00:00:00.000Z'],
    ['@weekly', '2027-10-15T04:00:00Z', '2027-10-17T00:00:00.000Z'],
    ['@every 1h30m', '2026-10-13T18:33:52Z', '2026-10-13T20:03:52.000Z'],
    ['0 0 30 2 1', '2026-01-15T23:00:00Z', '2026-02-02T00:00:00.000Z'],
    ['*/30\t?/2\t*\tjan-1\t1-5', '2026-04-16T15:34:30Z', '2027-01-01T00:00:00.000Z'],
    ['56  11  *  *  0-MON', '2026-10-14T02:00:00Z', '2026-10-18T11:56:00.000Z'],
    ['4-44/2 ? *-8 *,2-mAr ?/2', '2025-04-05T15:07:53Z', '2025-04-05T15:08:00.000Z'],
    ['*  007  *  *  MON-5', '2027-12-19T12:28:35Z', '2027-12-20T07:00:00.000Z'],
  ])('%s hits after %s at %s', (text, after, hit) => {
    const schedule = parseCron(text)
    if (schedule.kind === 'error') throw new Error(schedule.text)
    expect(new Date(nextHit(schedule, Date.parse(after)) ?? Number.NaN).toISOString()).toBe(hit)
  })

  test.each(['0 0 31 2 *', '* , * * *'])('%s never hits', text => {
    const schedule = parseCron(text)
    if (schedule.kind === 'error') throw new Error(schedule.text)
    expect(nextHit(schedule, NOON)).toBeUndefined()
  })

  test.each([
    ['@noon', 'unrecognized descriptor: @noon'],
    ['14-0-34 17 */7 * ?', 'too many hyphens: 14-0-34'],
    ['44-60 2-19 * * MON', 'end of range (60) above maximum (59): 44-60'],
    ['21-58/1 ?/2,*,1-1 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['3/0 17 * * 4-sat', 'step of range should be a positive number: 3/0'],
    ['* * * * */-1', 'negative number (-1) not allowed: -1'],
    ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
    ['* * * * 7', 'end of range (7) above maximum (6): 7'],
  ])('%s is refused in the parser’s words', (text, error) => {
    expect(parseCron(text)).toEqual({ kind: 'error', text: error })
  })
})

describe('a duration', () => {
  test('is exact in nanoseconds, as Go parses it', () => {
    expect(parseGoDuration('1h1.5m2.000000001s')).toBe(3_692_000_000_001n)
    expect(parseGoDuration('-0.5us')).toBe(-500n)
    expect(parseGoDuration('2562047h47m16.854775807s')).toBe(9_223_372_036_854_775_807n)
  })

  test('without a unit, of an unknown one or beyond an int64 is none', () => {
    for (const text of ['', '1', '.s', '1d', '1 h', '2562048h', 'Never'])
      expect([text, parseGoDuration(text)]).toEqual([text, undefined])
  })
})

describe('budgets', () => {
  const allowed = (budgets: NonNullable<NonNullable<NodePool['spec']>['disruption']>['budgets'], nodes = 10) =>
    allowedDisruptions(nodePool({ ...(budgets && { budgets }) }), nodes, 'Empty', NOON)

  test('allow the least of those that are active and of this reason', () => {
    expect(allowed([{ nodes: '50%' }, { nodes: '7' }, { nodes: '1', reasons: ['Drifted'] }])).toBe(5)
    expect(allowed([{ nodes: '1', reasons: [] }])).toBe(UNLIMITED_DISRUPTIONS)
    expect(allowed(undefined)).toBe(UNLIMITED_DISRUPTIONS)
  })

  test('round a percentage up', () => {
    expect(allowed([{ nodes: '10%' }], 11)).toBe(2)
    expect(allowed([{ nodes: '0%' }], 11)).toBe(0)
  })

  test('with a schedule count within the duration after a hit, the hit itself and the end included', () => {
    const at = (schedule: string, duration: string) => allowed([{ nodes: '0', schedule, duration }])
    expect(at('0 12 * * *', '1m')).toBe(0)
    expect(at('0 11 * * *', '59m')).toBe(UNLIMITED_DISRUPTIONS)
    // A hit exactly the duration ago is over.
    expect(at('0 11 * * *', '1h')).toBe(UNLIMITED_DISRUPTIONS)
    expect(at('0 11 * * *', '61m')).toBe(0)
  })

  test('whose schedule never hits are always active', () => {
    expect(allowed([{ nodes: '0', schedule: '0 0 31 2 *', duration: '1h' }])).toBe(0)
  })

  test('allow nothing as soon as one is invalid, even of another reason', () => {
    expect(allowed([{ nodes: '5' }, { nodes: '5', schedule: 'bad', duration: '1h', reasons: ['Drifted'] }])).toBe(0)
    expect(allowed([{ nodes: 'many' }])).toBe(0)
    expect(allowed([{ nodes: '5', duration: '1h' }])).toBe(0)
  })
})

describe('the hash of a NodePool’s template', () => {
  // Answers of NodePool.Hash, Karpenter v1.14.1.
  const cases: readonly (readonly [NodeClaimTemplate, string])[] = [
    [
      {
        metadata: { labels: {} },
        spec: {
          expireAfter: '0s',
          nodeClassRef: { group: 'g', kind: 'K', name: 'n' },
          taints: [
            { effect: 'NoExecute', key: 'a', value: 'x' },
            { effect: 'NoSchedule', key: 'a', timeAdded: '2026-01-01T00:00:00Z' },
          ],
        },
      },
      '17840520630826227423',
    ],
    [
      {
        metadata: { annotations: { c: '😀', 日本: '' }, labels: { a: '1', 日本: '1' } },
        spec: { expireAfter: 'Never', startupTaints: [], terminationGracePeriod: '30s' },
      },
      '13040450688851906978',
    ],
    [
      {
        metadata: { labels: { b: '', 日本: '1' } },
        spec: {
          expireAfter: '720h',
          nodeClassRef: { group: '', kind: 'K', name: 'n' },
          requirements: [],
          taints: [],
          terminationGracePeriod: '48h',
        },
      },
      '5271380950861196343',
    ],
  ]

  test('equals Karpenter’s', () => {
    for (const [template, hash] of cases) expect(nodePoolHash(nodePool(undefined, template))).toBe(hash)
  })

  test('does not change with requirements or with the order of taints', () => {
    const taints = [
      { key: 'a', effect: 'NoSchedule' },
      { key: 'b', effect: 'NoExecute' },
    ]
    const hash = (spec: NonNullable<NodeClaimTemplate['spec']>) => nodePoolHash(nodePool(undefined, { spec }))
    const requirements = [{ key: 'kubernetes.io/arch', operator: 'In', values: ['arm64'] }]
    expect(hash({ taints, requirements })).toBe(hash({ taints: taints.toReversed(), requirements: [] }))
    expect(hash({ taints })).not.toBe(hash({ taints: taints.slice(1) }))
  })
})

describe('evicting a pod', () => {
  const cost = (annotation: string, priority?: number) =>
    evictionCost(
      pod(
        { annotations: { 'controller.kubernetes.io/pod-deletion-cost': annotation } },
        priority === undefined ? {} : { priority },
      ),
    )

  test('costs 1, more by deletion cost and priority, between −10 and 10', () => {
    expect(evictionCost(pod())).toBe(1)
    expect(cost('134217728')).toBe(2)
    expect(cost('0', -67_108_864)).toBe(-1)
    expect(cost('0', 2_000_000_000)).toBe(10)
    expect(cost('-2147483648')).toBe(-10)
  })

  test('reads the annotation as Go reads floats', () => {
    expect(cost('0x1p27')).toBe(2)
    expect(cost('134_217_728')).toBe(2)
    expect(cost('-inf')).toBe(-10)
    expect(cost('1e999')).toBe(1)
    expect(cost('a lot')).toBe(1)
  })

  test('never makes a node cheaper to disrupt', () => {
    expect(disruptionCost([pod({}, { priority: -67_108_864 }), pod()])).toBe(2)
  })
})

describe('a pod', () => {
  const annotated = (value: string, startTime?: string) =>
    pod({ annotations: { 'karpenter.sh/do-not-disrupt': value } }, {}, startTime === undefined ? {} : { startTime })

  test('annotated with a duration protects its node until that is over', () => {
    expect(isDisruptable(annotated('true'), NOON)).toBe(false)
    expect(isDisruptable(annotated('10m', '2026-01-01T11:50:01Z'), NOON)).toBe(false)
    expect(isDisruptable(annotated('10m', '2026-01-01T11:50:00Z'), NOON)).toBe(true)
    expect(isDisruptable(annotated('10m'), NOON)).toBe(false)
    expect(isDisruptable(annotated('false'), NOON)).toBe(true)
    expect(isDisruptable(annotated('-10m'), NOON)).toBe(true)
  })

  test('that is over protects nothing', () => {
    expect(isDisruptable({ ...annotated('true'), status: { phase: 'Succeeded' } }, NOON)).toBe(true)
  })

  test('moves unless it is over, a daemon’s or static; a StatefulSet’s also while it ends', () => {
    const owned = (kind: string, apiVersion = 'apps/v1', deletionTimestamp?: string) =>
      pod({
        ownerReferences: [{ kind, apiVersion, name: 'x' }],
        ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
      })
    expect(isReschedulable(pod())).toBe(true)
    expect(isReschedulable(owned('DaemonSet'))).toBe(false)
    expect(isReschedulable(owned('Node', 'v1'))).toBe(false)
    expect(isReschedulable(pod({ deletionTimestamp: '2026-01-01T11:00:00Z' }))).toBe(false)
    expect(isReschedulable(owned('StatefulSet', 'apps/v1', '2026-01-01T11:00:00Z'))).toBe(true)
  })
})

describe('PodDisruptionBudgets', () => {
  const budget = (name: string, allowed: number, spec: PodDisruptionBudget['spec'] = {}): PodDisruptionBudget => ({
    metadata: { name, namespace: 'default' },
    spec: { selector: {}, ...spec },
    status: { disruptionsAllowed: allowed },
  })

  test('block a pod when they allow none now, or when two select it', () => {
    expect(new PdbLimits([budget('a', 0)]).blocking(pod(), NOON)).toEqual(['default/a'])
    expect(new PdbLimits([budget('a', 1)]).blocking(pod(), NOON)).toEqual([])
    expect(new PdbLimits([budget('b', 1), budget('a', 1)]).blocking(pod(), NOON)).toEqual(['default/a', 'default/b'])
  })

  test('keep a pod in place for good only where they never allow any', () => {
    const moves = (spec: PodDisruptionBudget['spec'], allowed: number) =>
      new PdbLimits([budget('a', allowed, spec)]).isCurrentlyReschedulable(pod(), NOON)
    expect(moves({ maxUnavailable: 1 }, 0)).toBe(true)
    expect(moves({ maxUnavailable: '0%' }, 1)).toBe(false)
    expect(moves({ minAvailable: '100%' }, 0)).toBe(false)
  })

  test('that cannot be read say so', () => {
    const selector = { matchExpressions: [{ key: 'a', operator: 'Near' }] }
    expect(new PdbLimits([budget('a', 0, { selector })]).error).toBe('"Near" is not a valid label selector operator')
  })
})

describe('consolidateAfter', () => {
  const claim = (lastPodEventTime?: string): NodeClaim => ({
    metadata: { name: 'claim', creationTimestamp: '2026-01-01T11:00:00Z' },
    spec: { expireAfter: '4h' },
    status: {
      conditions: [{ type: 'Initialized', status: 'True', lastTransitionTime: '2026-01-01T11:30:00Z' }],
      ...(lastPodEventTime === undefined ? {} : { lastPodEventTime }),
    },
  })

  test('counts from the last pod that came or went, else from when the node was initialized', () => {
    const waits = (after: string, last?: string) =>
      isUnderConsolidateAfter(nodePool({ consolidateAfter: after }), claim(last), NOON)
    expect(waits('30m')).toBe(false)
    expect(waits('30m1s')).toBe(true)
    expect(waits('5m', '2026-01-01T11:56:00Z')).toBe(true)
    expect(waits('4m', '2026-01-01T11:56:00Z')).toBe(false)
    expect(waits('Never')).toBe(false)
  })

  test('Never keeps a NodeClaim from becoming Consolidatable', () => {
    expect(becomesConsolidatable(nodePool({ consolidateAfter: 'Never' }), claim(), NOON)).toBe(false)
    expect(becomesConsolidatable(nodePool({ consolidateAfter: '0s' }), claim(), NOON)).toBe(true)
  })

  test('leaves a share of the node’s life', () => {
    expect(lifetimeRemaining(claim(), NOON)).toBe(0.75)
    expect(lifetimeRemaining({ ...claim(), spec: { expireAfter: 'Never' } }, NOON)).toBe(1)
  })
})

describe('the policy Balanced', () => {
  const balanced = nodePool({ consolidationPolicy: 'Balanced' })
  const totals = new Map([['pool', { cost: 10, disruptionCost: 20 }]])

  test('approves a move that saves at least half the share that it disrupts', () => {
    expect(scoreMove(1, 4, { cost: 10, disruptionCost: 20 })).toMatchObject({ score: 0.5, approved: true })
    expect(scoreMove(0.99, 4, { cost: 10, disruptionCost: 20 }).approved).toBe(false)
    expect(scoreMove(-1, 4, { cost: 10, disruptionCost: 20 })).toMatchObject({ score: 0, approved: false })
  })

  test('splits savings over NodePools by what their nodes cost, and asks only Balanced ones', () => {
    const other: NodePool = { metadata: { name: 'other' }, spec: {} }
    const { scores, approved } = scoreBalancedMove(
      [
        { nodePool: balanced, price: 3, disruptionCost: 4 },
        { nodePool: other, price: 1, disruptionCost: 100 },
      ],
      2,
      totals,
    )
    expect(scores.map(({ nodePool: name }) => name)).toEqual(['pool'])
    expect(scores[0]?.score).toBeCloseTo(0.75, 12)
    expect(approved).toBe(true)
  })

  test('does not even try a node whose deletion would not pass', () => {
    expect(canPassThreshold({ nodePool: balanced, price: 1, disruptionCost: 5 }, totals)).toBe(false)
    expect(canPassThreshold({ nodePool: nodePool({}), price: 1, disruptionCost: 5 }, totals)).toBe(true)
  })
})
