// npm test [-- --seed S --count N]: unit tests, recordings, the demo, Chromium, and fresh cases from the real code, each in its own process.
// What this machine can't have is skipped with one loud line; with CI=true that is a failure. Last line: the sum.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
// Not by the package: this must run, and fail, even where the rest of the sources can't be bundled.
import { repositoryRoot } from '../packages/testkit/src/repository.ts'
import { type Counts, countsOf, runPart } from './part.ts'
import { GENERATORS, KARPENTER_GENERATORS, VECTOR_FILES, VECTOR_FOLDERS } from './scope.ts'

const ROOT = repositoryRoot()
const UNIT_REPORT = 'build/unit.json'
/** Exit code of the doors `oracle` and `browser` where this machine can't have what they need. */
const NOT_HAD = 3
const IN_CI = process.env['CI'] === 'true'

const options = { seed: { type: 'string' }, count: { type: 'string', default: '500' } } as const
const { values } = parseArgs({ options })
const seed = values.seed ?? seedOfCommit()
const results: { readonly name: string; readonly counts: Counts; readonly seconds: string }[] = []

process.chdir(ROOT)
await part('unit', unit)
await part('vectors', () => door('vectors', ...VECTOR_FILES))
console.log(`not yet in scope: ${notInScope().join(', ')}`)
await part('rollouts', () => door('rollouts', 'testdata/rollouts'))
await part('demo', demo)
await part('browser', browser)
console.log('\n== oracles')
const kubernetesOracle = await runPart(['tools/run.mjs', 'oracle'])
const karpenterOracle =
  KARPENTER_GENERATORS.length > 0 ? await runPart(['tools/run.mjs', 'oracle', 'karpenter']) : kubernetesOracle
for (const generator of GENERATORS) await part(`fuzz ${generator}`, () => fuzz(generator))

console.log('')
for (const { name, counts, seconds } of results) console.log(`${name}: ${textOf(counts)} in ${seconds} s`)
const sum = results.map(({ counts }) => counts).reduce(added)
console.log(textOf(sum))
process.exitCode = sum.failed > 0 ? 1 : 0

async function part(name: string, run: () => Promise<Counts>): Promise<void> {
  console.log(`\n== ${name}`)
  const started = Date.now()
  const { passed, failed, skipped } = await run()
  const counts = IN_CI ? { passed, failed: failed + skipped, skipped: 0 } : { passed, failed, skipped }
  results.push({ name, counts, seconds: ((Date.now() - started) / 1000).toFixed(1) })
}

function added(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }
}

function textOf({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`
}

async function door(name: string, ...args: readonly string[]): Promise<Counts> {
  return countsOf(await runPart(['tools/run.mjs', name, ...args]))
}

async function fuzz(generator: string): Promise<Counts> {
  const oracle = KARPENTER_GENERATORS.includes(generator) ? karpenterOracle : kubernetesOracle
  if (oracle.code === 0) return await door('fuzz', '--op', generator, '--count', values.count, '--seed', seed)
  if (oracle.code !== NOT_HAD) return { passed: 0, failed: 1, skipped: 0 }
  console.log(`SKIPPED: fuzz ${generator}: the oracle can't be had on this machine (above)`)
  return { passed: 0, failed: 0, skipped: 1 }
}

async function browser(): Promise<Counts> {
  const result = await runPart(['tools/run.mjs', 'browser'])
  // The door has said why.
  return result.code === NOT_HAD ? { passed: 0, failed: 0, skipped: 1 } : countsOf(result)
}

/** The demo ends well, and covers more nodes at its end than at its beginning. */
async function demo(): Promise<Counts> {
  const { code, last } = await runPart(['tools/run.mjs', 'demo'], { quiet: true })
  const covered = /^demo: (\d+) of (\d+) → \2 of \2 nodes covered$/.exec(last)
  const ok = code === 0 && covered !== null && Number(covered[1]) < Number(covered[2])
  console.log(ok ? last : `the demo ended with ${code} and the line: ${last}`)
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }
}

interface UnitReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

async function unit(): Promise<Counts> {
  rmSync(UNIT_REPORT, { force: true })
  mkdirSync('build', { recursive: true })
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${UNIT_REPORT}`]
  const { code } = await runPart(['node_modules/vitest/vitest.mjs', 'run', ...reporters])
  let report: UnitReport
  try {
    report = JSON.parse(readFileSync(UNIT_REPORT, 'utf8')) as UnitReport
  } catch {
    console.error('error: vitest left no report')
    return { passed: 0, failed: 1, skipped: 0 }
  }
  const failedTests = (file: UnitReport['testResults'][number]): boolean =>
    file.assertionResults.some(test => test.status === 'failed')
  // A file that can't even be loaded has no tests that could fail.
  const unloaded = report.testResults.filter(file => file.status === 'failed' && !failedTests(file)).length
  const failed = report.numFailedTests + unloaded
  return {
    passed: report.numPassedTests,
    failed: code === 0 ? failed : Math.max(failed, 1),
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** Recordings that the engine does not answer yet. */
function notInScope(): readonly string[] {
  const files = VECTOR_FOLDERS.flatMap(folder => readdirSync(join(ROOT, folder)).map(name => `${folder}/${name}`))
  return files.filter(file => file.endsWith('.jsonl.gz') && !VECTOR_FILES.includes(file)).map(file => basename(file))
}

/** The same commit gets the same cases, the next one others. */
function seedOfCommit(): string {
  try {
    return String(
      Number.parseInt(execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).slice(0, 7), 16),
    )
  } catch {
    return String(Math.floor(Date.now() / 1000) % 2 ** 31)
  }
}
