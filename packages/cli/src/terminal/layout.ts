import type { Terminal } from './terminal.ts'
import { ascii, displayWidth, harmless } from './text.ts'

export type Paint = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan'

/** A piece of a line. Plain text may break at its spaces; a painted piece too unless `whole`. */
export type Span = string | { readonly text: string; readonly paint?: Paint; readonly whole?: boolean }

/** One paragraph: wrapped at the width, further lines indented by `hang` columns. */
export interface Line {
  readonly spans: readonly Span[]
  readonly hang: number
}

const SGR: Readonly<Record<Paint, string>> = { bold: '1', dim: '2', red: '31', yellow: '33', green: '32', cyan: '36' }

/** A paragraph of spans; `hang` indents its second and later lines. */
export function line(spans: readonly Span[] | Span, hang = 0): Line {
  return { spans: Array.isArray(spans) ? (spans as readonly Span[]) : [spans as Span], hang }
}

const SEPARATOR = '·'

/** UTF-16 units. Names have at most 253 and label values 63; only what no API server holds is longer than this. */
const LONGEST_WORD = 1000
const KEPT_OF_IT = 100

export const BLANK: Line = { spans: [], hang: 0 }

/** A span that is kept in one piece. */
export function whole(text: string, paint?: Paint): Span {
  return paint === undefined ? { text, whole: true } : { text, whole: true, paint }
}

export function painted(text: string, paint: Paint): Span {
  return { text, paint }
}

interface Word {
  readonly text: string
  readonly paint: Paint | undefined
  readonly width: number
  /** Spaces before the word, dropped at a line break. */
  readonly spaces: number
  /** A dot between two facts: no line starts with it. */
  readonly separates: boolean
}

/** Lines of text as they go out, wrapped and painted. A word wider than the terminal stands alone; only one of more than 1,000 characters is cut. */
export function layout(terminal: Terminal, lines: readonly Line[]): readonly string[] {
  return lines.flatMap(paragraph => wrap(terminal, paragraph))
}

function wrap(terminal: Terminal, paragraph: Line): readonly string[] {
  const out: string[] = []
  let row = new Row(0)
  for (const unit of unitsOf(wordsOf(terminal, paragraph.spans))) {
    const [first, ...others] = unit
    const width = first.width + others.reduce((sum, word) => sum + word.spaces + word.width, 0)
    if (first.spaces > 0 && row.column > paragraph.hang && row.column + first.spaces + width > terminal.width) {
      out.push(row.text(terminal.color))
      row = new Row(paragraph.hang)
      row.add({ ...first, spaces: 0 })
    } else row.add(first)
    for (const word of others) row.add(word)
  }
  out.push(row.text(terminal.color))
  return out
}

/** One line of the screen while it is filled; words of one colour that follow each other are painted in one go. */
class Row {
  column: number
  readonly #runs: { text: string; readonly paint: Paint | undefined }[]

  constructor(indent: number) {
    this.column = indent
    this.#runs = [{ text: ' '.repeat(indent), paint: undefined }]
  }

  add({ text, paint, width, spaces }: Word): void {
    const run = this.#runs.at(-1)
    if (run !== undefined && run.paint === paint) run.text += ' '.repeat(spaces) + text
    else {
      this.#runs.push({ text: ' '.repeat(spaces), paint: undefined }, { text, paint })
    }
    this.column += spaces + width
  }

  text(color: boolean): string {
    return this.#runs
      .map(({ text, paint }) => (color && paint !== undefined ? `\u001b[${SGR[paint]}m${text}\u001b[0m` : text))
      .join('')
  }
}

type Unit = [Word, ...Word[]]

/** Words with no space between them stay on one line, and a separating dot with the word before it. */
function unitsOf(words: readonly Word[]): readonly Unit[] {
  const units: Unit[] = []
  for (const word of words) {
    const unit = units.at(-1)
    if (unit === undefined || (word.spaces > 0 && !word.separates)) units.push([word])
    else unit.push(word)
  }
  return units
}

function wordsOf(terminal: Terminal, spans: readonly Span[]): readonly Word[] {
  const words: Word[] = []
  let spaces = 0
  for (const span of spans) {
    const {
      text,
      paint,
      whole: keep,
    } = typeof span === 'string' ? { text: span, paint: undefined, whole: false } : span
    const parts = (keep ? [text] : text.split(/( +)/)).map(part => {
      const safe = harmless(shortened(part))
      return terminal.unicode ? safe : ascii(safe)
    })
    for (const part of parts) {
      if (part === '') continue
      if (!keep && /^ +$/.test(part)) {
        spaces += part.length
        continue
      }
      words.push({
        text: part,
        paint,
        width: displayWidth(part),
        spaces,
        separates: text.includes(SEPARATOR) && (part === SEPARATOR || part === ascii(SEPARATOR)),
      })
      spaces = 0
    }
  }
  return words
}

function shortened(word: string): string {
  if (word.length <= LONGEST_WORD) return word
  return `${word.slice(0, KEPT_OF_IT)}…(${word.length} characters)`
}

/** Text padded with spaces on the right to `width` columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

/** Rows of equal columns: each as wide as its widest cell, two spaces between, the last one free to wrap. */
export function table(rows: readonly (readonly string[])[], indent = 0): readonly Line[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, displayWidth(harmless(cell)))
    })
  const hang = indent + widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0)
  return rows.map(row => {
    const cells = row.map((cell, index) =>
      index === widths.length - 1 ? cell : padded(harmless(cell), (widths[index] ?? 0) + 2),
    )
    const fixed = cells.slice(0, -1).join('')
    return line([whole(' '.repeat(indent) + fixed), cells.at(-1) ?? ''], hang <= 60 ? hang : indent + 4)
  })
}
