// npm run evidence -- [--count N] [--seed S] [--kubernetes-version V] [DOOR…]: runs the doors and keeps what they end with in
// docs/evidence/DOOR.md. `fuzz` and `bench` have a page each generator and bench: fuzz/taints, bench/why, or all of them by `fuzz`.
// Exit 1: a door failed; its page says so.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { Refusal, repositoryRoot } from '@everynode/testkit'
import { open, wholeNumber } from './door.ts'
import { runPart } from './part.ts'
import { GENERATORS, KARPENTER_GENERATORS, MOST_CASES, VECTOR_FILES } from './scope.ts'

const ROOT = repositoryRoot()

/** One command of a door, as npm takes it, and how much of its output is kept. */
interface Run {
  readonly args: readonly string[]
  readonly keep: 'last line' | 'everything'
}

/** What the doors run, by the names of their pages. */
function doors(count: number, seed: number, version: string | undefined): ReadonlyMap<string, readonly Run[]> {
  const folder = version === undefined ? 'fuzz' : `fuzz-${version}`
  const fuzz = (op: string): readonly [string, readonly Run[]] => {
    const cases = String(Math.min(count, MOST_CASES[op] ?? count))
    const args = ['fuzz', '--op', op, '--count', cases, '--seed', String(seed)]
    const asked = version === undefined ? args : [...args, '--kubernetes-version', version]
    return [`${folder}/${op}`, [{ args: asked, keep: 'last line' }]]
  }
  const benches = readdirSync(join(ROOT, 'bench'))
    .filter(file => file.endsWith('.ts'))
    .sort((a, b) => (a < b ? -1 : 1))
  return new Map<string, readonly Run[]>([
    ['vectors', VECTOR_FILES.map(file => ({ args: ['vectors', file], keep: 'last line' }))],
    ...GENERATORS.filter(op => version === undefined || !KARPENTER_GENERATORS.includes(op)).map(fuzz),
    ['fuzz-dumps', [{ args: ['fuzz-dumps', '--count', String(count), '--seed', String(seed)], keep: 'last line' }]],
    ['rollouts', [{ args: ['rollouts', 'testdata/rollouts'], keep: 'last line' }]],
    ['demo', [{ args: ['demo'], keep: 'last line' }]],
    ...benches.map((file): readonly [string, readonly Run[]] => {
      const name = file.slice(0, -'.ts'.length)
      return [`bench/${name}`, [{ args: ['bench', name], keep: 'everything' }]]
    }),
  ])
}

await open(async argv => {
  const seedOfCommit = String(Number.parseInt(git('rev-parse', 'HEAD').slice(0, 7), 16))
  const options = {
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: seedOfCommit },
    'kubernetes-version': { type: 'string' },
  } as const
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true })
  const count = wholeNumber('count', values.count, 1, 100_000_000)
  const seed = wholeNumber('seed', values.seed, 0, 2 ** 31 - 1)
  const all = doors(count, seed, values['kubernetes-version'])
  const pages = [...all.keys()]
  const pagesOf = (door: string): readonly string[] =>
    pages.filter(page => page === door || page.startsWith(`${door}/`))
  const unknown = positionals.find(door => pagesOf(door).length === 0)
  if (unknown !== undefined) throw new Refusal(`no door is called "${unknown}"; there is: ${pages.join(', ')}`)
  const chosen = positionals.length === 0 ? pages : positionals.flatMap(pagesOf)

  let failures = 0
  for (const door of chosen) {
    const lines: string[] = []
    for (const run of all.get(door) ?? []) {
      const result = await runPart(['tools/run.mjs', ...run.args], { limitMinutes: 24 * 60 })
      if (result.code !== 0) failures++
      lines.push(...section(run, result))
    }
    const page = join(ROOT, `docs/evidence/${door}.md`)
    mkdirSync(dirname(page), { recursive: true })
    writeFileSync(page, [...heading(door), ...lines].join('\n'))
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
