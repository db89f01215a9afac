// Bundles one entry with esbuild and remembers what it was made of, so that a stale bundle never answers.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** Decide how imports are resolved and what esbuild makes of them, but are no inputs of the bundle. */
const SETTINGS = ['tools/bundle.mjs', 'package.json', 'package-lock.json', 'tsconfig.base.json', 'tsconfig.json']

/** Start processes from files beside their own, so they run only from where they are installed. */
const NOT_BUNDLED = ['esbuild', 'playwright-core']

/** An old chunk may still be imported by a process that started before; nothing runs for a day. */
const CHUNK_LIFETIME_MS = 24 * 3600 * 1000

/** Where the source and the bundle of a name are: the command line, a door of tools/ or a bench. */
export function targetOf(name) {
  if (name === 'cli')
    return { entry: 'packages/cli/src/start.ts', out: 'packages/cli/dist/everynode.mjs', splitting: true }
  if (!/^(bench\/)?[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return undefined
  const entry = name.startsWith('bench/') ? `${name}.ts` : `tools/${name}.ts`
  return existsSync(join(ROOT, entry)) ? { entry, out: `build/${name}.mjs`, splitting: false } : undefined
}

/** Makes the bundle unless it is already what its sources say; returns its path. */
export async function bundle(name) {
  const target = targetOf(name)
  if (target === undefined) throw new Error(`no source for "${name}": tools/${name}.ts does not exist`)
  const out = join(ROOT, target.out)
  if (!isFresh(out)) await build(target, out)
  return out
}

function manifestPath(out) {
  return `${out}.made-of.json`
}

function isFresh(out) {
  let manifest
  try {
    manifest = JSON.parse(readFileSync(manifestPath(out), 'utf8'))
  } catch {
    return false
  }
  if (manifest.node !== process.version) return false
  let touched = false
  for (const file of manifest.files) {
    const now = stampOf(file.path)
    if (now === undefined) return false
    if (now.stamp === file.stamp) continue
    if (hashOf(file.path) !== file.hash) return false
    file.stamp = now.stamp
    touched = true
  }
  if (touched) writeAtomically(manifestPath(out), JSON.stringify(manifest))
  return true
}

/** Size and times of a file; the change time moves with every write, whatever the modification time says. */
function stampOf(path) {
  const stat = statSync(join(ROOT, path), { throwIfNoEntry: false, bigint: true })
  return stat === undefined ? undefined : { stamp: `${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.ino}` }
}

function hashOf(path) {
  return createHash('sha256')
    .update(readFileSync(join(ROOT, path)))
    .digest('hex')
}

async function build(target, out) {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const before = Date.now()
    const result = await compile(target, out)
    const inputs = [...Object.keys(result.metafile.inputs), ...SETTINGS, ...packageFiles()]
    // A source that was saved while esbuild read it may be in the bundle half old: once more.
    if (inputs.some(path => changedSince(path, before))) continue
    mkdirSync(dirname(out), { recursive: true })
    for (const file of result.outputFiles) if (file.path !== out) writeAtomically(file.path, file.contents)
    writeAtomically(out, result.outputFiles.find(file => file.path === out).contents)
    const outputs = result.outputFiles.map(file => relative(ROOT, file.path))
    const files = [...inputs, ...outputs].map(path => ({ path, ...stampOf(path), hash: hashOf(path) }))
    writeAtomically(manifestPath(out), JSON.stringify({ node: process.version, files }))
    if (target.splitting) removeOldChunks(dirname(out), new Set(outputs))
    return
  }
  throw new Error(`the sources of ${target.entry} keep changing while they are bundled`)
}

async function compile(target, out) {
  const { build: esbuild } = await import('esbuild')
  return await esbuild({
    absWorkingDir: ROOT,
    entryPoints: [{ in: target.entry, out: relative(dirname(out), out).replace(/\.mjs$/, '') }],
    outdir: dirname(out),
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
    splitting: target.splitting,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    external: NOT_BUNDLED,
    minifySyntax: true,
    legalComments: 'none',
    // commander is CommonJS and asks for node's own modules by require.
    banner: { js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);" },
    ...(target.splitting ? {} : { sourcemap: 'inline', sourcesContent: false }),
    logLevel: 'warning',
  })
}

function changedSince(path, time) {
  return Number(statSync(join(ROOT, path), { bigint: true }).ctimeNs / 1_000_000n) > time
}

/** The manifests of the packages: their `exports` decide which source an import means. */
function packageFiles() {
  return readdirSync(join(ROOT, 'packages'))
    .map(name => `packages/${name}/package.json`)
    .filter(path => existsSync(join(ROOT, path)))
}

function removeOldChunks(folder, keep) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (!name.startsWith('chunk-') || keep.has(relative(ROOT, path))) continue
    if (Date.now() - statSync(path).mtimeMs > CHUNK_LIFETIME_MS) rmSync(path)
  }
}

function writeAtomically(path, contents) {
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, contents)
  renameSync(draft, path)
}
