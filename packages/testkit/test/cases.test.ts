import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Case } from '../src/cases.ts'
import { compareAnswers } from '../src/compare.ts'
import { familyOf } from '../src/families.ts'
import { firstDifference } from '../src/first-difference.ts'
import { readLines } from '../src/lines.ts'
import type { OpContext } from '../src/ops/op.ts'
import { Refusal } from '../src/refusal.ts'
import { runCases } from '../src/run-cases.ts'
import { opOfFile, readVectors, vectorFiles } from '../src/vectors.ts'

const OPS = new Set(['quantity', 'podRequests'])
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'everynode-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

function file(name: string, content: string | Uint8Array): string {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

describe('lines', () => {
  test('are the same however the bytes are cut', async () => {
    const bytes = new TextEncoder().encode('a\nß…\n\n{"x":"\u2028"}\nlast')
    for (let size = 1; size <= bytes.length; size++) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      )
      expect(await collect(readLines(chunks as unknown as AsyncIterable<Uint8Array>))).toEqual([
        'a',
        'ß…',
        '',
        '{"x":"\u2028"}',
        'last',
      ])
    }
  })
})

describe('vectors', () => {
  const line = '{"id":"a","oracle":"kubernetes v1.34.4","input":{"text":"1"},"expect":{"valid":true}}\n'

  test('are read from plain and packed files alike, with the op that the name says and the version of the oracle', async () => {
    const read = { id: 'a', op: 'podRequests', version: '1.34', input: { text: '1' }, expect: { valid: true } }
    expect(await collect(readVectors(file('podRequests-wide.jsonl', line), OPS))).toEqual([read])
    expect(await collect(readVectors(file('podRequests-wide.jsonl.gz', gzipSync(line)), OPS))).toEqual([read])
  })

  test('of Karpenter name its version, and the other answers that it gave', async () => {
    const question = '"op":"provision","input":{},"expect":1'
    const read = { op: 'provision', version: '1.36', input: {}, expect: 1 }
    const lines = [
      `{"id":"a","oracle":"karpenter v1.14.1",${question}}`,
      `{"id":"b","oracle":"karpenter v1.15.0",${question},"alternatives":[2,3]}`,
    ]
    expect(await collect(readVectors(file('k/provision.2.jsonl', lines.join('\n')), OPS))).toEqual([
      { id: 'a', karpenterVersion: '1.14', ...read },
      { id: 'b', karpenterVersion: '1.15', ...read, alternatives: [2, 3] },
    ])
  })

  test("of the AWS provider's allocatable ask for the families of a name", async () => {
    const families = { AL2023: { allocatable: { cpu: '0.94' } } }
    const line = { name: 'a1.medium', oracle: 'karpenter-provider-aws v1.14.1', families }
    const ops = new Set(['aws-allocatable'])
    expect(await collect(readVectors(file('k/aws-allocatable.jsonl', JSON.stringify(line)), ops))).toEqual([
      {
        id: 'a1.medium',
        op: 'aws-allocatable',
        version: '1.36',
        karpenterVersion: '1.14',
        input: { name: 'a1.medium' },
        expect: families,
      },
    ])
  })

  test('are found in folders by their ending', () => {
    file('README.md', 'no vectors')
    rmSync(join(folder, 'k'), { recursive: true })
    expect(vectorFiles([folder]).map(path => path.slice(folder.length + 1))).toEqual([
      'podRequests-wide.jsonl',
      'podRequests-wide.jsonl.gz',
    ])
  })

  test.each([
    ['cut.jsonl.gz', gzipSync(line.repeat(500)).subarray(0, 60)],
    ['bytes.jsonl', new Uint8Array([0x7b, 0xff, 0x7d, 10])],
    ['text.jsonl', 'not json\n'],
    ['refused.jsonl', '{"id":"a","op":"quantity","error":"unknown field"}\n'],
    ['version.jsonl', line.replace('v1.34.4', 'v1.12.0')],
    ['karpenter-version.jsonl', line.replace('kubernetes v1.34.4', 'karpenter v1.12.1')],
    ['alternatives.jsonl', line.replace('"expect"', '"alternatives":[],"expect"')],
    ['expect.jsonl', '{"id":"a","op":"quantity","input":{}}\n'],
  ])('that are unreadable are refused with their place: %s', async (name, content) => {
    await expect(collect(readVectors(file(name, content), OPS))).rejects.toThrow(Refusal)
    await expect(collect(readVectors(file(name, content), OPS))).rejects.toThrow(name)
  })

  test('without op take the longest known beginning of the name', () => {
    expect(opOfFile('x/quantity.jsonl', OPS)).toBe('quantity')
    expect(opOfFile('podRequests-wide.jsonl.gz', OPS)).toBe('podRequests')
    expect(opOfFile('unknown-wide.jsonl', OPS)).toBe('unknown')
  })
})

describe('a family', () => {
  test('is told by the name of an op or of a generator', () => {
    expect(['provision', 'provision-wide', 'sort', 'aws-allocatable'].map(familyOf)).toEqual(Array(4).fill('karpenter'))
    expect(['scheduleOne-daemon', 'quantity', 'sorted'].map(familyOf)).toEqual(Array(3).fill('kubernetes'))
  })
})

