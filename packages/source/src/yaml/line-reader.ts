import { RETURN } from './characters.ts'
import { byteLength } from './read-window.ts'

/** The buffer of Go's bufio.Reader, in bytes. */
const BUFFER = 4096

/** LineReader ends each line in a line feed, the last one of the file too. */
export function withLineEnd(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}

/**
 * Whether apimachinery's LineReader loses the last line of a file, which no line feed ends: it does so if bufio hands the line
 * out in full buffers and then finds nothing more (k8s.io/apimachinery v0.36.2, pkg/util/yaml/decoder.go, `LineReader.Read`).
 */
export function losesLastLine(line: string): boolean {
  if (line.length === 0 || byteLength(line) < BUFFER) return false
  // A return at the end of a full buffer is kept for the next one, a line feed may follow it.
  let left = byteLength(line)
  let at = 0
  while (left >= BUFFER) {
    const end = positionOfByte(line, at, BUFFER)
    const back = line.charCodeAt(end - 1) === RETURN ? 1 : 0
    at = end - back
    left -= BUFFER - back
  }
  return left === 0
}

/** The position so many bytes further; a character that the boundary cuts counts to neither side, which changes no count. */
function positionOfByte(line: string, from: number, bytes: number): number {
  let at = from
  for (let count = 0; count < bytes && at < line.length; at++) {
    const code = line.charCodeAt(at)
    count += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3
  }
  return at
}
