// npm run browser -- [--all] [--show N] [PATH…]: the same questions to Node and to a worker in headless Chromium, bytes compared.
// Without PATH: the vectors in scope and stories. Exit 1: a difference; 2: no cases, or an unreadable line; 3: there is no Chromium.
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { canonical, findStories, OPS, readStory, readVectors, repositoryRoot, vectorFiles } from '@everynode/testkit'
import { answer, type Question } from './browser/answers.ts'
import { findChromium, NoChromium } from './browser/chromium.ts'
import { type Asked, compareRuntimes } from './browser/compare.ts'
import { AnsweringPage } from './browser/page.ts'
import { workerScript } from './browser/worker-script.ts'
import { open, wholeNumber } from './door.ts'
import { VECTOR_FILES } from './scope.ts'
import { Sum } from './sum.ts'

const NOT_HAD = 3
/** Without `--all`, one case of so many, the first of each file among them. */
const EVERY = 3
/** Of the recorded stories: full nodes, a quota, and many kinds of nodes at once. */
const STORIES = ['seed-problem', 'quota-stops', 'large-mixed-plain']
const SEED = 1

await open(async argv => {
  const options = { all: { type: 'boolean', default: false }, show: { type: 'string', default: '3' } } as const
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true })
  const show = wholeNumber('show', values.show, 0, 1_000_000)
  const every = values.all ? 1 : EVERY
  const testdata = join(repositoryRoot(), 'testdata')
  const inScope = VECTOR_FILES.map(file => join(repositoryRoot(), file))

  const script = await workerScript()
  let page: AnsweringPage
  try {
    page = await AnsweringPage.open(findChromium(console.error), script)
  } catch (error) {
    if (!(error instanceof NoChromium)) throw error
    console.log(`SKIPPED: browser: ${error.message}`)
    return NOT_HAD
  }
  const sum = new Sum()
  try {
    console.log(
      `Chromium ${page.version} beside Node ${process.version}, ${every === 1 ? 'all cases' : `every ${every}rd case`}`,
    )
    const runtimes = {
      node: answerInNode,
      chromium: (batch: readonly Question[]) => page.ask(batch),
      show,
      write: console.log,
    }
    for (const file of vectorFiles(positionals.length === 0 ? inScope : positionals)) {
      const unknownOps = new Map<string, number>()
      const tally = await compareRuntimes(casesOf(file, every, unknownOps), runtimes)
      sum.add(relative('.', file), tally, unknownOps)
    }
    if (positionals.length === 0)
      sum.add('stories', await compareRuntimes(questionsOf(join(testdata, 'rollouts')), runtimes), new Map())
    for (const address of page.requests) console.log(`different: Chromium asked for ${address}`)
    sum.add('requests', { passed: 0, failed: page.requests.length, apart: 0 }, new Map())
  } finally {
    await page.close()
  }
  return sum.end('browser')
})

async function answerInNode(questions: readonly Question[]): Promise<readonly string[]> {
  const answers: string[] = []
  for (const question of questions) answers.push(await answer(question))
  return answers
}

async function* casesOf(file: string, every: number, unknownOps: Map<string, number>): AsyncGenerator<Asked> {
  const ops = new Set(OPS.map(({ name }) => name))
  let index = 0
  for await (const { id, op, version, karpenterVersion, input, expect, alternatives } of readVectors(file, ops)) {
    if (index++ % every !== 0) continue
    if (!ops.has(op)) unknownOps.set(op, (unknownOps.get(op) ?? 0) + 1)
    else {
      const versions = { version, ...(karpenterVersion !== undefined && { karpenterVersion }) }
      const question: Question = { kind: 'case', op, ...versions, input: canonical(input) }
      const name = `${id} (${op}, ${karpenterVersion === undefined ? version : `karpenter ${karpenterVersion}`})`
      // Where the real code draws lots the engine's default need not be among the answers that were recorded.
      yield { name, question, ...(alternatives === undefined && { recorded: { op, expect } }) }
    }
  }
}

/** Of each story: why, from the bytes of its file, and one forecast. */
async function* questionsOf(rollouts: string): AsyncGenerator<Asked> {
  const latencies = JSON.stringify(findStories(rollouts).latencies)
  for (const name of STORIES) {
    const folder = join(rollouts, name)
    const base64 = readFileSync(join(folder, 'cluster-before.json.gz')).toString('base64')
    yield { name: `cover of ${name}`, question: { kind: 'cover', name, base64 } }
    const story = readStory(folder)
    const [cluster, changes] = [JSON.stringify(story.cluster), JSON.stringify(story.changes)]
    yield { name: `forecast of ${name}`, question: { kind: 'forecast', name, cluster, changes, latencies, seed: SEED } }
  }
}
