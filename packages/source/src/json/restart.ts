import { CLOSE_ARRAY, isBlank, NEWLINE, OPEN_OBJECT } from './byte-classes.ts'
import type { ByteWindow } from './byte-window.ts'
import type { LineCounter } from './line-counter.ts'

/** How the value looks that could not be read, as far as that helps to know the next one. */
export interface BrokenValue {
  /** Position of its first byte. */
  readonly start: number
  /** Blanks before it, if it begins its line. */
  readonly indent: number | undefined
  /** Whether it is an element of a list that may end here. */
  readonly inList: boolean
}

/** Bytes that are enough to recognise an object's first members. */
const LOOKAHEAD = 512

const OBJECT_START = /^\{\s*"apiVersion"\s*:\s*"[^"]{1,120}"\s*,\s*"kind"\s*:\s*"[^"]{1,120}"\s*,\s*"metadata"\s*:/

/**
 * Looks for the place to go on behind a mistake: an object on a line of its own at the indentation of the broken one, or,
 * where objects don't begin lines, an object that begins as the API server prints one. The list's end is found in the same way.
 */
export class RestartSearch {
  /** Blanks since the line's beginning; -1 behind other characters. */
  private indent = -1

  begin(lines: LineCounter, at: number): void {
    this.indent = lines.firstOfLine === at ? at - lines.lineStart : -1
  }

  /** The position to go on at, or -1; then `reached` says how far the search came. */
  scan(window: ByteWindow, lines: LineCounter, from: number, broken: BrokenValue, final: boolean): number {
    const { bytes, end } = window
    for (let at = from; at < end; at++) {
      const byte = bytes[at]!
      if (byte === NEWLINE) {
        lines.begin(at + 1, at + 1)
        this.indent = 0
        continue
      }
      if (isBlank(byte)) {
        if (this.indent >= 0) this.indent++
        if (lines.firstOfLine === at) lines.firstOfLine = at + 1
        continue
      }
      const { indent } = this
      if (byte === OPEN_OBJECT && at > broken.start) {
        if (indent >= 0 && indent === broken.indent) return at
        if (broken.indent === undefined || !broken.inList) {
          if (end - at < LOOKAHEAD && !final) {
            this.reached = at
            return -1
          }
          if (beginsAsObject(bytes, at, end)) return at
        }
      }
      this.indent = -1
      if (
        byte === CLOSE_ARRAY &&
        broken.inList &&
        broken.indent !== undefined &&
        indent >= 0 &&
        indent <= broken.indent
      ) {
        return at
      }
    }
    this.reached = end
    return -1
  }

  /** How far the last search came that found nothing. */
  reached = 0
}

/** apiVersion, kind, metadata: so the API server prints objects. An owner reference has no metadata. */
function beginsAsObject(bytes: Uint8Array, at: number, end: number): boolean {
  return OBJECT_START.test(new TextDecoder('latin1').decode(bytes.subarray(at, Math.min(end, at + LOOKAHEAD))))
}
