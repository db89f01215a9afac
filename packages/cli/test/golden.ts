import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Io, Output } from '../src/io.ts'
import { main } from '../src/main.ts'

export const ROOT = resolve(fileURLToPath(import.meta.url), '../../../..')
export const CASES = join(ROOT, 'testdata/cli')

/** One recorded run: the command line in `cmd`, what it may read in `input/` and `stdin`, and what came out. */
export interface GoldenCase {
  readonly name: string
  readonly env: Readonly<Record<string, string>>
  readonly argv: readonly string[]
}

export interface Outcome {
  readonly stdout: string
  readonly stderr: string
  readonly exit: string
  /** Files that the run made or changed in its folder, by name. */
  readonly written: Readonly<Record<string, string>>
}

export function goldenCases(): readonly GoldenCase[] {
  return readdirSync(CASES, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => ({ name, ...parseCommand(readFileSync(join(CASES, name, 'cmd'), 'utf8')) }))
}

/** `NAME=value everynode why --message 'a b'`: quotes as in a shell, nothing else of it. */
function parseCommand(text: string): Omit<GoldenCase, 'name'> {
  const words = [...text.trim().matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''),
  )
  const start = words.indexOf('everynode')
  if (start < 0) throw new Error(`no everynode in: ${text}`)
  const env = Object.fromEntries(
    words.slice(0, start).map(word => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
  )
  return { env, argv: words.slice(start + 1) }
}

/** Runs a case in a folder of its own, which holds its `input/` and a link to `testdata`. `TTY=1` makes both streams terminals. */
export async function runCase({ name, env, argv }: GoldenCase): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'everynode-cli-'))
  const input = join(CASES, name, 'input')
  try {
    if (existsSync(input)) cpSync(input, folder, { recursive: true })
    symlinkSync(join(ROOT, 'testdata'), join(folder, 'testdata'))
    const before = filesIn(folder)
    const texts = { stdout: '', stderr: '' }
    const output = (stream: keyof typeof texts): Output => ({
      write: text => {
        texts[stream] += text
      },
      isTTY: env['TTY'] === '1',
      columns: 0,
    })
    const io: Io = { stdout: output('stdout'), stderr: output('stderr'), stdin: () => stdinOf(name), env, cwd: folder }
    const exit = await main(argv, io)
    const after = filesIn(folder)
    const written = Object.fromEntries(Object.entries(after).filter(([file, text]) => before[file] !== text))
    return { ...texts, exit: `${exit}\n`, written }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function* stdinOf(name: string): AsyncIterable<Uint8Array> {
  const path = join(CASES, name, 'stdin')
  if (existsSync(path)) yield readFileSync(path)
}

function filesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isFile())
  return Object.fromEntries(files.map(({ name }) => [name, readFileSync(join(folder, name), 'utf8')]))
}

/** What the case expects; a file that is absent is empty. */
export function expected(name: string): Outcome {
  const read = (file: string): string =>
    existsSync(join(CASES, name, file)) ? readFileSync(join(CASES, name, file), 'utf8') : ''
  const folder = join(CASES, name, 'written')
  return {
    stdout: read('stdout'),
    stderr: read('stderr'),
    exit: read('exit'),
    written: existsSync(folder) ? filesIn(folder) : {},
  }
}

/** Records what came out as what is expected. */
export function record(name: string, outcome: Outcome): void {
  for (const file of ['stdout', 'stderr', 'exit'] as const) writeFileSync(join(CASES, name, file), outcome[file])
  const folder = join(CASES, name, 'written')
  rmSync(folder, { recursive: true, force: true })
  for (const [file, text] of Object.entries(outcome.written)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, file), text)
  }
}
