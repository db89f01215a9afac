import type { StringMap } from '../api/meta.ts'
import { Interner } from './interner.ts'

/** No label of this key. */
export const ABSENT = -1

/** The labels of all nodes under one key: a cell is the interned value of a node, or ABSENT. */
export interface LabelColumn {
  readonly values: Int32Array
  readonly interner: Interner
}

/** Node labels by key, each key turned into a column the first time that somebody asks for it. */
export class LabelColumns {
  private readonly columns = new Map<string, LabelColumn>()

  private readonly labels: readonly (StringMap | undefined)[]

  constructor(labels: readonly (StringMap | undefined)[]) {
    this.labels = labels
  }

  /** Costs a pass over all nodes at the first call for a key. */
  column(key: string): LabelColumn {
    const known = this.columns.get(key)
    if (known) return known
    const interner = new Interner()
    const values = new Int32Array(this.labels.length)
    for (let node = 0; node < values.length; node++) {
      const labels = this.labels[node]
      values[node] = labels && Object.hasOwn(labels, key) ? interner.id(String(labels[key])) : ABSENT
    }
    const column = { values, interner }
    this.columns.set(key, column)
    return column
  }
}
