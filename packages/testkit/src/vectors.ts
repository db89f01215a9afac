import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { DEFAULT_VERSION } from '@everynode/engine'
import { type Case, readCase } from './cases.ts'
import { openFile, readLines } from './lines.ts'
import { Refusal } from './refusal.ts'

const VECTOR_FILE = /\.jsonl(\.gz)?$/

/** The files of vectors that `paths` name: files as they are, folders recursively (`.jsonl`, `.jsonl.gz`), in the order of their names. */
export function vectorFiles(paths: readonly string[]): readonly string[] {
  return paths.flatMap(path => (statSync(path).isDirectory() ? filesIn(path) : [path]))
}

function filesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return filesIn(path)
    return VECTOR_FILE.test(entry.name) ? [path] : []
  })
}

/** The op that a file's name says: the whole name if it is an op, otherwise without `-suffix` (podRequests-wide is podRequests). */
export function opOfFile(path: string, ops: ReadonlySet<string>): string | undefined {
  const name = basename(path).replace(VECTOR_FILE, '')
  const candidates = [name, name.replace(/-[^-]*$/, ''), name.replace(/-.*$/, '')]
  return candidates.find(candidate => ops.has(candidate)) ?? candidates[2]
}

/** The cases of a file, line by line. Throws a Refusal with file and line, also where the file is cut or not UTF-8. */
export async function* readVectors(path: string, ops: ReadonlySet<string>): AsyncGenerator<Case> {
  const defaults = { op: opOfFile(path, ops), version: DEFAULT_VERSION }
  let number = 0
  try {
    for await (const line of readLines(openFile(path))) {
      number++
      if (line.trim() !== '') yield readCase(line, defaults)
    }
  } catch (error) {
    throw new Refusal(`${path}:${number}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
