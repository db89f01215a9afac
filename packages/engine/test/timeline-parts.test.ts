import { describe, expect, test } from 'vitest'
import { Clock, Lane } from '../src/timeline/clock.ts'
import { goDuration } from '../src/timeline/durations.ts'
import { scaled } from '../src/timeline/int-or-percent.ts'
import { objectAtPath } from '../src/timeline/kinds.ts'
import { Delays } from '../src/timeline/latencies.ts'
import { RandomStreams } from '../src/timeline/random-streams.ts'
import { slowStartBatches } from '../src/timeline/slow-start.ts'
import { WorkQueue } from '../src/timeline/work-queue.ts'
import { LATENCIES } from './timeline-world.ts'

const drain = (clock: Clock): void => {
  while (clock.next !== undefined) clock.step()
}

describe('random streams', () => {
  const numbers = (streams: RandomStreams, name: string) =>
    Array.from({ length: 50 }, () => streams.stream(name).next())

  test('are the same for the same seed, whatever other streams are asked', () => {
    const alone = numbers(new RandomStreams(7), 'order')
    const beside = new RandomStreams(7)
    numbers(beside, 'ties')
    expect(numbers(beside, 'order')).toEqual(alone)
    expect(numbers(new RandomStreams(8), 'order')).not.toEqual(alone)
    expect(numbers(new RandomStreams(7), 'ties')).not.toEqual(alone)
  })

  test('draw every number below the bound about equally often', () => {
    const stream = new RandomStreams(1).stream('dice')
    const counts = [0, 0, 0, 0, 0, 0]
    for (let i = 0; i < 6000; i++) counts[stream.below(6)]!++
    for (const count of counts) expect(count).toBeGreaterThan(850)
  })

  test('shuffle into any order without losing anything', () => {
    const stream = new RandomStreams(2).stream('cards')
    const orders = new Set(Array.from({ length: 200 }, () => stream.shuffled(['a', 'b', 'c']).join('')))
    expect([...orders].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba'])
  })
})

describe('the clock', () => {
  test('runs events by time, and by announcement where times are equal', () => {
    const clock = new Clock()
    const seen: string[] = []
    for (const [time, name] of [
      [5, 'late'],
      [1, 'first'],
      [1, 'second'],
      [3, 'middle'],
    ] as const)
      clock.at(time, () => seen.push(`${clock.now} ${name}`))
    clock.at(2, () => clock.at(0, () => seen.push(`${clock.now} overdue`)))
    drain(clock)
    expect(seen).toEqual(['1 first', '1 second', '2 overdue', '3 middle', '5 late'])
  })

  test('lets nothing overtake on a lane', () => {
    const clock = new Clock()
    const lane = new Lane(clock)
    const seen: string[] = []
    lane.after(10, () => seen.push(`${clock.now} slow`))
    lane.after(1, () => seen.push(`${clock.now} quick`))
    drain(clock)
    expect(seen).toEqual(['10 slow', '10 quick'])
  })
})

test('delays of one run rise and fall together, and constants do neither', () => {
  for (let seed = 0; seed < 300; seed++) {
    const delays = new Delays(LATENCIES, new RandomStreams(seed))
    expect(delays.draw('schedulerCycle')).toBeLessThan(delays.draw('preemptionMarkToDelete'))
    expect(delays.draw('jobBackoff')).toBe(10_000)
  }
  const medians = Array.from({ length: 999 }, (_, seed) =>
    new Delays(LATENCIES, new RandomStreams(seed)).draw('podRunning'),
  ).sort((a, b) => a - b)
  expect(medians[500]).toBeGreaterThan(28)
  expect(medians[500]).toBeLessThan(38)
  expect(medians[100]).toBeLessThan(20)
  expect(medians[900]).toBeGreaterThan(58)
})

describe("a controller's queue", () => {
  test('asks once for a key that is asked for twice, and again for one that is busy', () => {
    const clock = new Clock()
    const rounds: number[] = []
    const queue: WorkQueue = new WorkQueue(clock, (_, done) => {
      rounds.push(clock.now)
      clock.after(10, () => done('done'))
    })
    queue.ask('a', 5)
    queue.ask('a', 7)
    clock.at(8, () => queue.ask('a', 0))
    drain(clock)
    expect(rounds).toEqual([5, 15])
  })

  test('comes back ever later to a key that fails', () => {
    const clock = new Clock()
    const rounds: number[] = []
    const queue = new WorkQueue(clock, (_, done) => {
      rounds.push(clock.now)
      done(rounds.length < 5 ? 'failed' : 'done')
    })
    queue.ask('a', 0)
    drain(clock)
    expect(rounds).toEqual([0, 5, 15, 35, 75])
  })
})

test('pods are created in batches that double', () => {
  expect(slowStartBatches([1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual([[1], [2, 3], [4, 5, 6, 7], [8, 9]])
  expect(slowStartBatches([])).toEqual([])
})

test('durations, shares and paths are read as upstream reads them', () => {
  expect([goDuration('6s'), goDuration('1m30s'), goDuration('250ms'), goDuration('soon'), goDuration('1x')]).toEqual([
    6000,
    90_000,
    250,
    undefined,
    undefined,
  ])
  expect([scaled('25%', 5), scaled('25%', 5, 'down'), scaled(3, 5), scaled('many', 5)]).toEqual([2, 1, 3, 0])
  expect(objectAtPath('/apis/apps/v1/namespaces/agents/daemonsets/log')).toEqual({
    list: 'daemonSets',
    key: 'agents/log',
  })
  expect(objectAtPath('/api/v1/nodes/a')).toEqual({ list: 'nodes', key: 'a' })
  expect(objectAtPath('/apis/example.com/v1/widgets/a')).toBeUndefined()
})
