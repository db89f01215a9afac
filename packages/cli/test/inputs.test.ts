import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inputsOf, UnreadableInput } from '../src/inputs.ts'
import type { Io } from '../src/io.ts'

const LARGE = '{"a":"0123456789"}\n'.repeat(300_000)
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'everynode-inputs-'))
  const put = (name: string, data: string | Uint8Array): void => writeFileSync(join(folder, name), data)
  mkdirSync(join(folder, 'parts/deep'), { recursive: true })
  mkdirSync(join(folder, 'story'))
  mkdirSync(join(folder, 'empty'))
  put('parts/b.yaml', 'b')
  put('parts/a.json', 'a')
  put('parts/README.md', 'no')
  put('parts/.hidden.json', 'no')
  put('parts/deep/c.ndjson.gz', gzipSync('c'))
  symlinkSync('..', join(folder, 'parts/deep/up'))
  put('story/cluster-after.json', 'after')
  put('story/cluster-before.json', 'before')
  put('packed', gzipSync(LARGE))
  put('cut.gz', gzipSync(LARGE).subarray(0, 2000))
  put('damaged.gz', Buffer.concat([gzipSync('x').subarray(0, 10), Buffer.from('not deflate at all')]))
  put('one-byte', 'x')
  put('nothing', '')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function ioWith(stdin: readonly Uint8Array[]): Io {
  const stream = { write: () => undefined, isTTY: false, columns: 0 }
  return {
    stdout: stream,
    stderr: stream,
    stdin: async function* () {
      yield* stdin
    },
    env: {},
    cwd: folder,
  }
}

async function read(
  paths: readonly string[],
  stdin: readonly Uint8Array[] = [],
): Promise<readonly (readonly [string, string])[]> {
  const { inputs, problems } = await inputsOf(paths, ioWith(stdin))
  expect(problems).toEqual([])
  const texts: (readonly [string, string])[] = []
  for (const { name, chunks: bytes } of inputs) {
    const chunks: Uint8Array[] = []
    for await (const chunk of bytes) chunks.push(chunk)
    texts.push([name, Buffer.concat(chunks).toString()])
  }
  return texts
}

async function problemsOf(...paths: readonly string[]): Promise<readonly string[]> {
  const { problems } = await inputsOf(paths, ioWith([]))
  return problems.map(({ path, message, note }) => `${path}: ${message}${note === undefined ? '' : ` | ${note}`}`)
}

describe('inputs', () => {
  it('takes the JSON and YAML files of a folder by name, deep, and each once', async () => {
    expect(await read(['parts'])).toEqual([
      ['parts/a.json', 'a'],
      ['parts/b.yaml', 'b'],
      ['parts/deep/c.ndjson.gz', 'c'],
    ])
  })
  it('reads the folder of a recorded story as the cluster before the change', async () => {
    expect(await read(['story'])).toEqual([['story/cluster-before.json', 'before']])
  })
  it('unpacks gzip by content, also from stdin and in any chunks', async () => {
    expect(await read(['packed'])).toEqual([['packed', LARGE]])
    const packed = gzipSync('hello')
    expect(
      await read(
        ['-'],
        [...packed].map(byte => Uint8Array.of(byte)),
      ),
    ).toEqual([['stdin', 'hello']])
    expect(await read(['-'], [])).toEqual([['stdin', '']])
  })
  it('reads what is too short to be gzip', async () => {
    expect(await read(['one-byte', 'nothing'])).toEqual([
      ['one-byte', 'x'],
      ['nothing', ''],
    ])
  })
  it('ends a cut or damaged gzip file with its name and the reason', async () => {
    for (const [file, reason] of [
      ['cut.gz', 'the gzip data ends too early'],
      ['damaged.gz', 'the gzip data is damaged'],
    ] as const) {
      await expect(read([file])).rejects.toThrow(new UnreadableInput({ path: file, message: reason }))
    }
  })
  it('says what is not there and what is near', async () => {
    expect(await problemsOf('pakced', 'no/such/thing', 'empty', 'packed/x')).toEqual([
      'pakced: no such file or folder | Did you mean packed?',
      'no/such/thing: no such file or folder',
      'empty: no JSON or YAML file is in this folder | Files that end in .json, .yaml, .yml, .jsonl or .ndjson are read, also with .gz.',
      'packed/x: no such file or folder',
    ])
    expect(await problemsOf('-', '-')).toEqual(['-: stdin is named twice | Name - once.'])
  })
  it('may stop in the middle of a packed file', async () => {
    const { inputs } = await inputsOf(['packed'], ioWith([]))
    for await (const chunk of inputs[0]?.chunks ?? []) {
      expect(chunk.length).toBeGreaterThan(0)
      break
    }
  })
})
