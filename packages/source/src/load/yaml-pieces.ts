/** A part of a YAML file that is parsed by itself. */
export interface YamlPiece {
  /** The members before and after the `items` of a long list, one element of it (as a list of one), or a whole document. */
  readonly kind: 'document' | 'listHead' | 'item' | 'listTail'
  readonly text: string
  /** From 1. */
  readonly firstLine: number
}

/** A document that is shorter is parsed as a whole, so that an anchor may be used in another element of a list. */
const MAX_WHOLE = 1 << 20
/** Beyond this a piece is left out: nothing in a cluster is described by so much text. */
export const MAX_PIECE = 64 * 2 ** 20

const ITEMS = /^"?items"?:[ \t]*(?:#.*)?$/
const FIRST_ITEM = /^( *)- /

/**
 * Cuts YAML into documents as kubectl does, at lines that begin with `---`, and a long `kind: List` document further into its
 * elements, so that a dump of any length is read one object at a time. Pieces of a document end with their line break.
 */
export class YamlPieces {
  private readonly emit: (piece: YamlPiece) => void
  private readonly badSeparator: (text: string, line: number) => void
  private readonly tooLong: (line: number) => void
  private readonly maxWhole: number
  private rest = ''
  private line: number
  private lines: string[] = []
  private length = 0
  private firstLine: number
  private mode: 'document' | 'item' | 'listTail' = 'document'
  /** Index in `lines` of `items:` in a document that was not cut yet. */
  private itemsAt: number | undefined
  private itemIndent = ''
  private dropping = false

  constructor(events: {
    readonly piece: (piece: YamlPiece) => void
    /** A separator with something other than a comment behind its dashes. */
    readonly badSeparator: (text: string, line: number) => void
    /** A piece is larger than `MAX_PIECE`. */
    readonly tooLong: (line: number) => void
    readonly firstLine?: number
    readonly maxWhole?: number
  }) {
    this.emit = events.piece
    this.badSeparator = events.badSeparator
    this.tooLong = events.tooLong
    this.maxWhole = events.maxWhole ?? MAX_WHOLE
    this.line = events.firstLine ?? 1
    this.firstLine = this.line
  }

  push(text: string): void {
    const all = this.rest + text
    let from = 0
    for (;;) {
      const end = all.indexOf('\n', from)
      if (end < 0) break
      this.addLine(all.slice(from, end + 1))
      from = end + 1
    }
    this.rest = all.slice(from)
  }

  finish(): void {
    if (this.rest !== '') this.addLine(this.rest)
    this.rest = ''
    this.endDocument()
  }

  private addLine(line: string): void {
    if (line.startsWith('---')) {
      this.endDocument()
      const behind = line.slice(3).trim()
      if (behind !== '' && !behind.startsWith('#')) this.badSeparator(behind, this.line)
      this.line++
      this.firstLine = this.line
      return
    }
    if (this.mode === 'document') this.documentLine(line)
    else this.listLine(line)
    this.line++
  }

  private documentLine(line: string): void {
    if (this.itemsAt === undefined && ITEMS.test(line.trimEnd())) this.itemsAt = this.lines.length
    this.keep(line)
    if (this.length > this.maxWhole && this.itemsAt !== undefined) this.cutList()
  }

  private keep(line: string): void {
    this.length += line.length
    if (this.length > MAX_PIECE) {
      if (!this.dropping) this.tooLong(this.firstLine)
      this.dropping = true
      this.lines = []
      return
    }
    this.lines.push(line)
  }

  /** The document is long and has `items`: gives what was gathered piece by piece and goes on so. */
  private cutList(): void {
    const { lines, itemsAt, firstLine } = this
    if (itemsAt === undefined) return
    const firstLineBehind = lines.slice(itemsAt + 1).find(line => !isEmptyLine(line))
    if (firstLineBehind === undefined) return
    const first = FIRST_ITEM.exec(firstLineBehind)
    if (first === null) {
      this.itemsAt = undefined
      return
    }
    this.itemIndent = first[1]!
    this.emit({ kind: 'listHead', text: lines.slice(0, itemsAt).join(''), firstLine })
    const now = this.line
    this.begin('item', firstLine + itemsAt + 1)
    this.line = this.firstLine
    for (const line of lines.slice(itemsAt + 1)) {
      this.listLine(line)
      this.line++
    }
    this.line = now
  }

  private listLine(line: string): void {
    if (this.mode === 'item' && !isEmptyLine(line)) {
      const { itemIndent } = this
      const startsItem = line.startsWith(`${itemIndent}-`) && /[\s]/.test(line[itemIndent.length + 1] ?? '\n')
      const isBelow = line.startsWith(`${itemIndent} `)
      if (startsItem) this.flush('item')
      else if (!isBelow) this.flush('listTail')
    }
    this.keep(line)
  }

  private flush(next: 'item' | 'listTail'): void {
    this.give()
    this.begin(next, this.line)
  }

  private give(): void {
    const text = this.lines.join('')
    if (!this.dropping && (this.mode !== 'item' || text.trim() !== '')) {
      this.emit({ kind: this.mode, text, firstLine: this.firstLine })
    }
  }

  private begin(mode: 'document' | 'item' | 'listTail', firstLine: number): void {
    this.mode = mode
    this.lines = []
    this.length = 0
    this.dropping = false
    this.firstLine = firstLine
  }

  private endDocument(): void {
    const { mode } = this
    this.give()
    if (mode === 'item') this.emit({ kind: 'listTail', text: '', firstLine: this.line })
    this.begin('document', this.line)
    this.itemsAt = undefined
  }
}

function isEmptyLine(line: string): boolean {
  const text = line.trim()
  return text === '' || text.startsWith('#')
}

/** Cuts one document that has `items` into pieces, whatever its length; a single piece if it has none in block style. */
export function cutDocument(text: string, firstLine: number): readonly YamlPiece[] {
  const pieces: YamlPiece[] = []
  const cutter = new YamlPieces({
    piece: piece => pieces.push(piece),
    badSeparator: () => undefined,
    tooLong: () => undefined,
    firstLine,
    maxWhole: 0,
  })
  cutter.push(text)
  cutter.finish()
  return pieces
}
