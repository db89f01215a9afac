import type { Diagnostic, DiagnosticPlace } from '../diagnostic.ts'
import { NEWLINE } from '../json/byte-classes.ts'
import { columnAt, placeInside } from '../json/place.ts'
import { endOf, SCALAR, startOf, type Tape, typeOf } from '../json/tape.ts'
import { pathOf, tokenAt } from '../json/token-path.ts'
import type { ValuePlace } from '../json-stream.ts'
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

const MAX_EXCERPT = 160

/** For values whose tape lies over the bytes of the file itself. */
export function jsonLocator(file: string, value: ValuePlace): Locator {
  return {
    start: { file, line: value.line, column: value.column },
    locate: (tape, _root, token) => locateInBytes(file, value, tape, token),
    keep: tape => {
      const bytes = tape.bytes.slice(value.start, value.end)
      const kept: ValuePlace = { ...value, start: 0, end: bytes.length }
      return path => {
        let place: DiagnosticPlace | undefined
        new JsonRereader().value(bytes, (copy, root) => {
          const token = tokenAt(copy, root, path)
          if (token !== undefined) place = locateInBytes(file, kept, copy, token).place
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
  let from = at
  while (from > value.start && bytes[from - 1] !== NEWLINE && at - from < MAX_EXCERPT / 2) from--
  let to = at
  while (to < value.end && bytes[to] !== NEWLINE && to - from < MAX_EXCERPT) to++
  while (from < at && (bytes[from]! & 0xc0) === 0x80) from++
  const end = isPlain ? endOf(tape, token) + (type === SCALAR ? 0 : 1) : at + 1
  return {
    place: { file, line, column, ...(end <= to ? { endColumn: column + columnAt(bytes, at, end) - 1 } : {}) },
    excerpt: new TextDecoder().decode(bytes.subarray(from, to)),
    excerptColumn: column - (columnAt(bytes, from, at) - 1),
  }
}

/** For values that a YAML document held: by the path of the token below `base`. */
export function yamlLocator(file: string, places: Places, base: ValuePath): Locator {
  const placeOf = (path: ValuePath): DiagnosticPlace => {
    for (let length = path.length; length >= 0; length--) {
      const range = places.of(path.slice(0, length)) ?? places.keyOf(path.slice(0, length))
      if (range !== undefined) return diagnosticPlace(file, range)
    }
    return { file, line: 1, column: 1 }
  }
  return {
    start: placeOf(base),
    locate: (tape, root, token) => ({ place: placeOf([...base, ...pathOf(tape, root, token)]) }),
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
