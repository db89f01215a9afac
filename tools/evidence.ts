// npm run evidence -- [--count N] [--seed S] [--ops OP,OP] [DOOR…]: runs the doors and keeps what they end with in docs/evidence/DOOR.md.
// Exit 1: a door failed; its page says so.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Refusal, repositoryRoot } from '@everynode/testkit'
import { open, wholeNumber } from './door.ts'
import { runPart } from './part.ts'
import { GENERATORS, MOST_CASES, VECTOR_FILES } from './scope.ts'

const ROOT = repositoryRoot()

/** One command of a door, as npm takes it, and how much of its output is kept. */
interface Run {
  readonly args: readonly string[]
  readonly keep: 'last line' | 'everything'
}

function doors(count: number, seed: number, ops: readonly string[]): ReadonlyMap<string, readonly Run[]> {
  const fuzz = (op: string): Run => ({
    args: ['fuzz', '--op', op, '--count', String(Math.min(count, MOST_CASES[op] ?? count)), '--seed', String(seed)],
    keep: 'last line',
  })
  const benches = readdirSync(join(ROOT, 'bench'))
    .filter(file => file.endsWith('.ts'))
    .sort((a, b) => (a < b ? -1 : 1))
  return new Map<string, readonly Run[]>([
    ['vectors', VECTOR_FILES.map(file => ({ args: ['vectors', file], keep: 'last line' }))],
    ['fuzz', ops.map(fuzz)],
    ['fuzz-dumps', [{ args: ['fuzz-dumps', '--count', String(count), '--seed', String(seed)], keep: 'last line' }]],
    ['rollouts', [{ args: ['rollouts', 'testdata/rollouts'], keep: 'last line' }]],
    ['demo', [{ args: ['demo'], keep: 'last line' }]],
    ['bench', benches.map(file => ({ args: ['bench', file.slice(0, -'.ts'.length)], keep: 'everything' }))],
  ])
}

await open(async argv => {
  const seedOfCommit = String(Number.parseInt(git('rev-parse', 'HEAD').slice(0, 7), 16))
  const options = {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: seedOfCommit },
    ops: { type: 'string', default: GENERATORS.join(',') },
  } as const
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true })
  const count = wholeNumber('count', values.count, 1, 100_000_000)
  const seed = wholeNumber('seed', values.seed, 0, 2 ** 31 - 1)
  const all = doors(count, seed, values.ops.split(','))
  const chosen = positionals.length === 0 ? [...all.keys()] : positionals
  const unknown = chosen.find(door => !all.has(door))
  if (unknown !== undefined)
    throw new Refusal(`no door is called "${unknown}"; there is: ${[...all.keys()].join(', ')}`)

  let failures = 0
  for (const door of chosen) {
    const lines: string[] = []
    for (const run of all.get(door) ?? []) {
      const result = await runPart(['tools/run.mjs', ...run.args])
      if (result.code !== 0) failures++
      lines.push(...section(run, result))
    }
    mkdirSync(join(ROOT, 'docs/evidence'), { recursive: true })
    writeFileSync(join(ROOT, `docs/evidence/${door}.md`), [...heading(door), ...lines, ''].join('\n'))
  }
  console.log(`evidence: ${chosen.join(', ')} written, ${failures} commands failed`)
  return failures > 0 ? 1 : 0
})

function heading(door: string): readonly string[] {
  const changed =
    git('status', '--porcelain', '--', '.', ':!docs/evidence') === '' ? '' : ' and changes that were not committed'
  return [
    `# Evidence: ${door}`,
    '',
    `Written by \`npm run evidence -- ${door}\`, never by hand.`,
    '',
    `- commit ${git('rev-parse', '--short=12', 'HEAD')}${changed}`,
    `- everynode ${versionOf('packages/cli/package.json')}, Node ${process.version}, oracles: ${oracleVersions()}`,
    `- ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
    '',
  ]
}

function section({ args, keep }: Run, { code, lines, last }: Awaited<ReturnType<typeof runPart>>): readonly string[] {
  const [door, ...rest] = args
  const command = `npm run ${door}${rest.length === 0 ? '' : ` -- ${rest.join(' ')}`}`
  const output = keep === 'everything' ? lines : [last]
  return ['```', `$ ${command}`, ...output, ...(code === 0 ? [] : [`exit ${code}`]), '```', '']
}

function oracleVersions(): string {
  const { tools } = JSON.parse(readFileSync(join(ROOT, 'tools/versions.json'), 'utf8')) as {
    readonly tools: readonly { readonly name: string; readonly version: string }[]
  }
  return ['oracle kubernetes 1.36', 'oracle karpenter 1.14']
    .map(name => tools.find(tool => tool.name === name)?.version ?? 'none')
    .join(' and ')
}

function versionOf(manifest: string): string {
  return (JSON.parse(readFileSync(join(ROOT, manifest), 'utf8')) as { readonly version: string }).version
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim()
}
