import { join } from 'node:path'
import { OPS, readVectors, repositoryRoot, runCases } from '@everynode/testkit'
import { expect, test } from 'vitest'

const ops = new Map(OPS.map(op => [op.name, op]))

test.each([
  'provision',
  'provision.2',
  'provision-1.13',
  'provision-wide',
  'upstream-daemonsets',
  'by-version/v1.14.1',
  'by-version/v1.15.0',
])(
  '%s answers every recorded case as the real Karpenter, and draws what it drew',
  async file => {
    const differences: string[] = []
    const path = join(repositoryRoot(), `testdata/vectors/karpenter/${file}.jsonl.gz`)
    const { tally, unknownOps } = await runCases(readVectors(path, new Set(ops.keys())), {
      ops,
      show: 3,
      write: text => differences.push(text),
    })
    expect(differences).toEqual([])
    expect(unknownOps.size).toBe(0)
    expect(tally.failed).toBe(0)
    expect(tally.passed).toBeGreaterThan(0)
  },
  120_000,
)
