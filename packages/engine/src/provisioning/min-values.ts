import type { KarpenterDifferences } from '../karpenter-versions.ts'
import type { Requirements } from '../requirements/requirements.ts'
import type { InstanceType } from './instance-type.ts'

const COUNTS_ALL = { minValuesCountsAllowed: false }

/** How far instance types, in their order, meet what requirements ask of their variety. */
export interface MinValuesAnswer {
  /** How many of the first instance types are enough; all of them where they are not enough, 0 where nothing is asked. */
  readonly needed: number
  /** Labels of which there are too few different values, with the number that there is. Empty where it is enough. */
  readonly unmet: ReadonlyMap<string, number>
}

/**
 * Whether instance types offer as many different values of each label as its minValues asks (`SatisfiesMinValues`, karpenter
 * `pkg/cloudprovider/types.go`, v1.14.1). What a type lists counts, also where it lists what is excluded; since 1.15 only what the
 * requirement allows does.
 */
export function satisfiesMinValues(
  types: readonly InstanceType[],
  requirements: Requirements,
  { minValuesCountsAllowed }: Pick<KarpenterDifferences, 'minValuesCountsAllowed'> = COUNTS_ALL,
): MinValuesAnswer {
  const asked = [...requirements.values()].filter(({ minValues }) => minValues !== undefined)
  const unmet = new Map<string, number>()
  if (asked.length === 0) return { needed: 0, unmet }
  const seen = asked.map(() => new Set<string>())
  for (const [index, type] of types.entries()) {
    for (const [at, requirement] of asked.entries()) {
      const { key, minValues = 0 } = requirement
      const values = seen[at]!
      for (const value of type.requirements.find(key)?.values ?? []) {
        if (!minValuesCountsAllowed || requirement.has(value)) values.add(value)
      }
      if (values.size < minValues) unmet.set(key, values.size)
      else unmet.delete(key)
    }
    if (unmet.size === 0) return { needed: index + 1, unmet }
  }
  return { needed: types.length, unmet }
}
