import type { NodeSelectorRequirementWithMinValues } from '../api/karpenter.ts'
import { type Bound, larger, oneLess, oneMore, readBound, smaller, withinBounds } from './bounds.ts'
import { CORE_LABEL_ALIASES } from './well-known-labels.ts'

/** What a requirement shows as once bounds are apart from it; upstream's Gt, Gte, Lt and Lte show as Exists. */
export type RequirementOperator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'

/** From this many values on a hash is faster than a walk. */
const MANY_VALUES = 9

const NO_VALUES: readonly string[] = []

/**
 * What one label may be: the values listed, or with `complement` all but those listed, further limited by bounds. Immutable.
 * A bounded one is always a complement (`Requirement`, karpenter `pkg/scheduling/requirement.go`, v1.14.1).
 */
export class Requirement {
  readonly key: string
  readonly complement: boolean
  /** Each once, ascending; those excluded if `complement`. */
  readonly values: readonly string[]
  /** Least integer allowed. */
  readonly gte: Bound | undefined
  /** Greatest integer allowed. */
  readonly lte: Bound | undefined
  /** How many different values a NodeClaim's instance types must offer at least. */
  readonly minValues: number | undefined
  private readonly hash: ReadonlySet<string> | undefined

  private constructor(
    key: string,
    complement: boolean,
    values: readonly string[],
    gte: Bound | undefined,
    lte: Bound | undefined,
    minValues: number | undefined,
  ) {
    this.key = key
    this.complement = complement
    this.values = values
    this.gte = gte
    this.lte = lte
    this.minValues = minValues
    this.hash = values.length < MANY_VALUES ? undefined : new Set(values)
  }

  /**
   * Reads one as the API spells it; an old key is replaced by what it is an alias of. Nothing is refused: an unknown operator
   * counts as Exists and a bound that is no integer as 0, as upstream.
   */
  static read(spec: NodeSelectorRequirementWithMinValues, aliases = CORE_LABEL_ALIASES): Requirement {
    const key = aliases.get(spec.key) ?? spec.key
    const listed = spec.values ?? NO_VALUES
    const minValues = spec.minValues ?? undefined
    switch (spec.operator) {
      case 'In':
        return new Requirement(key, false, ascending(listed), undefined, undefined, minValues)
      case 'NotIn':
        return new Requirement(key, true, ascending(listed), undefined, undefined, minValues)
      case 'DoesNotExist':
        return Requirement.doesNotExist(key, minValues)
      case 'Gt': {
        const gte = oneMore(readBound(listed[0] ?? ''))
        // Above the largest integer is nothing; upstream forgets minValues here.
        return gte === undefined ? Requirement.doesNotExist(key) : Requirement.bounded(key, gte, undefined, minValues)
      }
      case 'Lt':
        return Requirement.bounded(key, undefined, oneLess(readBound(listed[0] ?? '')), minValues)
      case 'Gte':
        return Requirement.bounded(key, readBound(listed[0] ?? ''), undefined, minValues)
      case 'Lte':
        return Requirement.bounded(key, undefined, readBound(listed[0] ?? ''), minValues)
      default:
        return Requirement.bounded(key, undefined, undefined, minValues)
    }
  }

  /** `key In values`; no value at all is DoesNotExist. */
  static in(key: string, values: readonly string[], minValues?: number): Requirement {
    return new Requirement(key, false, ascending(values), undefined, undefined, minValues)
  }

  static exists(key: string): Requirement {
    return Requirement.bounded(key, undefined, undefined, undefined)
  }

  static doesNotExist(key: string, minValues?: number): Requirement {
    return new Requirement(key, false, NO_VALUES, undefined, undefined, minValues)
  }

  private static bounded(
    key: string,
    gte: Bound | undefined,
    lte: Bound | undefined,
    minValues: number | undefined,
  ): Requirement {
    return new Requirement(key, true, NO_VALUES, gte, lte, minValues)
  }

  get operator(): RequirementOperator {
    if (this.complement) return this.values.length > 0 ? 'NotIn' : 'Exists'
    return this.values.length > 0 ? 'In' : 'DoesNotExist'
  }

  /** NotIn or DoesNotExist: a label that is absent meets it. */
  get allowsAbsence(): boolean {
    return this.complement === this.values.length > 0
  }

  /** Whether the label may have this value. */
  has(value: string): boolean {
    return this.lists(value) !== this.complement && withinBounds(value, this.gte, this.lte)
  }

  /** Whether the value is listed: allowed by In, excluded by NotIn. */
  private lists(value: string): boolean {
    return this.hash === undefined ? this.values.includes(value) : this.hash.has(value)
  }

