// npm run fuzz-dumps -- --count N --seed S [--only NUMBER]: recorded clusters with some of their parts changed are read and questioned.
// Exit 1: a crash, or one that takes longer than 5 s, or fewer than 60 % of the mutants still parse.
import { parseArgs } from 'node:util'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { type ClusterDump, cover } from '@everynode/engine'
import { type LoadedDump, loadCluster } from '@everynode/source'
import { type Mutant, mutantOf, recordedDumps } from '@everynode/testkit'
import { open, wholeNumber } from './door.ts'

const MAX_SECONDS = 5
const LEAST_SHARE = 0.6

/** What is asked of every dump that a mutant gives; an exception is a crash. */
const QUESTIONS: readonly ((dump: ClusterDump) => unknown)[] = [dump => JSON.stringify(cover(dump))]

/** Texts that no parser could read to their end. */
const SYNTAX = /^(?:json-|yaml-)/

interface Task {
  readonly count: number
  readonly seed: number
  readonly first: number
  /** Cells: [number of the mutant at work, mutants done]. */
  readonly progress: SharedArrayBuffer
}

type Said =
  | { readonly kind: 'crash'; readonly number: number; readonly text: string }
  | { readonly kind: 'done'; readonly parsed: number; readonly asked: number; readonly slowest: number }

if (isMainThread) await open(main)
else await work(workerData as Task)

async function main(argv: readonly string[]): Promise<number> {
  const options = {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  } as const
  const { values } = parseArgs({ args: [...argv], options })
  const seed = wholeNumber('seed', values.seed, 0, 2 ** 31 - 1)
  const only = values.only === undefined ? undefined : wholeNumber('only', values.only, 0, 2 ** 31 - 1)
  const count = only === undefined ? wholeNumber('count', values.count, 1, 2 ** 31 - 1) : 1
  let first = only ?? 0
  const end = first + count
  const sum = { crashes: 0, slow: 0, parsed: 0, asked: 0, slowest: 0 }
  while (first < end) {
    const stuck = await runFrom({ count: end - first, seed, first, progress: new SharedArrayBuffer(8) }, sum)
    if (stuck === undefined) break
    sum.slow++
    console.log(`mutant ${stuck} takes longer than ${MAX_SECONDS} s; again: --seed ${seed} --only ${stuck}`)
    first = stuck + 1
  }
  const share = sum.parsed / count
  console.log(
    `fuzz-dumps: ${count} mutants, ${(100 * share).toFixed(1)} % still parse (floor ${100 * LEAST_SHARE} %), ` +
      `${sum.asked} gave objects, ${sum.crashes} crashes, ${sum.slow} longer than ${MAX_SECONDS} s, slowest ${sum.slowest.toFixed(2)} s`,
  )
  return sum.crashes + sum.slow > 0 || share < LEAST_SHARE ? 1 : 0
}

interface Totals {
  crashes: number
  slow: number
  parsed: number
  asked: number
  slowest: number
}

/** Answers the number of the mutant that does not end, if there is one. A thread of its own can be stopped. */
function runFrom(task: Task, sum: Totals): Promise<number | undefined> {
  const script = process.argv[1]
  if (script === undefined) throw new Error('the door does not know its own file')
  const progress = new Int32Array(task.progress)
  const worker = new Worker(script, { workerData: task })
  return new Promise((resolve, reject) => {
    let last = -1
    let since = Date.now()
    const watch = setInterval(() => {
      const done = Atomics.load(progress, 1)
      if (done !== last) {
        last = done
        since = Date.now()
      } else if (Date.now() - since > MAX_SECONDS * 1000) {
        const stuck = Atomics.load(progress, 0)
        worker.terminate().then(() => resolve(stuck), reject)
      }
    }, 200)
    worker.on('message', (said: Said) => {
      if (said.kind === 'crash') {
        sum.crashes++
        console.log(`mutant ${said.number}: ${said.text}\n  again: --seed ${task.seed} --only ${said.number}`)
      } else {
        sum.parsed += said.parsed
        sum.asked += said.asked
        sum.slowest = Math.max(sum.slowest, said.slowest)
      }
    })
    worker.on('error', reject)
    worker.on('exit', () => {
      clearInterval(watch)
      resolve(undefined)
    })
  })
}

async function work(task: Task): Promise<void> {
  const { parentPort } = await import('node:worker_threads')
  const say = (said: Said) => parentPort?.postMessage(said)
  const progress = new Int32Array(task.progress)
  const dumps = recordedDumps()
  for (let number = task.first; number < task.first + task.count; number++) {
    Atomics.store(progress, 0, number)
    const began = performance.now()
    let parsed = 0
    let asked = 0
    try {
      const loaded = await loadCluster([inputOf(mutantOf(dumps, task.seed, number))])
      if (!loaded.diagnostics.some(({ code }) => SYNTAX.test(code))) parsed = 1
      if (hasObjects(loaded)) asked = 1
      for (const question of QUESTIONS) question(loaded.dump)
    } catch (error) {
      say({ kind: 'crash', number, text: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
    say({ kind: 'done', parsed, asked, slowest: (performance.now() - began) / 1000 })
    Atomics.add(progress, 1, 1)
  }
}

function hasObjects({ dump }: LoadedDump): boolean {
  return Object.values(dump).some(list => Array.isArray(list) && list.length > 0)
}

function inputOf({ bytes, chunkSize }: Mutant) {
  return {
    name: 'mutant',
    chunks: (async function* () {
      for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize)
    })(),
  }
}
