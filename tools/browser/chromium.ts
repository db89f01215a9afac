import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolder } from '../../packages/testkit/src/cache-folder.ts'
import { Refusal } from '../../packages/testkit/src/refusal.ts'
import { repositoryRoot } from '../../packages/testkit/src/repository.ts'

const PACKAGE = '@sparticuz/chromium'
/** The package unpacks into the temporary folder, and the libraries of its Chromium only where it believes to be on Amazon's Node. */
const UNPACK = `import chromium from '${PACKAGE}'; await chromium.executablePath()`
const UNPACK_ENVIRONMENT = { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' }
const LIMIT_MS = 5 * 60 * 1000

/** Chromium can't be had on this machine; the message says why. */
export class NoChromium extends Refusal {}

/** A Chromium that starts, and the variables of the environment that it starts with. */
export interface ChromiumProgram {
  readonly path: string
  readonly env: Readonly<Record<string, string>>
}

/**
 * The Chromium that `CHROME_PATH` names if it is set, otherwise the one of the npm package, unpacked once into the cache (seconds).
 * `say` hears what takes long. Throws NoChromium.
 */
export function findChromium(say: (line: string) => void): ChromiumProgram {
  const named = process.env['CHROME_PATH']
  if (named !== undefined && named !== '') {
    if (!existsSync(named)) throw new NoChromium(`CHROME_PATH names ${named}, which does not exist`)
    return starting(named, [{}])
  }
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new NoChromium(
      `${PACKAGE} is for linux x64, not ${process.platform} ${process.arch}; CHROME_PATH names another`,
    )
  const folder = join(cacheFolder(), hashOfPackage())
  const path = join(folder, 'chromium')
  if (!existsSync(path)) unpack(folder, path, say)
  // The system's own libraries first: they fit the system's libc.
  return starting(path, [{}, { LD_LIBRARY_PATH: join(folder, 'al2023/lib') }])
}

function hashOfPackage(): string {
  const entry = fileURLToPath(import.meta.resolve('@sparticuz/chromium'))
  const manifest = readFileSync(join(dirname(entry), '../../package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { readonly version: string }
  return createHash('sha256')
    .update(`${PACKAGE} ${version} ${process.platform} ${process.arch}\n`)
    .digest('hex')
    .slice(0, 32)
}

function unpack(folder: string, path: string, say: (line: string) => void): void {
  let draft: string | undefined
  try {
    mkdirSync(cacheFolder(), { recursive: true })
    draft = mkdtempSync(join(cacheFolder(), 'draft-'))
    say(`chromium: unpacking into ${folder}`)
    const { status, error, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', UNPACK], {
      cwd: repositoryRoot(),
      env: { ...process.env, ...UNPACK_ENVIRONMENT, TMPDIR: draft },
      encoding: 'utf8',
      timeout: LIMIT_MS,
    })
    if (status !== 0) throw error ?? new Error(lastLines(stderr))
    renameSync(draft, folder)
  } catch (error) {
    // Another process was quicker.
    if (existsSync(path)) return
    throw new NoChromium(`${PACKAGE} can't be unpacked: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    if (draft !== undefined) rmSync(draft, { recursive: true, force: true })
  }
}

/** The first of these environments in which the program starts. */
function starting(path: string, environments: readonly Readonly<Record<string, string>>[]): ChromiumProgram {
  const problems: string[] = []
  for (const env of environments) {
    const { status, error, stderr } = spawnSync(path, ['--version', '--no-sandbox'], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
      timeout: LIMIT_MS,
    })
    if (status === 0) return { path, env }
    problems.push(error?.message ?? `exit ${status} ${lastLines(stderr)}`.trim())
  }
  throw new NoChromium(`${path} does not start: ${problems.join('; ')}`)
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' · ')
}
