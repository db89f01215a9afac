import { join } from 'node:path'
import { OPS, readVectors, repositoryRoot, runCases } from '@everynode/testkit'
import { expect, test } from 'vitest'

const ops = new Map(OPS.map(op => [op.name, op]))
const FILES = ['quantity', 'taints', 'nodeAffinity', 'labelSelector', 'podRequests', 'podRequests-wide', 'daemonSet']

test.each(FILES)('%s answers every recorded case as the real code', async file => {
  const differences: string[] = []
  const cases = readVectors(join(repositoryRoot(), `testdata/vectors/kubernetes/${file}.jsonl.gz`), new Set(ops.keys()))
  const { tally, unknownOps } = await runCases(cases, { ops, show: 3, write: text => differences.push(text) })
  expect(differences).toEqual([])
  expect(unknownOps.size).toBe(0)
  expect(tally).toMatchObject({ failed: 0, apart: 0 })
  expect(tally.passed).toBeGreaterThan(0)
})

test.each(['v1.34.4', 'v1.37.2'])('%s answers differently where it is recorded to', async version => {
  const path = join(repositoryRoot(), `testdata/vectors/kubernetes/by-version/${version}.jsonl.gz`)
  const own = new Map([...ops].filter(([name]) => ['nodeAffinity', 'labelSelector', 'podRequests'].includes(name)))
  const differences: string[] = []
  const { tally } = await runCases(readVectors(path, new Set(ops.keys())), {
    ops: own,
    show: 3,
    write: text => differences.push(text),
  })
  expect(differences).toEqual([])
  expect(tally.passed).toBeGreaterThan(0)
})
