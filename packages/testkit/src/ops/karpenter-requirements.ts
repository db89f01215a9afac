import {
  CORE_WELL_KNOWN_LABELS,
  type NodeSelectorRequirementWithMinValues,
  type Requirement,
  Requirements,
} from '@everynode/engine'
import type { Op } from './op.ts'

interface RequirementsInput {
  readonly a?: readonly NodeSelectorRequirementWithMinValues[]
  readonly b?: readonly NodeSelectorRequirementWithMinValues[]
  readonly allowUndefinedWellKnown?: boolean
  readonly wellKnownLabels?: readonly string[]
}

export const requirementsOp: Op = {
  name: 'requirements',
  answer(input) {
    const { a, b, allowUndefinedWellKnown, wellKnownLabels = [] } = input as RequirementsInput
    const offered = Requirements.read(a)
    const incoming = Requirements.read(b)
    const wellKnown = new Set([...CORE_WELL_KNOWN_LABELS, ...wellKnownLabels])
    const both = offered.add(incoming)
    return {
      compatible: offered.compatible(incoming, allowUndefinedWellKnown ? wellKnown : undefined),
      intersects: offered.intersects(incoming),
      intersection: requirementResults(both),
      serialized: [...both.serialize()].sort((x, y) => (JSON.stringify(x) < JSON.stringify(y) ? -1 : 1)),
    }
  },
}

/** Requirements as the oracle's answers show them: by key, bounds inclusive and as text. */
export function requirementResults(requirements: Requirements, drop: readonly string[] = []): readonly unknown[] {
  return [...requirements.values()]
    .filter(({ key }) => !drop.includes(key))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(requirementResult)
}

function requirementResult({ key, operator, values, gte, lte, minValues }: Requirement): unknown {
  return {
    key,
    operator,
    ...(values.length > 0 ? { values } : {}),
    ...(gte === undefined ? {} : { gte: `${gte}` }),
    ...(lte === undefined ? {} : { lte: `${lte}` }),
    ...(minValues === undefined ? {} : { minValues }),
  }
}
