// npm test [-- --seed S --count N]: unit tests, recorded vectors, rollouts, the demo, and fresh cases from the real code, each in a process of its own.
// What this machine can't have is skipped with one loud line; with CI=true that is a failure. Last line: the sum.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from './bundle.mjs'
import { countsOf, runPart } from './part.mjs'
import { GENERATORS, VECTORS } from './scope.mjs'

const VECTOR_FOLDER = 'testdata/vectors/kubernetes'
const UNIT_REPORT = 'build/unit.json'
const IN_CI = process.env.CI === 'true'

const { values } = parseArgs({ options: { seed: { type: 'string' }, count: { type: 'string', default: '500' } } })
const seed = values.seed ?? String(seedOfCommit())
const sum = { passed: 0, failed: 0, skipped: 0 }
const results = []

await part('unit', unit)
await part('vectors', () => door('vectors', ...VECTORS.map(name => `${VECTOR_FOLDER}/${name}.jsonl.gz`)))
console.log(`not yet in scope: ${notInScope().join(', ')}`)
await part('rollouts', () => door('rollouts', 'testdata/rollouts'))
await part('demo', demo)
const oracle = await runPart(['tools/run.mjs', 'oracle'])
for (const generator of GENERATORS) await part(`fuzz ${generator}`, () => fuzz(generator))

console.log(`\n${results.join('\n')}`)
console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped === 0 ? '' : `, ${sum.skipped} skipped`}`)
process.exitCode = sum.failed > 0 ? 1 : 0

async function part(name, run) {
  console.log(`\n== ${name}`)
  const started = Date.now()
  const counts = await run()
  if (IN_CI) {
    counts.failed += counts.skipped
    counts.skipped = 0
  }
  for (const outcome of Object.keys(sum)) sum[outcome] += counts[outcome]
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  results.push(`${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped, ${seconds} s`)
}

async function door(name, ...args) {
  return countsOf(await runPart(['tools/run.mjs', name, ...args]))
}

async function fuzz(generator) {
  if (oracle.code === 0) return await door('fuzz', '--op', generator, '--count', values.count, '--seed', seed)
  console.log(`SKIPPED: fuzz ${generator}: the oracle can't be had on this machine (above)`)
  return { passed: 0, failed: 0, skipped: 1 }
}

async function demo() {
  const { code, last } = await runPart(['tools/run.mjs', 'demo'], { quiet: true })
  const covered = /^demo: (\d+) of (\d+) → \2 of \2 nodes covered$/.exec(last)
  const ok = code === 0 && covered !== null && Number(covered[1]) < Number(covered[2])
  console.log(ok ? last : `the demo ended with ${code} and the line: ${last}`)
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }
}

async function unit() {
  rmSync(join(ROOT, UNIT_REPORT), { force: true })
  mkdirSync(join(ROOT, 'build'), { recursive: true })
  const args = ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${UNIT_REPORT}`]
  const { code } = await runPart(['node_modules/vitest/vitest.mjs', ...args])
  try {
    const report = JSON.parse(readFileSync(join(ROOT, UNIT_REPORT), 'utf8'))
    // A file that can't even be loaded has no tests that could fail.
    const unloaded = report.testResults.filter(
      file => file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed'),
    )
    const failed = report.numFailedTests + unloaded.length
    const passed = report.numPassedTests
    return {
      passed,
      failed: code === 0 ? failed : Math.max(failed, 1),
      skipped: report.numPendingTests + report.numTodoTests,
    }
  } catch (error) {
    console.error(`error: vitest left no report: ${error.message}`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

/** Recordings that the engine does not answer yet. */
function notInScope() {
  const files = readdirSync(join(ROOT, VECTOR_FOLDER)).map(file => file.replace(/\.jsonl\.gz$/, ''))
  return files.filter(name => !VECTORS.includes(name))
}

/** The same commit gets the same cases, the next one gets others. */
function seedOfCommit() {
  try {
    return Number.parseInt(execFileSync('git', ['rev-parse', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).slice(0, 7), 16)
  } catch {
    return Math.floor(Date.now() / 1000) % 2 ** 31
  }
}
