import { join } from 'node:path'
import { OPS, readVectors, repositoryRoot, runCases } from '@everynode/testkit'
import { expect, test } from 'vitest'

const ops = new Map(OPS.map(op => [op.name, op]))

test('disruption answers every recorded case as the real Karpenter, and draws what it drew', async () => {
  const differences: string[] = []
  const path = join(repositoryRoot(), 'testdata/vectors/karpenter/disrupt.jsonl.gz')
  const { tally, unknownOps } = await runCases(readVectors(path, new Set(ops.keys())), {
    ops,
    show: 3,
    write: text => differences.push(text),
  })
  expect(differences).toEqual([])
  expect(unknownOps.size).toBe(0)
  expect(tally).toMatchObject({ failed: 0, apart: 0 })
  expect(tally.passed).toBeGreaterThan(0)
}, 60_000)
