import { ABSENT, COLUMNS, type Column, DITTO } from './columns.ts'

/** The words of one instance type by column; a column that it has not is absent. */
export type Row = ReadonlyMap<Column, string>

/** The rows of a table as text, by the name of the instance type, in its order. */
export function readRows(table: string): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>()
  let above: readonly string[] = []
  for (const line of table.split('\n')) {
    if (line === '') continue
    const words = line.split(' ').map((word, index) => (word === DITTO ? (above[index] ?? ABSENT) : word))
    above = words
    const row = new Map<Column, string>()
    for (const [index, column] of COLUMNS.entries()) {
      const word = words[index] ?? ABSENT
      if (word !== ABSENT) row.set(column, word)
    }
    rows.set(row.get('name') ?? '', row)
  }
  return rows
}