describe('comparison', () => {
  test('ignores the order of keys and nothing else', () => {
    expect(compareAnswers('quantity', { a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe('equal')
    expect(compareAnswers('quantity', { a: [1, 2] }, { a: [2, 1] })).toBe('different')
    expect(compareAnswers('quantity', { a: 1 }, { a: 1, b: false })).toBe('different')
    expect(compareAnswers('quantity', { a: 9007199254740993n }, { a: 9007199254740992n })).toBe('different')
  })

  test('leaves out of yaml only what the order of a map decides', () => {
    const expected = { documents: [{ '1': true }], random: true, valid: true }
    expect(compareAnswers('yaml', expected, { ...expected, documents: [{ '1': false }] })).toBe('apart')
    expect(compareAnswers('yaml', expected, { ...expected, valid: false })).toBe('different')
    expect(compareAnswers('yaml', { documents: [1] }, { documents: [2] })).toBe('different')
    expect(compareAnswers('yaml', { documents: [1] }, { documents: [2], random: true })).toBe('different')
  })

  test("leaves out of Karpenter's claims only the fields that its flag names, claim by claim", () => {
    const flagged = { pods: ['a'], random: ['Q2'] }
    const provision = (...newNodeClaims: readonly unknown[]) => ({ newNodeClaims, errors: {} })
    const compare = (expect: unknown, got: unknown) => compareAnswers('provision', expect, got)
    expect(compare(provision(flagged), provision({ ...flagged, requests: { cpu: '1' }, launch: {} }))).toBe('apart')
    expect(compare(provision(flagged), provision({ pods: ['a'], requests: { cpu: '1' } }))).toBe('different')
    expect(compare(provision(flagged), provision({ ...flagged, pods: ['b'] }))).toBe('different')
    expect(compare(provision(flagged), provision(flagged, flagged))).toBe('different')
    expect(compare(provision(flagged, flagged), provision(flagged))).toBe('different')
    expect(compare(provision({ pods: [] }), provision({ pods: [], requests: {} }))).toBe('different')
    expect(compare({ newNodeClaims: 1 }, provision(flagged))).toBe('different')
    const disrupt = (claim: unknown) => ({ methods: { multi: { commands: [{ replacements: [claim] }] } } })
    expect(compareAnswers('disrupt', disrupt(flagged), disrupt({ ...flagged, requests: {} }))).toBe('apart')
    expect(compareAnswers('disrupt', disrupt({}), disrupt({ requests: {} }))).toBe('different')
    expect(compareAnswers('disrupt', { methods: 1 }, disrupt(flagged))).toBe('different')
  })

  test('names the first place that differs', () => {
    expect(firstDifference({ nodes: [{ code: 'Fits' }] }, { nodes: [{}] })).toBe(
      '.nodes[0].code: expected "Fits", got nothing',
    )
  })
})

describe('a run', () => {
  async function* cases(...answers: readonly number[]): AsyncGenerator<Case> {
    for (const expect of answers) yield { id: `c${expect}`, op: 'double', version: '1.36', input: 2, expect }
    yield { id: 'u', op: 'other', version: '1.36', input: 2, expect: 0 }
  }

  test('counts, writes the first differences in full and takes a crash for one', async () => {
    const double = {
      name: 'double',
      answer: (input: unknown) => {
        if (typeof input !== 'number') throw new Error('no number')
        return input * 2
      },
    }
    const written: string[] = []
    const options = { show: 1, write: (lines: string) => void written.push(lines) }
    const result = await runCases(cases(4, 5, 6), { ...options, ops: new Map([['double', double]]) })
    expect(result).toEqual({ tally: { passed: 1, failed: 2, apart: 0 }, unknownOps: new Map([['other', 1]]) })
    expect(written).toHaveLength(2)
    expect(written[0]).toContain('different: c5 (double, 1.36)')
    expect(written[0]).toContain('expected 5\n  got      4')
    const crashed = await runCases(cases(4), {
      ...options,
      ops: new Map([['double', { name: 'double', answer: () => double.answer('x') }]]),
    })
    expect(crashed.tally.failed).toBe(1)
  })

  describe('of an op whose real code draws lots', () => {
    const dice = { name: 'dice', drawsLots: true as const, answer: (_: unknown, { seed = 0 }: OpContext) => seed % 6 }
    const written: string[] = []
    const options = { ops: new Map([['dice', dice]]), show: 1, write: (lines: string) => void written.push(lines) }

    async function* rolls(...answers: readonly (readonly [number, ...number[]])[]): AsyncGenerator<Case> {
      for (const [expect, ...alternatives] of answers) {
        const drawn = alternatives.length > 0 && { alternatives }
        yield { id: 'd', op: 'dice', version: '1.36', karpenterVersion: '1.14', input: 6, expect, ...drawn }
      }
    }

    test("passes when every listed answer is among the engine's, its default listed or not", async () => {
      const { tally } = await runCases(rolls([0], [1, 2, 3, 4, 5], [0, 1]), options)
      expect(tally).toEqual({ passed: 3, failed: 0, apart: 0, drawn: 2 })
    })

    test('fails when one is not, or when it was never seen to draw', async () => {
      const { tally } = await runCases(rolls([1, 6], [1]), options)
      expect(tally).toEqual({ passed: 0, failed: 2, apart: 0 })
      expect(written[0]).toContain('6 answers over 500 seeds, but not 1 of the 2 that the real code drew')
    })

    test('asks the real code again only where the answer differs', async () => {
      const asked: unknown[] = []
      const askAgain = async (one: Case): Promise<Case> => {
        asked.push(one.expect)
        return one.expect === 3 ? { ...one, expect: 1, alternatives: [3] } : one
      }
      const { tally } = await runCases(rolls([0], [3], [4]), { ...options, askAgain })
      expect(asked).toEqual([3, 4])
      expect(tally).toEqual({ passed: 2, failed: 1, apart: 0, drawn: 1 })
    })
  })
})
