import { createReadStream } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { createGunzip } from 'node:zlib'
import type { Io } from './io.ts'
import { nearNames } from './near-names.ts'

/** Bytes that the user named, opened when they are read. */
export interface Input {
  /** As the user would write it; `-` is shown as `stdin`. */
  readonly name: string
  /** Unpacked, read once. Rejects with `UnreadableInput` if the file cannot be read to its end. */
  readonly chunks: AsyncIterable<Uint8Array>
}

/** Something that the user named and that cannot be read; `note` says what would help. */
export interface InputProblem {
  readonly path: string
  readonly message: string
  readonly note?: string
}

export class UnreadableInput extends Error {
  readonly problem: InputProblem

  constructor(problem: InputProblem) {
    super(`${problem.path}: ${problem.message}`)
    this.problem = problem
  }
}

const READABLE = /\.(json|ya?ml|jsonl|ndjson)(\.gz)?$/i
/** A folder that holds one of these is a recorded story: the cluster is this file alone. */
const STORY_FILES = ['cluster-before.json', 'cluster-before.json.gz']
const CHUNK_BYTES = 1 << 20

/** Files behind paths: a file as it is, a folder's JSON and YAML files in order of their names, `-` for stdin. */
export async function inputsOf(
  paths: readonly string[],
  io: Io,
): Promise<{ readonly inputs: readonly Input[]; readonly problems: readonly InputProblem[] }> {
  const inputs: Input[] = []
  const problems: InputProblem[] = []
  if (paths.filter(path => path === '-').length > 1)
    problems.push({ path: '-', message: 'stdin is named twice', note: 'Name - once.' })
  for (const path of paths) {
    if (path === '-') {
      inputs.push({ name: 'stdin', chunks: unpacked('stdin', () => io.stdin()) })
      continue
    }
    try {
      const files = await filesOf(path, resolve(io.cwd, path), new Set())
      if (files.length === 0)
        problems.push({
          path,
          message: 'no JSON or YAML file is in this folder',
          note: 'Files that end in .json, .yaml, .yml, .jsonl or .ndjson are read, also with .gz.',
        })
      for (const file of files)
        inputs.push({
          name: file.shown,
          chunks: unpacked(file.shown, () => createReadStream(file.path, { highWaterMark: CHUNK_BYTES })),
        })
    } catch (error) {
      problems.push(await problemOf(path, resolve(io.cwd, path), error))
    }
  }
  return { inputs, problems }
}

interface FoundFile {
  readonly shown: string
  readonly path: string
}

async function filesOf(shown: string, path: string, seen: Set<string>): Promise<readonly FoundFile[]> {
  if (!(await stat(path)).isDirectory()) return [{ shown, path }]
  const real = await realpath(path)
  if (seen.has(real)) return []
  seen.add(real)
  const names = (await readdir(path)).filter(name => !name.startsWith('.')).sort(byCodeUnit)
  const story = STORY_FILES.find(name => names.includes(name))
  if (story !== undefined) return [{ shown: join(shown, story), path: join(path, story) }]
  const files: FoundFile[] = []
  for (const name of names) {
    const entry = await stat(join(path, name)).catch(() => undefined)
    if (entry?.isDirectory()) files.push(...(await filesOf(join(shown, name), join(path, name), seen)))
    else if (entry?.isFile() && READABLE.test(name)) files.push({ shown: join(shown, name), path: join(path, name) })
  }
  return files
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Opened when it is read; gzip is told by its first two bytes, not by the name. */
async function* unpacked(name: string, open: () => AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const iterator = open()[Symbol.asyncIterator]()
  try {
    const head = await atLeastTwoBytes(iterator)
    const whole = resumed(head, iterator)
    if (head[0] === 0x1f && head[1] === 0x8b) yield* gunzipped(whole)
    else yield* whole
  } catch (error) {
    throw new UnreadableInput({ path: name, message: reasonOf(error) })
  } finally {
    await iterator.return?.()
  }
}

async function atLeastTwoBytes(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array()
  while (head.length < 2) {
    const next = await iterator.next()
    if (next.done) break
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value])
  }
  return head
}

async function* resumed(head: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  if (head.length > 0) yield head
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
}

async function* gunzipped(packed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
  const feeding = feed(packed, gunzip)
  try {
    yield* gunzip as AsyncIterable<Uint8Array>
  } finally {
    gunzip.destroy()
    await feeding
  }
}

async function feed(packed: AsyncIterable<Uint8Array>, gunzip: ReturnType<typeof createGunzip>): Promise<void> {
  try {
    for await (const chunk of packed) {
      if (gunzip.destroyed) return
      if (!gunzip.write(chunk)) await new Promise<void>(go => void gunzip.once('drain', go).once('close', go))
    }
    gunzip.end()
  } catch (error) {
    gunzip.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}

async function problemOf(shown: string, path: string, error: unknown): Promise<InputProblem> {
  const message = reasonOf(error)
  if (codeOf(error) !== 'ENOENT') return { path: shown, message }
  const siblings = await readdir(dirname(path)).catch(() => [])
  const near = nearNames(basename(path), siblings)
  return near.length === 0
    ? { path: shown, message }
    : { path: shown, message, note: `Did you mean ${near.map(name => join(dirname(shown), name)).join(', ')}?` }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EISDIR: 'is a folder',
  ELOOP: 'symbolic links form a loop',
  ENAMETOOLONG: 'the name is too long',
  ENOTDIR: 'no such file or folder',
  Z_BUF_ERROR: 'the gzip data ends too early',
  Z_DATA_ERROR: 'the gzip data is damaged',
}

/** Why a file could not be read, without its path. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error)
  return (code !== undefined ? REASONS[code] : undefined) ?? (error instanceof Error ? error.message : String(error))
}
