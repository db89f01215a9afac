import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KarpenterVersion, KubernetesVersion } from '@everynode/engine'
import { cacheFolder } from './cache-folder.ts'
import type { OracleFamily } from './families.ts'
import { Refusal } from './refusal.ts'
import { repositoryRoot } from './repository.ts'

/** Module file and build tag of each version; the oracles' READMEs have the commands. */
const KUBERNETES: Readonly<Record<KubernetesVersion, readonly string[]>> = {
  '1.34': ['-modfile=go-1.34.mod', '-tags', 'kubernetes134'],
  '1.35': ['-modfile=go-1.35.mod', '-tags', 'kubernetes135'],
  '1.36': [],
  '1.37': ['-modfile=go-1.37.mod', '-tags', 'kubernetes137'],
}
const KARPENTER: Readonly<Record<KarpenterVersion, readonly string[]>> = {
  '1.13': ['-modfile=go-1.13.mod', '-tags', 'karpenter113'],
  '1.14': [],
  '1.15': ['-modfile=go-1.15.mod', '-tags', 'karpenter115'],
}

/** One program that can be built from `oracle/`. */
interface Variant {
  readonly family: OracleFamily
  readonly version: string
  readonly args: readonly string[]
  /** What people call it. */
  readonly name: string
  /** Names a binary to take instead. */
  readonly variable: string
}

/** The oracle can't be had on this machine; the message says why. */
export class NoOracle extends Refusal {}

/**
 * Path of the oracle of Kubernetes for a version: `EVERYNODE_ORACLE` if it is set, otherwise the one in the cache for these sources,
 * otherwise built by Go (minutes when Go's own caches are cold). `say` hears what takes long. Throws NoOracle.
 */
export async function findOracle(version: KubernetesVersion, say: (line: string) => void): Promise<string> {
  const args = KUBERNETES[version]
  return find({ family: 'kubernetes', version, args, name: `Kubernetes ${version}`, variable: 'EVERYNODE_ORACLE' }, say)
}

/** As findOracle, of Karpenter; `EVERYNODE_KARPENTER_ORACLE` names a binary. Throws NoOracle. */
export async function findKarpenterOracle(version: KarpenterVersion, say: (line: string) => void): Promise<string> {
  const [args, variable] = [KARPENTER[version], 'EVERYNODE_KARPENTER_ORACLE']
  return find({ family: 'karpenter', version, args, name: `Karpenter ${version}`, variable }, say)
}

async function find(variant: Variant, say: (line: string) => void): Promise<string> {
  const named = process.env[variant.variable]
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new NoOracle(`${variant.variable} names ${named}, which does not exist`)
    return named
  }
  const source = join(repositoryRoot(), 'oracle', variant.family)
  const folder = join(cacheFolder(), hashOfSources(source, variant))
  const binary = join(folder, `oracle-${variant.family}`)
  if (!existsSync(binary)) await build(source, variant, folder, binary, say)
  return binary
}

/** Programs of their own, in modules of their own. */
const OTHER_MODULES = /^aws[/\\]/

function hashOfSources(source: string, { family, version }: Variant): string {
  const salt = family === 'kubernetes' ? version : `${family} ${version}`
  const hash = createHash('sha256').update(`${salt} ${process.platform} ${process.arch}\n`)
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    name => /\.(go|mod|sum)$/.test(name) && !OTHER_MODULES.test(name),
  )
  for (const name of files.sort((a, b) => (a < b ? -1 : 1))) {
    hash
      .update(`${name}\n`)
      .update(readFileSync(join(source, name)))
      .update('\n')
  }
  return hash.digest('hex').slice(0, 32)
}

async function build(
  source: string,
  variant: Variant,
  folder: string,
  binary: string,
  say: (line: string) => void,
): Promise<void> {
  const toolchain = toolchainOf(variant)
  mkdirSync(folder, { recursive: true })
  const draft = mkdtempSync(join(folder, 'draft-'))
  const started = Date.now()
  const seconds = (): number => Math.round((Date.now() - started) / 1000)
  say(`oracle: building ${variant.name} from Go modules; 3 to 6 minutes where Go's caches are empty`)
  const progress = setInterval(() => say(`oracle: still building, ${seconds()} s`), 30_000)
  try {
    const out = join(draft, 'oracle')
    await goBuild(source, [...variant.args, '-o', out, '.'], toolchain)
    renameSync(out, binary)
    say(`oracle: built in ${seconds()} s: ${binary}`)
  } finally {
    clearInterval(progress)
    rmSync(draft, { recursive: true, force: true })
  }
}

async function goBuild(source: string, args: readonly string[], toolchain: string): Promise<void> {
  const env = { ...process.env, GOTOOLCHAIN: toolchain, GOFLAGS: '-buildvcs=false -trimpath', GOWORK: 'off' }
  const child = spawn('go', ['build', ...args], { cwd: source, env, stdio: ['ignore', 'ignore', 'pipe'] })
  let talk = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    talk = (talk + text).slice(-4000)
  })
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new NoOracle(`go build failed (exit ${code}):\n${talk}`)
}

/** Go's own toolchain if it is new enough, otherwise the oldest that is: a Go from 1.21 on fetches it by itself. Throws NoOracle. */
function toolchainOf(variant: Variant): string {
  const minimum = minimumGo(variant)
  const asked = spawnSync('go', ['env', 'GOVERSION'], {
    cwd: tmpdir(),
    encoding: 'utf8',
    env: { ...process.env, GOTOOLCHAIN: 'local' },
  })
  if (asked.error !== undefined || asked.status !== 0) throw new NoOracle(`no Go on PATH (>= ${minimum} is needed)`)
  const found = asked.stdout.trim()
  return isAtLeast(found.replace(/^go/, ''), minimum) ? 'local' : `go${minimum}`
}

function minimumGo({ family, version }: Variant): string {
  const { tools, minimumGo } = JSON.parse(readFileSync(join(repositoryRoot(), 'tools/versions.json'), 'utf8')) as {
    readonly tools: readonly { readonly name: string; readonly go?: string }[]
    readonly minimumGo: string
  }
  return tools.find(tool => tool.name === `oracle ${family} ${version}`)?.go ?? minimumGo
}

function isAtLeast(found: string, minimum: string): boolean {
  const wanted = minimum.split('.').map(Number)
  const parts = found.split('.').map(part => Number.parseInt(part, 10))
  for (const [i, want] of wanted.entries()) {
    const have = parts[i] ?? 0
    if (have !== want) return have > want
  }
  return true
}
