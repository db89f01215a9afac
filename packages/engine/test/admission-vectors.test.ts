import { join } from 'node:path'
import { OPS, readVectors, repositoryRoot, runCases } from '@everynode/testkit'
import { expect, test } from 'vitest'

const ops = new Map(OPS.filter(op => op.name === 'admission').map(op => [op.name, op]))
const path = join(repositoryRoot(), 'testdata/vectors/kubernetes/admission.jsonl.gz')

test('every recorded pod, DaemonSet and admission object is answered as the real API server answered', async () => {
  const differences: string[] = []
  const cases = readVectors(path, new Set(ops.keys()))
  const { tally, unknownOps } = await runCases(cases, { ops, show: 3, write: text => differences.push(text) })
  expect(differences).toEqual([])
  expect(unknownOps.size).toBe(0)
  expect(tally).toMatchObject({ passed: 222, failed: 0, apart: 0 })
})
