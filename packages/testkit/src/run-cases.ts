import { canonical } from './canonical.ts'
import type { Case } from './cases.ts'
import { compareAnswers } from './compare.ts'
import { firstDifference } from './first-difference.ts'
import type { Op } from './ops/op.ts'

/** Seeds that an op is asked with at most to meet what the real code drew; the engine's default is one of them. */
const MOST_SEEDS = 500

/** Cases by outcome. */
export interface Tally {
  /** Equal, or of the drawn ones: every listed answer is one of the engine's. */
  passed: number
  failed: number
  /** Equal but for what the left-out list names. */
  apart: number
  /** Of the passed: the real code answers at random, and each answer that it gave is one of the engine's. Absent where there are none. */
  drawn?: number
}

/** What a run of cases came to. */
export interface RunResult {
  /** By the name under which the cases were fed: a file, a generator. */
  readonly tally: Tally
  /** Ops that no adapter answers, with the number of their cases. */
  readonly unknownOps: ReadonlyMap<string, number>
}

export interface RunOptions {
  readonly ops: ReadonlyMap<string, Op>
  /** How many differences are written in full; the rest is only counted. */
  readonly show: number
  write(lines: string): void
  /** Asks the real code again where an answer differs, to learn whether it draws lots; undefined where it can't be asked. */
  askAgain?(one: Case): Promise<Case>
}

type Outcome = { readonly kind: 'equal' | 'apart' | 'drawn' } | { readonly kind: 'different'; readonly text: string }

/** Asks the engine each case and compares; writes the first differences in full. */
export async function runCases(cases: AsyncIterable<Case>, options: RunOptions): Promise<RunResult> {
  const tally: Tally = { passed: 0, failed: 0, apart: 0 }
  const unknownOps = new Map<string, number>()
  for await (const one of cases) {
    const op = options.ops.get(one.op)
    if (op === undefined) {
      unknownOps.set(one.op, (unknownOps.get(one.op) ?? 0) + 1)
      continue
    }
    let outcome = check(one, op)
    if (outcome.kind === 'different' && options.askAgain !== undefined && op.drawsLots === true)
      outcome = check(await options.askAgain(one), op)
    if (outcome.kind === 'apart') tally.apart++
    else if (outcome.kind === 'different') {
      tally.failed++
      if (tally.failed <= options.show) options.write(outcome.text)
      else if (tally.failed === options.show + 1) options.write('… further differences are only counted')
    } else {
      tally.passed++
      if (outcome.kind === 'drawn') tally.drawn = (tally.drawn ?? 0) + 1
    }
  }
  return { tally, unknownOps }
}

function check(one: Case, op: Op): Outcome {
  try {
    return one.alternatives === undefined ? checkOne(one, op) : checkDrawn(one, one.alternatives, op)
  } catch (error) {
    return different(one, `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  }
}

function checkOne(one: Case, op: Op): Outcome {
  const got = answerOf(one, op, undefined)
  const comparison = compareAnswers(one.op, one.expect, got)
  if (comparison !== 'different') return { kind: comparison }
  return different(one, `${canonical(got)}\n  first at ${firstDifference(one.expect, got)}`)
}

/** Every answer that the real code gave must be among the engine's. */
function checkDrawn(one: Case, alternatives: readonly unknown[], op: Op): Outcome {
  let missing = [one.expect, ...alternatives]
  const listed = missing.length
  const met = new Map<string, unknown>()
  const seeds = op.drawsLots === true ? MOST_SEEDS : 1
  for (let seed = 0; seed < seeds; seed++) {
    const got = answerOf(one, op, seed === 0 ? undefined : seed)
    const text = canonical(got)
    if (met.has(text)) continue
    met.set(text, got)
    missing = missing.filter(answer => compareAnswers(one.op, answer, got) === 'different')
    if (missing.length === 0) return { kind: 'drawn' }
  }
  const first = [...met.values()][0]
  return different(
    { ...one, expect: missing[0] },
    [
      `${met.size} answers over ${seeds} seeds, but not ${missing.length} of the ${listed} that the real code drew`,
      `the default: ${canonical(first)}`,
      `first at ${firstDifference(missing[0], first)}`,
    ].join('\n  '),
  )
}

function answerOf({ input, version, karpenterVersion, expect }: Case, op: Op, seed: number | undefined): unknown {
  return op.answer(input, { version, karpenterVersion, seed, expect })
}

function different(one: Case, got: string): Outcome {
  const version = one.karpenterVersion === undefined ? one.version : `karpenter ${one.karpenterVersion}`
  const text = [
    `different: ${one.id} (${one.op}, ${version})`,
    `  input    ${canonical(one.input)}`,
    `  expected ${canonical(one.expect)}`,
    `  got      ${got}`,
  ].join('\n')
  return { kind: 'different', text }
}
