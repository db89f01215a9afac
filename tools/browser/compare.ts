import { canonical } from '../../packages/testkit/src/canonical.ts'
import type { Case } from '../../packages/testkit/src/cases.ts'
import { compareAnswers } from '../../packages/testkit/src/compare.ts'
import { parseExact } from '../../packages/testkit/src/exact-json.ts'
import { firstDifference } from '../../packages/testkit/src/first-difference.ts'
import type { Tally } from '../../packages/testkit/src/run-cases.ts'
import { type Question, THREW } from './answers.ts'

/** Answers a batch of questions in their order. */
export type Ask = (questions: readonly Question[]) => Promise<readonly string[]>

/** A question, and the recorded answer where there is one. */
export interface Asked {
  readonly name: string
  readonly question: Question
  readonly recorded?: Pick<Case, 'op' | 'expect'>
}

export interface CompareOptions {
  readonly node: Ask
  readonly chromium: Ask
  /** How many differences are written in full; the rest is only counted. */
  readonly show: number
  write(lines: string): void
}

/** Characters of input that go to Chromium at once. */
const BATCH_LENGTH = 1_000_000

/** Asks both runtimes and compares their answers byte by byte, then with the recorded ones. */
export async function compareRuntimes(asked: AsyncIterable<Asked>, options: CompareOptions): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0, apart: 0 }
  for await (const batch of batches(asked)) {
    const questions = batch.map(({ question }) => question)
    const [chromium, node] = await Promise.all([options.chromium(questions), options.node(questions)])
    for (const [i, one] of batch.entries()) {
      const outcome = judge(one, node[i], chromium[i])
      tally[outcome.kind]++
      if (outcome.kind !== 'failed') continue
      if (tally.failed <= options.show) options.write(outcome.text)
      else if (tally.failed === options.show + 1) options.write('… further differences are only counted')
    }
  }
  return tally
}

async function* batches(asked: AsyncIterable<Asked>): AsyncGenerator<readonly Asked[]> {
  let batch: Asked[] = []
  let length = 0
  for await (const one of asked) {
    batch.push(one)
    length += JSON.stringify(one.question).length
    if (length < BATCH_LENGTH) continue
    yield batch
    batch = []
    length = 0
  }
  if (batch.length > 0) yield batch
}

type Outcome = { readonly kind: 'passed' | 'apart' } | { readonly kind: 'failed'; readonly text: string }

function judge(asked: Asked, node: string | undefined, chromium: string | undefined): Outcome {
  if (node === undefined || chromium === undefined)
    return failed(asked, [`${node === undefined ? 'Node' : 'Chromium'} gave no answer`])
  if (node !== chromium)
    return failed(asked, ['Chromium is not Node', `Node     ${node}`, `Chromium ${chromium}`, firstOf(node, chromium)])
  // Both may throw the same: that is no answer either.
  if (node.startsWith(THREW)) return failed(asked, [`both ${node}`])
  if (asked.recorded === undefined) return { kind: 'passed' }
  const { op, expect } = asked.recorded
  const got = parseExact(node)
  const comparison = compareAnswers(op, expect, got)
  if (comparison !== 'different') return { kind: comparison === 'equal' ? 'passed' : 'apart' }
  const place = `first at ${firstDifference(expect, got)}`
  return failed(asked, ['both differ from the recording', `recorded ${canonical(expect)}`, `both     ${node}`, place])
}

/** Where two texts part, as the path of a value if both are JSON of different values. */
function firstOf(node: string, chromium: string): string {
  if (!node.startsWith(THREW) && !chromium.startsWith(THREW)) {
    const [a, b] = [parseExact(node), parseExact(chromium)]
    if (canonical(a) !== canonical(b)) return `first at ${firstDifference(a, b)} (expected is Node)`
  }
  let at = 0
  while (node[at] === chromium[at]) at++
  return `first at character ${at + 1}`
}

function failed({ name, question }: Asked, [what, ...lines]: readonly string[]): Outcome {
  const details = question.kind === 'case' ? [`input    ${question.input}`, ...lines] : lines
  return { kind: 'failed', text: [`different: ${name}: ${what}`, ...details.map(line => `  ${line}`)].join('\n') }
}
