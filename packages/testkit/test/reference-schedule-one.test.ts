import { join } from 'node:path'
import type { Pod } from '@everynode/engine'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryCluster } from '../src/arbitraries/cluster.ts'
import { canonical } from '../src/canonical.ts'
import { OPS } from '../src/ops/index.ts'
import { askScheduleOne, type Question } from '../src/reference/schedule-one.ts'
import { repositoryRoot } from '../src/repository.ts'
import { readVectors } from '../src/vectors.ts'

/** Go's sort keeps the order of equal elements up to this length; the reference always does. */
const STABLE = 12

async function agreesWith(file: string): Promise<number> {
  const path = join(repositoryRoot(), 'testdata/vectors/kubernetes', file)
  let cases = 0
  for await (const { id, input, expect: recorded } of readVectors(path, new Set(['scheduleOne']))) {
    cases++
    expect(canonical(askScheduleOne(input as Question)), id).toBe(canonical(recorded))
  }
  return cases
}

describe('the slow scheduler agrees with the recorded answers of the real one', () => {
  test('about pods of DaemonSets', async () => {
    expect(await agreesWith('scheduleOne-daemon.jsonl.gz')).toBeGreaterThan(1000)
  })

  test('about amounts that need 64 bits, scores included', async () => {
    expect(await agreesWith('scheduleOne-wide.jsonl.gz')).toBeGreaterThan(200)
  })
})

describe('the engine agrees with the slow scheduler', () => {
  const engine = OPS.find(({ name }) => name === 'scheduleOne')!

  test('about any small cluster: nodes, reasons, scores, message and victims', () => {
    fc.assert(
      fc.property(arbitraryCluster(), cluster => {
        fc.pre(crowd(cluster.pods) <= STABLE)
        const answer = canonical(engine.answer(cluster, { version: '1.36' }))
        expect(answer).toBe(canonical(askScheduleOne(cluster)))
      }),
      { numRuns: 800 },
    )
  })

  test('about clusters in which only resources decide', () => {
    fc.assert(
      fc.property(arbitraryCluster({ plain: true }), cluster => {
        fc.pre(crowd(cluster.pods) <= STABLE)
        const answer = canonical(engine.answer(cluster, { version: '1.36' }))
        expect(answer).toBe(canonical(askScheduleOne(cluster)))
      }),
      { numRuns: 500 },
    )
  })
})

/** Pods on the fullest node. */
function crowd(pods: readonly Pod[]): number {
  const counts = new Map<string, number>()
  for (const { spec } of pods) counts.set(spec.nodeName ?? '', (counts.get(spec.nodeName ?? '') ?? 0) + 1)
  return Math.max(0, ...counts.values())
}
