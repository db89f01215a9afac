import { ABSENT, COLUMNS, type Column, DITTO } from './columns.ts'

const INDEX: ReadonlyMap<Column, number> = new Map(COLUMNS.map((column, index) => [column, index]))

/** The words of one instance type by column. */
export class Row {
  readonly #words: readonly string[]

  constructor(words: readonly string[]) {
    this.#words = words
  }

  /** The word of a column; undefined where the type has nothing of it. */
  get(column: Column): string | undefined {
    const word = this.#words[INDEX.get(column) ?? -1]
    return word === ABSENT ? undefined : word
  }
}

/** The rows of a table as text, by the name of the instance type, in its order. */
export function readRows(table: string): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>()
  let above: readonly string[] = []
  for (const line of table.split('\n')) {
    if (line === '') continue
    const words = line.split(' ')
    for (let i = 0; i < words.length; i++) if (words[i] === DITTO) words[i] = above[i] ?? ABSENT
    above = words
    rows.set(words[0] ?? '', new Row(words))
  }
  return rows
}
