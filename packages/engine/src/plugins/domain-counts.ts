import type { LabelColumns } from '../snapshot/label-columns.ts'
import { ABSENT } from '../snapshot/label-columns.ts'
import type { DomainCounts } from '../snapshot/matching-pods.ts'

/** Numbers by value of one topology key that belong to one pod's filter: unlike the snapshot's they change only when it is told. */
export class OwnDomains {
  readonly values: Int32Array
  /** How many values have a number that is not 0. */
  used = 0
  private counts: Int32Array

  constructor(topologyKey: string, labels: LabelColumns) {
    const { values, interner } = labels.column(topologyKey)
    this.values = values
    this.counts = new Int32Array(interner.size)
  }

  /** The number of the node's domain; 0 for a node without the key. */
  of(node: number): number {
    const value = this.values[node]!
    return value === ABSENT ? 0 : this.counts[value]!
  }

  has(node: number): boolean {
    return this.values[node] !== ABSENT
  }

  add(node: number, by: number): void {
    const value = this.values[node]!
    if (value !== ABSENT) this.addTo(value, by)
  }

  addAll({ counts }: DomainCounts): void {
    for (let value = 0; value < counts.length; value++) if (counts[value] !== 0) this.addTo(value, counts[value]!)
  }

  save(): () => void {
    const counts = this.counts.slice()
    const { used } = this
    return () => {
      this.counts = counts
      this.used = used
    }
  }

  private addTo(value: number, by: number): void {
    const before = this.counts[value]!
    this.counts[value] = before + by
    if (before === 0) this.used++
    if (before + by === 0) this.used--
  }
}

/** Such numbers for several topology keys. */
export class KeyedDomains {
  private readonly labels: LabelColumns
  private readonly keys: string[] = []
  private readonly domains: OwnDomains[] = []

  constructor(labels: LabelColumns) {
    this.labels = labels
  }

  /** Those of a key, made at the first call. */
  of(topologyKey: string): OwnDomains {
    const known = this.keys.indexOf(topologyKey)
    if (known >= 0) return this.domains[known]!
    const made = new OwnDomains(topologyKey, this.labels)
    this.keys.push(topologyKey)
    this.domains.push(made)
    return made
  }

  /** No domain of any key has a number. */
  get isEmpty(): boolean {
    for (let index = 0; index < this.domains.length; index++) if (this.domains[index]!.used > 0) return false
    return true
  }

  /** No domain that the node is in has a number above 0. */
  isZero(node: number): boolean {
    for (let index = 0; index < this.domains.length; index++) if (this.domains[index]!.of(node) > 0) return false
    return true
  }

  save(): () => void {
    const restore = this.domains.map(domains => domains.save())
    const { length } = this.domains
    return () => {
      for (const put of restore) put()
      // A key that came later had no numbers then.
      this.keys.length = length
      this.domains.length = length
    }
  }
}
