import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Diagnostic } from '@everynode/source'
import { failure } from './diagnostics.ts'
import { reasonOf } from './inputs.ts'
import type { Io } from './io.ts'
import type { Settings } from './settings.ts'

export const SETTINGS_FILE = '.everynode.yaml'
/** Somebody writes this file by hand. */
const LARGEST_BYTES = 4 << 20

/** The settings of this run: of the file that `--config` names, else of `.everynode.yaml` if it is there. */
export async function loadSettings(
  io: Io,
  config: string | undefined,
): Promise<{ readonly settings: Settings; readonly text?: string; readonly problems: readonly Diagnostic[] }> {
  const none: Settings = { intent: [], waivers: [] }
  const name = config ?? SETTINGS_FILE
  const path = resolve(io.cwd, name)
  let text: string
  try {
    if ((await stat(path)).size > LARGEST_BYTES)
      return {
        settings: none,
        problems: [failure('settings', `${name}: is larger than 4 MiB, so it is no settings file`)],
      }
    text = await readFile(path, 'utf8')
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (missing && config === undefined) return { settings: none, problems: [] }
    return { settings: none, problems: [failure('unreadable-input', `${name}: ${reasonOf(error)}`)] }
  }
  const { parseSettings } = await import('./settings.ts')
  const { settings, problems } = parseSettings(text)
  const source = text.split(/\r?\n/)
  const diagnostics = problems.map(({ line, column, message, note }): Diagnostic => {
    const excerpt = source[line - 1]
    return {
      ...failure('settings', message, note),
      place: { file: name, line, column },
      ...(excerpt === undefined ? {} : { excerpt }),
    }
  })
  return { settings, text, problems: diagnostics }
}
