import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { DEFAULT_VERSION } from '@everynode/engine'
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

/**
 * Fresh cases with the real code's answers, streamed: generator and oracle wait when the reader does.
 * Throws a Refusal where a line is no case, where the oracle ends early or answers fewer cases than asked.
 */
export async function* freshCases(oracle: string, { generator, seed, count }: Generation): AsyncGenerator<Case> {
  const gen = start(oracle, ['gen', '-op', generator, '-seed', String(seed), '-count', String(count)])
  const answering = start(oracle, [])
  gen.process.stdin.end()
  const feeding = pipeline(gen.process.stdout, answering.process.stdin)
  feeding.catch(() => undefined)
  let answered = 0
  try {
    for await (const line of readLines(answering.process.stdout)) {
      answered++
      yield readCase(line, { op: undefined, version: DEFAULT_VERSION })
    }
    await Promise.all([gen.ended, answering.ended])
    await feeding
    if (answered !== count) throw new Refusal(`the oracle answered ${answered} of ${count} cases`)
  } finally {
    gen.process.kill()
    answering.process.kill()
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
