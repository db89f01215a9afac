import { arbitraryRichCluster } from '@everynode/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KeyedHeap } from '../src/framework/keyed-heap.ts'
import type { Pod } from '../src/index.ts'
import { podKey, podPriority, SchedulingQueue, settle } from '../src/index.ts'

const BY_FIT = new Set(['NodeResourcesFit'])

const podOf = (name: string, priority = 0, spec: Partial<Pod['spec']> = {}): Pod => ({
  metadata: { name, namespace: 'default', uid: name, labels: { app: 'web' } },
  spec: { priority, containers: [{ name: 'main' }], ...spec },
})

describe('the queue', () => {
  test('gives pods by priority, then in the order in which they came', () => {
    const queue = new SchedulingQueue()
    queue.add(podOf('first'), 1)
    queue.add(podOf('urgent', 10), 2)
    queue.add(podOf('second'), 3)
    expect([4, 5, 6, 7].map(now => queue.pop(now)?.pod.metadata.name)).toEqual(['urgent', 'first', 'second', undefined])
  })

  test('holds a pod that plugins rejected until something happens that may help them', () => {
    const queue = new SchedulingQueue()
    queue.add(podOf('waits'), 0)
    const taken = queue.pop(1)!
    queue.failed(taken, taken.pod, BY_FIT, 1)
    expect(queue.pop(2)).toBeUndefined()
    queue.happened({ kind: 'pod bound', pod: podOf('other', 0, { nodeName: 'one' }) }, 3)
    expect(queue.pop(4)).toBeUndefined()
    queue.happened({ kind: 'pod gone', pod: podOf('other', 0, { nodeName: 'one' }) }, 5)
    expect(queue.pop(6)?.pod.metadata.name).toBe('waits')
  })

  test('takes those that back off before their time only when nobody is active, and by the second in which they are due', () => {
    const queue = new SchedulingQueue()
    const gone = { kind: 'pod gone', pod: podOf('other', 0, { nodeName: 'one' }) } as const
    for (const [name, priority] of [
      ['late', 10],
      ['early', 0],
    ] as const) {
      queue.add(podOf(name, priority), 0)
      const taken = queue.pop(0)!
      queue.failed(taken, taken.pod, BY_FIT, name === 'late' ? 1500 : 900)
    }
    queue.happened(gone, 1600)
    queue.add(podOf('fresh', -10), 1600)
    expect([1600, 1600, 1600].map(now => queue.pop(now)?.pod.metadata.name)).toEqual(['fresh', 'early', 'late'])
  })

  test('doubles the back-off with each rejection, up to ten seconds, and lets it end with its second', () => {
    const queue = new SchedulingQueue()
    const gone = { kind: 'pod gone', pod: podOf('other', 0, { nodeName: 'one' }) } as const
    queue.add(podOf('unlucky'), 0)
    let now = 0
    let taken = queue.pop(now)!
    const waits = Array.from({ length: 6 }, () => {
      queue.failed(taken, taken.pod, BY_FIT, now)
      queue.happened(gone, now)
      for (let seconds = 1; ; seconds++) {
        now += 1000
        queue.add(podOf('filler', -1), now)
        const next = queue.pop(now)!
        if (next.key === 'default/filler') continue
        taken = next
        queue.remove('default/filler')
        return seconds
      }
    })
    expect(waits).toEqual([2, 3, 5, 9, 11, 11])
  })

  test('never gives a pod with scheduling gates, nor one that failed with an error before its time', () => {
    const queue = new SchedulingQueue()
    queue.add(podOf('gated', 100, { schedulingGates: [{ name: 'wait' }] }), 0)
    queue.add(podOf('broken'), 0)
    const taken = queue.pop(0)!
    queue.failed(taken, taken.pod, new Set(), 0)
    queue.happened({ kind: 'pod gone', pod: podOf('other', 0, { nodeName: 'one' }) }, 0)
    expect([0, 1999, 2000, 9000].map(now => queue.pop(now)?.pod.metadata.name)).toEqual([
      undefined,
      undefined,
      'broken',
      undefined,
    ])
  })
})

test('a heap gives what it holds in order, whatever was taken out of its middle', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(1000)), fc.array(fc.nat(1000)), (numbers, removed) => {
      const heap = new KeyedHeap<number>(String, (a, b) => a < b)
      for (const number of numbers) heap.push(number)
      for (const number of new Set(removed)) {
        expect(heap.remove(String(number))).toBe(numbers.includes(number) ? number : undefined)
      }
      const left = numbers.filter(number => !removed.includes(number))
      expect(heap.size).toBe(left.length)
      expect(left.map(() => heap.pop())).toEqual(left.toSorted((a, b) => a - b))
      expect(heap.pop()).toBeUndefined()
    }),
  )
})

const SMALL = {
  containers: [{ name: 'main', resources: { requests: { cpu: '150m' } } }],
  tolerations: [{ operator: 'Exists' }],
}

describe('settling', () => {
  const clusters = fc
    .tuple(arbitraryRichCluster(), fc.array(fc.constantFrom(-10, 0, 1000, 2_000_000), { minLength: 1, maxLength: 4 }))
    .map(([{ pod, ...objects }, priorities]) => ({
      objects,
      pending: priorities.map(
        (priority, index): Pod => ({
          ...pod,
          metadata: { ...pod.metadata, name: `new-${index}`, uid: `new-${index}` },
          // Every other one is small, so that some find room at once.
          spec: index % 2 === 0 ? { ...SMALL, priority } : { ...pod.spec, priority },
        }),
      ),
    }))
  const startTime = (cycle: number): string => new Date(Date.UTC(2026, 6, 1, 0, 0, cycle)).toISOString()

  test('binds each pod once, to a node that its cycle found fitting, and takes only victims of lower priority', () => {
    let bound = 0
    let evicted = 0
    fc.assert(
      fc.property(clusters, input => {
        const placed = new Set<string>()
        for (const { pod, cycle, node, victims } of settle({ ...input, startTime })) {
          const key = podKey(pod)
          expect(placed.has(key)).toBe(false)
          for (const victim of victims) expect(podPriority(victim)).toBeLessThan(podPriority(pod))
          evicted += victims.length
          if (node === undefined) continue
          placed.add(key)
          bound++
          expect(cycle.filtered.get(cycle.selectedNode ?? -1)?.code).toBe(0)
        }
      }),
    )
    expect(bound).toBeGreaterThan(20)
    expect(evicted).toBeGreaterThan(5)
  })

  test('gives the same bytes every time', () => {
    fc.assert(
      fc.property(clusters, input => {
        const told = () =>
          JSON.stringify(
            [...settle({ ...input, startTime })].map(({ pod, cycle, node, victims }) => [
              podKey(pod),
              cycle.message,
              node,
              victims.map(podKey),
            ]),
          )
        expect(told()).toBe(told())
      }),
    )
  })
})