  /**
   * What both allow, with the larger minValues. Bounds that leave nothing make DoesNotExist, and so does a list of which nothing
   * is left; the excluded values of a bounded one are kept only where they lie within the bounds.
   */
  intersection(other: Requirement): Requirement {
    if (this === other) return this
    const gte = larger(this.gte, other.gte)
    const lte = smaller(this.lte, other.lte)
    const minValues = larger(this.minValues, other.minValues)
    if (gte !== undefined && lte !== undefined && gte > lte) return Requirement.doesNotExist(this.key, minValues)
    if (this.complement && other.complement) {
      const excluded = union(this.values, other.values)
      const values = excluded.filter(value => withinBounds(value, gte, lte))
      const both = new Requirement(this.key, true, values, gte, lte, minValues)
      return both.isNoMoreThan(this) ? this : both.isNoMoreThan(other) ? other : both
    }
    const [listing, asked] = this.isWalkedRatherThan(other) ? [this, other] : [other, this]
    const values = listing.values.filter(
      value => asked.lists(value) !== asked.complement && withinBounds(value, gte, lte),
    )
    const both = new Requirement(this.key, false, values, undefined, undefined, minValues)
    return both.isNoMoreThan(listing) ? listing : both.isNoMoreThan(asked) ? asked : both
  }

  /** Whether this, an intersection, is the same as one of the two: then that is returned, so that who holds it sees no change. */
  private isNoMoreThan({ complement, values, gte, lte, minValues }: Requirement): boolean {
    if (this.complement !== complement || this.values.length !== values.length) return false
    return this.gte === gte && this.lte === lte && this.minValues === minValues
  }

  /** Of two that are not both complements: the one to walk is one that lists what it allows, the shorter of two such. */
  private isWalkedRatherThan(other: Requirement): boolean {
    return !this.complement && (other.complement || this.values.length <= other.values.length)
  }

  /** Whether some value meets both. Two complements count as if some did, though bounds and exclusions may leave none. */
  hasIntersection(other: Requirement): boolean {
    const gte = larger(this.gte, other.gte)
    const lte = smaller(this.lte, other.lte)
    if (gte !== undefined && lte !== undefined && gte > lte) return false
    if (this.complement && other.complement) return true
    const [walked, asked] = this.isWalkedRatherThan(other) ? [this, other] : [other, this]
    for (const value of walked.values) {
      if (asked.lists(value) !== asked.complement && withinBounds(value, gte, lte)) return true
    }
    return false
  }

  /** The same without minValues or with another. */
  withMinValues(minValues: number | undefined): Requirement {
    if (minValues === this.minValues) return this
    return new Requirement(this.key, this.complement, this.values, this.gte, this.lte, minValues)
  }

  /**
   * As a NodeClaim stores it: one entry, or two where there are two bounds. Excluded values beside a bound are lost, as upstream
   * (`NodeSelectorRequirements`, karpenter `pkg/scheduling/requirements.go`, v1.14.1).
   */
  serialize(): readonly NodeSelectorRequirementWithMinValues[] {
    const least = this.minValues === undefined ? {} : { minValues: this.minValues }
    if (this.gte === undefined && this.lte === undefined) {
      const listed = this.values.length > 0 ? { values: this.values } : {}
      return [{ key: this.key, operator: this.operator, ...listed, ...least }]
    }
    const entries: NodeSelectorRequirementWithMinValues[] = []
    if (this.gte !== undefined) entries.push({ key: this.key, operator: 'Gte', values: [`${this.gte}`], ...least })
    if (this.lte !== undefined) entries.push({ key: this.key, operator: 'Lte', values: [`${this.lte}`], ...least })
    return entries
  }

  /** As Karpenter writes it in its messages, at most five values in full. */
  toString(): string {
    let text = `${this.key} ${this.operator}`
    if (this.values.length > 0) {
      const shown =
        this.values.length > 5 ? [...this.values.slice(0, 5), `and ${this.values.length - 5} others`] : this.values
      text += ` [${shown.join(' ')}]`
    }
    if (this.gte !== undefined) text += ` >=${this.gte}`
    if (this.lte !== undefined) text += ` <=${this.lte}`
    return this.minValues === undefined ? text : `${text} minValues ${this.minValues}`
  }
}

/** Whether a label can meet both: some value does, or both allow it to be absent (`Intersects`, karpenter `pkg/scheduling/requirements.go`, v1.14.1). */
export function requirementsMeet(a: Requirement, b: Requirement): boolean {
  return a.hasIntersection(b) || (a.allowsAbsence && b.allowsAbsence)
}

function ascending(values: readonly string[]): readonly string[] {
  if (values.length < 2) return values
  return [...new Set(values)].sort((a, b) => (a < b ? -1 : 1))
}

function union(a: readonly string[], b: readonly string[]): readonly string[] {
  if (a.length === 0) return b
  return b.length === 0 ? a : ascending([...a, ...b])
}
