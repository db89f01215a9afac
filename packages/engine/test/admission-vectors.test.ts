import { join } from 'node:path'
import { OPS, readVectors, repositoryRoot, runCases } from '@everynode/testkit'
import { expect, test } from 'vitest'

const ops = new Map(OPS.filter(op => op.name.startsWith('admission')).map(op => [op.name, op]))

test.each([
  ['pod, DaemonSet and admission object', 'admission', 222],
  ['pod under plugins that are off by default', 'admissionPlugins', 1500],
])('every recorded %s is answered as the real API server answered', async (_, file, count) => {
  const path = join(repositoryRoot(), `testdata/vectors/kubernetes/${file}.jsonl.gz`)
  const differences: string[] = []
  const cases = readVectors(path, new Set(ops.keys()))
  const { tally, unknownOps } = await runCases(cases, { ops, show: 3, write: text => differences.push(text) })
  expect(differences).toEqual([])
  expect(unknownOps.size).toBe(0)
  expect(tally).toMatchObject({ passed: count, failed: 0, apart: 0 })
})
