import type { Diagnostic, DiagnosticPlace } from '../diagnostic.ts'
import type { ValuePlace } from '../json/events.ts'
import { columnAt, excerptAt, placeInside } from '../json/place.ts'
import { endOf, SCALAR, startOf, type Tape, typeOf } from '../json/tape.ts'
import { pathOf, tokenAt } from '../json/token-path.ts'
import type { Places, SourceRange, ValuePath } from '../yaml/types.ts'
import { JsonRereader } from './json-rereader.ts'

/** The part of a diagnostic that says where. */
export type Location = Pick<Diagnostic, 'place' | 'excerpt' | 'excerptColumn'>

/** Tells where the tokens of one value stand in the user's file. */
export interface Locator {
  /** Where the value begins. */
  readonly start: DiagnosticPlace
  locate(tape: Tape, root: number, token: number): Location
  /** Keeps what it takes to tell later where the value at a path stands; the tape is that of the whole value. */
  keep(tape: Tape): (path: ValuePath) => DiagnosticPlace | undefined
}

/** For values whose tape lies over the bytes of the file itself. */
export function jsonLocator(file: string, value: ValuePlace): Locator {
  return {
    start: { file, line: value.line, column: value.column },
    locate: (tape, _root, token) => locateInBytes(file, value, tape, token),
    keep: tape => {
      const bytes = tape.bytes.slice(value.start, value.end)
      return path => {
        let place: DiagnosticPlace | undefined
        new JsonRereader().value(bytes, (copy, root, { start, end }) => {
          const token = tokenAt(copy, root, path)
          if (token !== undefined) place = locateInBytes(file, { ...value, start, end }, copy, token).place
        })
        return place
      }
    },
  }
}

/** The locator of a value that lies below another one's `root` token, at `prefix` from there. */
export function within(locator: Locator, root: number, prefix: ValuePath): Locator {
  return {
    start: locator.start,
    locate: (tape, _root, token) => locator.locate(tape, root, token),
    keep: tape => {
      const placeOf = locator.keep(tape)
      return path => placeOf([...prefix, ...path])
    },
  }
}

function locateInBytes(file: string, value: ValuePlace, tape: Tape, token: number): Location {
  const { bytes } = tape
  const type = typeOf(tape, token)
  const isPlain = type <= SCALAR
  const at = startOf(tape, token) - (isPlain && type !== SCALAR ? 1 : 0)
  const { line, column } = placeInside(bytes, value, at)
  const { text, start } = excerptAt(bytes, value.start, value.end, at)
  const end = isPlain ? endOf(tape, token) + (type === SCALAR ? 0 : 1) : at + 1
  return {
    place: { file, line, column, endColumn: column + columnAt(bytes, at, end) - 1 },
    excerpt: text,
    excerptColumn: column - (columnAt(bytes, start, at) - 1),
  }
}

/** A parsed part of a YAML file. */
export interface YamlPart {
  readonly file: string
  readonly places: Places
  readonly text: string
  readonly firstLine: number
}

/** For values that a YAML document held: by the path of the token below `base`. */
export function yamlLocator({ file, places, text, firstLine }: YamlPart, base: ValuePath): Locator {
  const placeOf = (path: ValuePath): DiagnosticPlace => {
    for (let length = path.length; length >= 0; length--) {
      const range = places.of(path.slice(0, length)) ?? places.keyOf(path.slice(0, length))
      if (range !== undefined) return diagnosticPlace(file, range)
    }
    return { file, line: firstLine, column: 1 }
  }
  return {
    start: placeOf(base),
    locate: (tape, root, token) => {
      const place = placeOf([...base, ...pathOf(tape, root, token)])
      return { place, ...excerptOfLine(text, place.line - firstLine, place.column) }
    },
    keep: () => path => {
      const range = places.of([...base, ...path])
      return range === undefined ? undefined : diagnosticPlace(file, range)
    },
  }
}

export function diagnosticPlace(file: string, range: SourceRange): DiagnosticPlace {
  const { line, column, endLine, endColumn } = range
  return endLine === line ? { file, line, column, endColumn } : { file, line, column }
}

const MAX_EXCERPT = 160

function excerptOfLine(text: string, line: number, column: number): Pick<Location, 'excerpt' | 'excerptColumn'> {
  let start = 0
  for (let at = 0; at < line; at++) start = text.indexOf('\n', start) + 1
  const end = text.indexOf('\n', start)
  const characters = [...text.slice(start, end < 0 ? text.length : end).trimEnd()]
  if (characters.length <= MAX_EXCERPT) return { excerpt: characters.join('') }
  const from = Math.max(0, Math.min(column - 1 - MAX_EXCERPT / 2, characters.length - MAX_EXCERPT))
  return { excerpt: characters.slice(from, from + MAX_EXCERPT).join(''), excerptColumn: from + 1 }
}
