import { randomBytes } from 'node:crypto'
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Diagnostic } from '@everynode/source'
import { failure } from './diagnostics.ts'
import { reasonOf } from './inputs.ts'
import type { Io } from './io.ts'
import { nearNames } from './near-names.ts'

/** One `-o FORMAT[=FILE]`; without a file it goes to stdout. */
export interface OutputRequest<Format extends string> {
  readonly format: Format
  readonly file?: string
}

/** Reads the `-o` options; the first format is the default. At most one may go to stdout. */
export function parseOutputs<Format extends string>(
  texts: readonly string[],
  formats: readonly [Format, ...Format[]],
): { readonly requests: readonly OutputRequest<Format>[]; readonly problem?: Diagnostic } {
  const requests: OutputRequest<Format>[] = []
  for (const text of texts.length === 0 ? [formats[0]] : texts) {
    const equals = text.indexOf('=')
    const name = equals < 0 ? text : text.slice(0, equals)
    const format = formats.find(known => known === name)
    if (format === undefined) {
      const near = nearNames(name, formats, 1)[0]
      return {
        requests: [],
        problem: failure(
          'usage',
          `unknown output format "${name}"`,
          `It is one of ${formats.join(', ')}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
        ),
      }
    }
    const file = equals < 0 ? undefined : text.slice(equals + 1)
    if (file === '')
      return {
        requests: [],
        problem: failure('usage', `-o ${text} names no file`, `Write -o ${format} or -o ${format}=FILE.`),
      }
    requests.push(file === undefined ? { format } : { format, file })
  }
  if (requests.filter(({ file }) => file === undefined).length > 1)
    return {
      requests: [],
      problem: failure('usage', 'two outputs go to stdout', 'Give all but one a file: -o table -o json=coverage.json'),
    }
  return { requests }
}

/** Writes a file so that a reader sees the old text or the new one, never half of it. Its mode stays; a symbolic link is followed. */
export async function writeAtomically(io: Io, file: string, text: string): Promise<Diagnostic | undefined> {
  const named = resolve(io.cwd, file)
  const path = await realpath(named).catch(() => named)
  const mode = await stat(path).then(
    found => found.mode & 0o777,
    () => 0o666,
  )
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    await writeFile(draft, text, { flag: 'wx', mode })
    await rename(draft, path)
    return undefined
  } catch (error) {
    await rm(draft, { force: true })
    return failure('unwritable-output', `${file}: ${reasonOf(error)}`)
  }
}
