import type { NodeSelector } from '../api/core.ts'
import { type LabelRequirement, requirementMatches } from '../labels.ts'
import { compileNodeTerms } from '../node-affinity.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { ABSENT } from '../snapshot/label-columns.ts'

/** One requirement over a label column: whether the label's absence meets it, and which of its interned values do. */
export interface ColumnCheck {
  readonly values: Int32Array
  readonly absent: boolean
  readonly allowed: Uint8Array
}

/** Asks a requirement of every different value of its label once. */
export function columnCheck(requirement: LabelRequirement, { labels }: ClusterSnapshot): ColumnCheck {
  const { values, interner } = labels.column(requirement.key)
  const allowed = new Uint8Array(interner.size)
  for (let id = 0; id < allowed.length; id++) {
    allowed[id] = requirementMatches(requirement, { [requirement.key]: interner.text(id) }) ? 1 : 0
  }
  return { values, absent: requirementMatches(requirement, {}), allowed }
}

/** Does a node meet the requirement? */
export function meets(check: ColumnCheck, node: number): boolean {
  const value = check.values[node]!
  return value === ABSENT ? check.absent : check.allowed[value] === 1
}

/** Does a node meet all of them? */
export function meetsAll(checks: readonly ColumnCheck[], node: number): boolean {
  for (let index = 0; index < checks.length; index++) if (!meets(checks[index]!, node)) return false
  return true
}

/** Does a node meet all requirements of one list? An absent choice is met by every node, an empty one by none. */
export function meetsAny(choice: readonly (readonly ColumnCheck[])[] | undefined, node: number): boolean {
  if (choice === undefined) return true
  for (let index = 0; index < choice.length; index++) if (meetsAll(choice[index]!, node)) return true
  return false
}

/**
 * The node affinity of a volume over label columns: terms by label, a term that cannot be parsed left out, fields not asked
 * (`CheckNodeAffinity`, component-helpers `storage/volume/helpers.go`, v0.36.2).
 */
export function volumeAffinity(
  required: NodeSelector | undefined,
  snapshot: ClusterSnapshot,
): readonly (readonly ColumnCheck[])[] | undefined {
  if (required === undefined) return undefined
  return compileNodeTerms(required.nodeSelectorTerms ?? [], snapshot.version)
    .filter(({ errors }) => errors.length === 0)
    .map(({ labels }) => labels.map(requirement => columnCheck(requirement, snapshot)))
}
