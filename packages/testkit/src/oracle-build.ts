import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KubernetesVersion } from '@everynode/engine'
import { cacheFolder } from './cache-folder.ts'
import { Refusal } from './refusal.ts'
import { repositoryRoot } from './repository.ts'

/** Module file and build tag of each version; the oracle's README has the commands. */
const VARIANTS: Readonly<Record<KubernetesVersion, readonly string[]>> = {
  '1.34': ['-modfile=go-1.34.mod', '-tags', 'kubernetes134'],
  '1.35': ['-modfile=go-1.35.mod', '-tags', 'kubernetes135'],
  '1.36': [],
  '1.37': ['-modfile=go-1.37.mod', '-tags', 'kubernetes137'],
}

/** The oracle can't be had on this machine; the message says why. */
export class NoOracle extends Refusal {}

/**
 * Path of the oracle for a version: `EVERYNODE_ORACLE` if it is set, otherwise the one in the cache for these sources, otherwise built
 * by Go (minutes when Go's own caches are cold). `say` hears what takes long. Throws NoOracle.
 */
export async function findOracle(version: KubernetesVersion, say: (line: string) => void): Promise<string> {
  const named = process.env['EVERYNODE_ORACLE']
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new NoOracle(`EVERYNODE_ORACLE names ${named}, which does not exist`)
    return named
  }
  const source = join(repositoryRoot(), 'oracle/kubernetes')
  const folder = join(cacheFolder(), hashOfSources(source, version))
  const binary = join(folder, 'oracle-kubernetes')
  if (!existsSync(binary)) await build(source, version, folder, binary, say)
  return binary
}

function hashOfSources(source: string, version: KubernetesVersion): string {
  const hash = createHash('sha256').update(`${version} ${process.platform} ${process.arch}\n`)
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(name => /\.(go|mod|sum)$/.test(name))
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
  version: KubernetesVersion,
  folder: string,
  binary: string,
  say: (line: string) => void,
): Promise<void> {
  const toolchain = toolchainOf()
  mkdirSync(folder, { recursive: true })
  const draft = mkdtempSync(join(folder, 'draft-'))
  const started = Date.now()
  const seconds = (): number => Math.round((Date.now() - started) / 1000)
  say(`oracle: building Kubernetes ${version} from Go modules; 3 to 6 minutes where Go's caches are empty`)
  const progress = setInterval(() => say(`oracle: still building, ${seconds()} s`), 30_000)
  try {
    const out = join(draft, 'oracle-kubernetes')
    await goBuild(source, [...VARIANTS[version], '-o', out, '.'], toolchain)
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
function toolchainOf(): string {
  const { minimumGo } = JSON.parse(readFileSync(join(repositoryRoot(), 'tools/versions.json'), 'utf8')) as {
    readonly minimumGo: string
  }
  const asked = spawnSync('go', ['env', 'GOVERSION'], {
    cwd: tmpdir(),
    encoding: 'utf8',
    env: { ...process.env, GOTOOLCHAIN: 'local' },
  })
  if (asked.error !== undefined || asked.status !== 0) throw new NoOracle(`no Go on PATH (>= ${minimumGo} is needed)`)
  const found = asked.stdout.trim()
  return isAtLeast(found.replace(/^go/, ''), minimumGo) ? 'local' : `go${minimumGo}`
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
