import { canonical } from './canonical.ts'
import type { Case } from './cases.ts'
import { compareAnswers } from './compare.ts'
import { firstDifference } from './first-difference.ts'
import type { Op } from './ops/op.ts'

/** Cases by outcome; `apart` are equal but for what the left-out list names. */
export interface Tally {
  passed: number
  failed: number
  apart: number
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
}

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
    const difference = check(one, op)
    if (difference === undefined) tally.passed++
    else if (difference === 'apart') tally.apart++
    else {
      tally.failed++
      if (tally.failed <= options.show) options.write(difference)
      else if (tally.failed === options.show + 1) options.write('… further differences are only counted')
    }
  }
  return { tally, unknownOps }
}

/** Nothing if the answer is the expected one, otherwise the difference as text. */
function check(one: Case, op: Op): string | 'apart' | undefined {
  let got: unknown
  try {
    got = op.answer(one.input, { version: one.version, expect: one.expect })
    const comparison = compareAnswers(one.op, one.expect, got)
    if (comparison !== 'different') return comparison === 'equal' ? undefined : comparison
  } catch (error) {
    return describe(one, `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  }
  return describe(one, `${canonical(got)}\n  first at ${firstDifference(one.expect, got)}`)
}

function describe(one: Case, got: string): string {
  return [
    `different: ${one.id} (${one.op}, ${one.version})`,
    `  input    ${canonical(one.input)}`,
    `  expected ${canonical(one.expect)}`,
    `  got      ${got}`,
  ].join('\n')
}
