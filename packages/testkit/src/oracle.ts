import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { DEFAULT_VERSION } from '@everynode/engine'
import { canonical } from './canonical.ts'
import { type Case, readCase } from './cases.ts'
import { readLines } from './lines.ts'
import { Refusal } from './refusal.ts'

/** What the oracle's generator shall make. */
export interface Generation {
  /** Name of the generator: an op, or `scheduleOne-daemon`, `podRequests-wide` … */
  readonly generator: string
  readonly seed: number
  readonly count: number
}

/** How long the real code may think about one case; `silent` hears the lines of the cases to which it gave no answer, and why. */
export interface Patience {
  readonly seconds: number
  silent(line: string, why: string): void
}

/** Lines that are asked at once: few enough that all their answers come within the patience for one. */
const BATCH = 32

/**
 * Fresh cases with the real code's answers, streamed: generator and oracle wait when the reader does, and answer ahead of it by a batch.
 * A case on which the real code computes beyond the patience (10^999999999 in its quantity parser), or panics (`Lt 0` of a NodePool in
 * Karpenter), is left out, and said to `silent`.
 * Throws a Refusal where a line is no case, where the oracle ends early or answers fewer cases than asked.
 */
export async function* freshCases(
  oracle: string,
  { generator, seed, count }: Generation,
  patience: Patience,
): AsyncGenerator<Case> {
  const gen = start(oracle, ['gen', '-op', generator, '-seed', String(seed), '-count', String(count)])
  const asked = new Asking(oracle, [], patience)
  gen.process.stdin.end()
  let made = 0
  try {
    let ahead: Promise<readonly string[]> | undefined
    for await (const batch of batches(readLines(gen.process.stdout))) {
      made += batch.length
      const answers = await ahead
      ahead = asked.answersTo(batch)
      ahead.catch(() => undefined)
      yield* casesOf(answers ?? [], patience)
    }
    yield* casesOf((await ahead) ?? [], patience)
    await gen.ended
    if (made !== count) throw new Refusal(`the generator made ${made} of ${count} cases`)
  } finally {
    gen.process.kill()
    asked.end()
  }
}

const PANIC = /"error":"panic: /

function* casesOf(answers: readonly string[], patience: Patience): Generator<Case> {
  for (const line of answers) {
    if (PANIC.test(line)) patience.silent(line, 'panicked')
    else yield readCase(line, { op: undefined, version: DEFAULT_VERSION })
  }
}

/** The Karpenter oracle that answers each question many times, started when it is first asked. */
export class RepeatingOracle {
  readonly #asking: Asking

  constructor(oracle: string, times: number, patience: Patience) {
    this.#asking = new Asking(oracle, ['serve', '-bare', '-repeat', String(times)], patience)
  }

  /** The same case with every distinct answer, the one it had before among them. Throws a Refusal where the oracle does not answer. */
  async again(one: Case): Promise<Case> {
    const { id, op, input } = one
    const [line] = await this.#asking.answersTo([canonical({ id, op, input })])
    if (line === undefined) return one
    const { expect, alternatives = [] } = readCase(line, { op, version: one.version }, input)
    const distinct = new Map([one.expect, expect, ...alternatives].map(answer => [canonical(answer), answer]))
    const [first, ...others] = distinct.values()
    return others.length === 0 ? one : { ...one, expect: first, alternatives: others }
  }

  end(): void {
    this.#asking.end()
  }
}

async function* batches(lines: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let batch: string[] = []
  for await (const line of lines) {
    if (batch.push(line) < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** An oracle that is started anew where it fell silent. */
class Asking {
  readonly #binary: string
  readonly #args: readonly string[]
  readonly #patience: Patience
  #running: Running | undefined
  #answers: AsyncIterator<string> | undefined

  constructor(binary: string, args: readonly string[], patience: Patience) {
    this.#binary = binary
    this.#args = args
    this.#patience = patience
  }

  /** The answers to a batch. Where it takes too long, the lines are asked again one by one to find the one that does. */
  async answersTo(batch: readonly string[]): Promise<readonly string[]> {
    const together = await this.#ask(batch)
    if (together !== undefined || batch.length === 1) {
      if (together === undefined) this.#patience.silent(batch[0] ?? '', `gave no answer in ${this.#patience.seconds} s`)
      return together ?? []
    }
    const answers: string[] = []
    for (const line of batch) answers.push(...(await this.answersTo([line])))
    return answers
  }

  end(): void {
    this.#running?.process.kill()
    this.#running = undefined
  }

  /** Undefined, and the oracle ended, where an answer takes longer than the patience. */
  async #ask(lines: readonly string[]): Promise<readonly string[] | undefined> {
    this.#running ??= this.#begin()
    const { process, ended } = this.#running
    process.stdin.write(`${lines.join('\n')}\n`)
    const answers: string[] = []
    while (answers.length < lines.length) {
      const next = await within(this.#patience.seconds, this.#answers?.next())
      if (next === 'late') {
        this.end()
        return undefined
      }
      if (next?.done !== false) {
        await ended
        throw new Refusal(`the oracle answered ${answers.length} of ${lines.length} cases`)
      }
      answers.push(next.value)
    }
    return answers
  }

  #begin(): Running {
    const running = start(this.#binary, this.#args)
    this.#answers = readLines(running.process.stdout)[Symbol.asyncIterator]()
    return running
  }
}

async function within<T>(seconds: number, promise: Promise<T> | undefined): Promise<T | 'late' | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>(resolve => {
    timer = setTimeout(() => resolve('late'), seconds * 1000)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

interface Running {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>
  /** Settles when the process has ended; rejects with what it said where that was a failure. */
  readonly ended: Promise<void>
}

function start(binary: string, args: readonly string[]): Running {
  const child = spawn(binary, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let talk = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    talk = (talk + text).slice(-4000)
  })
  // A closed pipe shows as the end of the process, with its own words.
  child.stdin.on('error', () => undefined)
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Refusal(`oracle ${args.join(' ')} ended with ${code ?? signal}: ${talk.trim()}`))
    })
  })
  // It may end before anybody waits for it.
  ended.catch(() => undefined)
  return { process: child, ended }
}
