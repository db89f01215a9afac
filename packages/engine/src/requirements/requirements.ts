import type { NodeSelectorRequirementWithMinValues } from '../api/karpenter.ts'
import type { SelectorRequirement, StringMap } from '../api/meta.ts'
import { goQuote } from '../go-text.ts'
import { Requirement, requirementsMeet } from './requirement.ts'
import { CORE_LABEL_ALIASES } from './well-known-labels.ts'

/** Why one set is not compatible with another; texts are Karpenter's own without its guess at a typo, in ascending order. */
export type Incompatibility =
  /** Labels that the other side asks for and this one does not define. Karpenter names one of them, at random. */
  | { readonly kind: 'undefined'; readonly keys: readonly string[]; readonly texts: readonly string[] }
  /** Labels for which no value meets both. */
  | { readonly kind: 'disjoint'; readonly keys: readonly string[]; readonly texts: readonly string[] }

const NONE: ReadonlySet<string> = new Set()

/**
 * Requirements by label key, at most one each; a label without one is open. Immutable: what changes it makes another
 * (`Requirements`, karpenter `pkg/scheduling/requirements.go`, v1.14.1).
 */
export class Requirements {
  static readonly EMPTY = new Requirements(new Map())

  private readonly byKey: ReadonlyMap<string, Requirement>

  private constructor(byKey: ReadonlyMap<string, Requirement>) {
    this.byKey = byKey
  }

  /** All of these together: several of one key are intersected. */
  static of(requirements: Iterable<Requirement>): Requirements {
    return Requirements.EMPTY.add(requirements)
  }

  /** Reads requirements as a NodePool, a NodeClaim or a node selector term spells them. */
  static read(
    specs: readonly (NodeSelectorRequirementWithMinValues | SelectorRequirement)[] | undefined,
    aliases = CORE_LABEL_ALIASES,
  ): Requirements {
    return Requirements.of((specs ?? []).map(spec => Requirement.read(spec, aliases)))
  }

  /** Each label as `key In [value]`; labels of an old and a new key are intersected. */
  static ofLabels(labels: StringMap | undefined, aliases = CORE_LABEL_ALIASES): Requirements {
    const made: Requirement[] = []
    for (const [key, value] of Object.entries(labels ?? {})) made.push(Requirement.in(aliases.get(key) ?? key, [value]))
    return Requirements.of(made)
  }

  get size(): number {
    return this.byKey.size
  }

  has(key: string): boolean {
    return this.byKey.has(key)
  }

  /** What is required of a label; `Exists` where nothing is. */
  get(key: string): Requirement {
    return this.byKey.get(key) ?? Requirement.exists(key)
  }

  /** What is required of a label, if anything is. */
  find(key: string): Requirement | undefined {
    return this.byKey.get(key)
  }

  /** In the order in which their keys came. */
  values(): IterableIterator<Requirement> {
    return this.byKey.values()
  }

  /** These and those: what both have is intersected. Returns itself where nothing changes. */
  add(requirements: Iterable<Requirement> | Requirements): Requirements {
    let byKey: Map<string, Requirement> | undefined
    const added = requirements instanceof Requirements ? requirements.byKey.values() : requirements
    for (const requirement of added) {
      const existing = (byKey ?? this.byKey).get(requirement.key)
      const both = existing === undefined ? requirement : existing.intersection(requirement)
      if (both === existing) continue
      byKey ??= new Map(this.byKey)
      byKey.set(both.key, both)
    }
    return byKey === undefined ? this : new Requirements(byKey)
  }

  /** These with some set in place of what was required of their keys. */
  replace(requirements: Iterable<Requirement>): Requirements {
    const byKey = new Map(this.byKey)
    for (const requirement of requirements) byKey.set(requirement.key, requirement)
    return new Requirements(byKey)
  }

  /** These less what is required of some keys. */
  without(...keys: readonly string[]): Requirements {
    if (!keys.some(key => this.byKey.has(key))) return this
    const byKey = new Map(this.byKey)
    for (const key of keys) byKey.delete(key)
    return new Requirements(byKey)
  }

  /**
   * Whether what `incoming` asks can be met by what this offers. A label that this does not define is refused unless it is among
   * `allowUndefined` or its absence is what is asked. Not symmetric.
   */
  compatible(incoming: Requirements, allowUndefined: ReadonlySet<string> = NONE): boolean {
    for (const requirement of incoming.byKey.values()) {
      const existing = this.byKey.get(requirement.key)
      if (existing === undefined) {
        if (!requirement.allowsAbsence && !allowUndefined.has(requirement.key)) return false
      } else if (!requirementsMeet(existing, requirement)) return false
    }
    return true
  }

  /** Whether every label that both name has a value that meets both, or may be absent by both. Symmetric. */
  intersects(other: Requirements): boolean {
    const [fewer, more] = this.byKey.size <= other.byKey.size ? [this, other] : [other, this]
    for (const requirement of fewer.byKey.values()) {
      const existing = more.byKey.get(requirement.key)
      if (existing !== undefined && !requirementsMeet(existing, requirement)) return false
    }
    return true
  }

  /** Why `compatible` says no, or undefined where it says yes. Cold: makes the texts. */
  incompatibility(incoming: Requirements, allowUndefined: ReadonlySet<string> = NONE): Incompatibility | undefined {
    const keys: string[] = []
    for (const { key, allowsAbsence } of incoming.byKey.values()) {
      if (!this.byKey.has(key) && !allowsAbsence && !allowUndefined.has(key)) keys.push(key)
    }
    if (keys.length === 0) return this.disjointness(incoming)
    keys.sort(byText)
    return { kind: 'undefined', keys, texts: keys.map(key => `label ${goQuote(key)} does not have known values`) }
  }

  /** Why `intersects` says no, or undefined where it says yes. Cold: makes the texts. */
  disjointness(incoming: Requirements): Incompatibility | undefined {
    const keys: string[] = []
    const texts: string[] = []
    for (const requirement of incoming.byKey.values()) {
      const existing = this.byKey.get(requirement.key)
      if (existing === undefined || requirementsMeet(existing, requirement)) continue
      keys.push(requirement.key)
      texts.push(`key ${requirement.key}, ${requirement} not in ${existing}`)
    }
    return keys.length === 0 ? undefined : { kind: 'disjoint', keys: keys.sort(byText), texts: texts.sort(byText) }
  }

  /** Whether any of them asks for a number of different values. */
  get hasMinValues(): boolean {
    for (const { minValues } of this.byKey.values()) if (minValues !== undefined) return true
    return false
  }

  /** As a NodeClaim stores them, by key. */
  serialize(): readonly NodeSelectorRequirementWithMinValues[] {
    const sorted = [...this.byKey.values()].sort((a, b) => byText(a.key, b.key))
    return sorted.flatMap(requirement => requirement.serialize())
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
