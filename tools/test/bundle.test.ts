import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const REPOSITORY = join(dirname(fileURLToPath(import.meta.url)), '../..')
let root: string

/** A checkout of its own with the real runner and one door of two files. */
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'everynode-bundle-'))
  for (const file of [
    'tools/run.mjs',
    'tools/bundle.mjs',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.base.json',
  ]) {
    cpSync(join(REPOSITORY, file), join(root, file))
  }
  mkdirSync(join(root, 'packages'))
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'))
  write(
    'tools/hello.ts',
    "import { word } from './word.ts'\nconsole.log(word, ...process.argv.slice(2))\nprocess.exitCode = Number(process.argv[2] ?? 0)\n",
  )
  write('tools/word.ts', "export const word = 'one'\n")
})
afterAll(() => rmSync(root, { recursive: true }))

function write(file: string, text: string): void {
  writeFileSync(join(root, file), text)
}

function run(...args: readonly string[]): string {
  return execFileSync(process.execPath, [join(root, 'tools/run.mjs'), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()
}

function exitOf(...args: readonly string[]): number {
  try {
    run(...args)
    return 0
  } catch (error) {
    return (error as { readonly status: number }).status
  }
}

describe('the runner', () => {
  test('passes arguments and exit code through, and refuses what it does not know', () => {
    expect(run('hello', '0', 'x y')).toBe('one 0 x y')
    expect(exitOf('hello', '7')).toBe(7)
    expect(exitOf('nothing')).toBe(2)
    expect(exitOf()).toBe(2)
  })

  test('keeps a bundle whose sources are the same, even if they were written again', () => {
    run('hello')
    const made = statSync(join(root, 'build/hello.mjs')).mtimeMs
    write('tools/word.ts', "export const word = 'one'\n")
    expect(run('hello')).toBe('one')
    expect(statSync(join(root, 'build/hello.mjs')).mtimeMs).toBe(made)
  })

  test('never answers with a stale bundle: a source of the same size and time, or gone', () => {
    const { atime, mtime } = statSync(join(root, 'tools/word.ts'))
    write('tools/word.ts', "export const word = 'two'\n")
    utimesSync(join(root, 'tools/word.ts'), atime, mtime)
    expect(run('hello')).toBe('two')
    renameSync(join(root, 'tools/word.ts'), join(root, 'word.ts'))
    expect(exitOf('hello')).toBe(2)
    renameSync(join(root, 'word.ts'), join(root, 'tools/word.ts'))
    expect(run('hello')).toBe('two')
  })

  test('makes a bundle again that was changed by hand', () => {
    run('hello')
    write('build/hello.mjs', 'console.log("forged")\n')
    expect(run('hello')).toBe('two')
  })
})
