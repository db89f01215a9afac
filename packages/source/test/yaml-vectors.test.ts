import { join } from 'node:path'
import { OPS, readVectors, repositoryRoot, runCases } from '@everynode/testkit'
import { expect, test } from 'vitest'

test('a file is read as kubectl reads it, in every recorded case', async () => {
  const ops = new Map(OPS.map(op => [op.name, op]))
  const differences: string[] = []
  const cases = readVectors(join(repositoryRoot(), 'testdata/vectors/kubernetes/yaml.jsonl.gz'), new Set(ops.keys()))
  const { tally } = await runCases(cases, { ops, show: 3, write: text => differences.push(text) })
  expect(differences).toEqual([])
  expect(tally.failed).toBe(0)
  expect(tally.passed).toBeGreaterThan(700)
})
