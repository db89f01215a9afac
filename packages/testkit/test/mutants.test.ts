import { loadCluster } from '@everynode/source'
import { describe, expect, test } from 'vitest'
import { mutantOf } from '../src/mutants/mutants.ts'
import { recordedDumps } from '../src/mutants/recorded.ts'

const COUNT = 500
const SEED = 77

describe('recorded clusters with some of their parts changed', () => {
  const dumps = recordedDumps()

  test(`load without a crash, ${COUNT} of them, and most still parse`, async () => {
    let parsed = 0
    for (let number = 0; number < COUNT; number++) {
      const { bytes } = mutantOf(dumps, SEED, number)
      const began = performance.now()
      const { dump, diagnostics, ignored } = await loadCluster([{ name: `mutant ${number}`, chunks: once(bytes) }])
      expect(performance.now() - began).toBeLessThan(5000)
      const objects = Object.values(dump).filter(Array.isArray).flat().length
      // Nothing is lost in silence: what gives no object gives a diagnostic or is counted.
      expect(objects + diagnostics.length + ignored.size).toBeGreaterThan(0)
      if (!diagnostics.some(({ code }) => /^(?:json-|yaml-)/.test(code))) parsed++
    }
    expect(parsed / COUNT).toBeGreaterThanOrEqual(0.6)
  })

  test('are the same for the same seed', () => {
    expect(mutantOf(dumps, SEED, 3)).toEqual(mutantOf(dumps, SEED, 3))
    expect(mutantOf(dumps, SEED, 3)).not.toEqual(mutantOf(dumps, SEED + 1, 3))
  })
})

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
