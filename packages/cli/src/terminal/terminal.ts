import type { Io, Output } from '../io.ts'

/** How text may look on one stream. */
export interface Terminal {
  /** Columns to fill at most. */
  readonly width: number
  readonly color: boolean
  /** False where the locale cannot show more than ASCII. */
  readonly unicode: boolean
}

const DEFAULT_WIDTH = 80
/** Lines longer than this are hard to read, however wide the window is. */
const MAX_WIDTH = 120
const MIN_WIDTH = 40

/**
 * Reads width, colour and character set from the stream and the environment.
 * Colour: `--color`/`--no-color` beat `NO_COLOR`, which beats `FORCE_COLOR`, which beats whether somebody is looking.
 */
export function terminalOf(io: Io, stream: Output, color?: boolean): Terminal {
  return { width: widthOf(io, stream), color: color ?? wantsColor(io, stream), unicode: isUnicode(io) }
}

function widthOf(io: Io, stream: Output): number {
  const fromEnv = Number(io.env['COLUMNS'])
  const columns = Number.isInteger(fromEnv) && fromEnv > 0 ? fromEnv : stream.columns
  return columns > 0 ? Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, columns)) : DEFAULT_WIDTH
}

function wantsColor(io: Io, stream: Output): boolean {
  if (isSet(io.env['NO_COLOR'])) return false
  if (isSet(io.env['FORCE_COLOR'])) return io.env['FORCE_COLOR'] !== '0'
  return stream.isTTY && io.env['TERM'] !== 'dumb'
}

/** The first of LC_ALL, LC_CTYPE and LANG that is set decides, as POSIX says; where none is, text is UTF-8 unless the terminal is known to be poor. */
function isUnicode(io: Io): boolean {
  const locale = [io.env['LC_ALL'], io.env['LC_CTYPE'], io.env['LANG']].find(isSet)
  if (locale !== undefined) return /utf-?8/i.test(locale)
  return !/^(dumb|linux|vt\d+)$/.test(io.env['TERM'] ?? '')
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value !== ''
}
