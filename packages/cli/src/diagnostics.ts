import type { Diagnostic } from '@everynode/source'
import { type Line, layout, line, painted, whole } from './terminal/layout.ts'
import type { Terminal } from './terminal/terminal.ts'
import { displayWidth, harmless } from './terminal/text.ts'

/** More diagnostics of one code than this are counted, not printed. */
const MOST_OF_A_CODE = 5
/** Room for the excerpt of a line with something unusually long in it. */
const LONGEST_EXCERPT = 240

/** `error: pods.yaml:14:21: invalid quantity "1.5GiB" [invalid-quantity]`, the line of the source with a caret, the note. */
export function diagnosticLines(terminal: Terminal, diagnostic: Diagnostic): readonly Line[] {
  const { place, severity, message, code, note, related = [] } = diagnostic
  const at = place === undefined ? '' : `${place.file}:${place.line}:${place.column}: `
  const lines = [
    line(
      [
        painted(`${severity}:`, severity === 'error' ? 'red' : 'yellow'),
        ' ',
        painted(`${at}${message} [${code}]`, 'bold'),
      ],
      2,
    ),
  ]
  const gutter = ' '.repeat(String(place?.line ?? '').length)
  lines.push(...excerptLines(terminal, diagnostic, gutter))
  for (const { message: text, place: other } of related)
    lines.push(line([whole(`${gutter} = `), `${text}: ${other.file}:${other.line}:${other.column}`], gutter.length + 3))
  if (note !== undefined) lines.push(line([whole(`${gutter} = `), note], gutter.length + 3))
  return lines
}

function excerptLines(
  terminal: Terminal,
  { place, excerpt, excerptColumn = 1 }: Diagnostic,
  gutter: string,
): readonly Line[] {
  if (place === undefined || excerpt === undefined) return []
  const { start, text } = windowOf(
    excerpt,
    place.column - excerptColumn,
    Math.max(20, Math.min(LONGEST_EXCERPT, terminal.width - gutter.length - 3)),
  )
  const before = Math.max(0, place.column - excerptColumn - start)
  const wanted = place.endColumn === undefined ? 1 : place.endColumn - place.column
  const marked = [...text].slice(before, before + Math.max(1, wanted)).join('')
  const caret =
    ' '.repeat(displayWidth(harmless([...text].slice(0, before).join('')))) +
    '^'.repeat(Math.max(1, displayWidth(harmless(marked))))
  return [
    line(whole(`${gutter} |`, 'dim')),
    line([whole(`${place.line} | `, 'dim'), whole(text)]),
    line([whole(`${gutter} | `, 'dim'), whole(caret, 'red')]),
  ]
}

/** The part of a long line around `column` (from 0), in characters. */
function windowOf(excerpt: string, column: number, width: number): { readonly start: number; readonly text: string } {
  const characters = [...excerpt]
  if (characters.length <= width) return { start: 0, text: excerpt }
  const start = Math.max(0, Math.min(column - Math.floor(width / 3), characters.length - width))
  return { start, text: characters.slice(start, start + width).join('') }
}

/** All diagnostics as text for stderr; of many with one code the first few, then their number. */
export function diagnosticsText(terminal: Terminal, diagnostics: readonly Diagnostic[]): string {
  const seen = new Map<string, number>()
  const lines: Line[] = []
  for (const diagnostic of diagnostics) {
    const before = seen.get(diagnostic.code) ?? 0
    seen.set(diagnostic.code, before + 1)
    if (before < MOST_OF_A_CODE) lines.push(...diagnosticLines(terminal, diagnostic))
  }
  for (const [code, found] of seen) {
    if (found > MOST_OF_A_CODE) lines.push(line(`and ${found - MOST_OF_A_CODE} more of [${code}]`, 2))
  }
  return layout(terminal, lines)
    .map(text => `${text}\n`)
    .join('')
}

/** The named object stands in the input, and an error keeps it out: what to say in place of "there is none". */
export function leftOut(
  diagnostics: readonly Diagnostic[],
  kind: string,
  name: string,
  namespace: string | undefined,
): Diagnostic | undefined {
  for (const { severity, message } of diagnostics) {
    const [, of, place, own] = LEFT_OUT.exec(message) ?? []
    if (severity !== 'error' || of !== kind || own !== name) continue
    if (namespace !== undefined && namespace !== (place ?? 'default')) continue
    return failure(
      'left-out',
      `${kind} "${place === undefined ? '' : `${place}/`}${name}" is in the input, but its errors keep it out`,
      'They are listed above.',
    )
  }
  return undefined
}

const LEFT_OUT = /^(\w+) "(?:([^"/]+)\/)?([^"/]+)" is left out: /

/** An error of the command line itself, in the same form. */
export function failure(code: string, message: string, note?: string): Diagnostic {
  return note === undefined ? { code, severity: 'error', message } : { code, severity: 'error', message, note }
}
