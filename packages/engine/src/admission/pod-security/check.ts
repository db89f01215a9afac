import type { ObjectMeta } from '../../api/meta.ts'
import type { FullPodSpec } from '../pod-model.ts'

/** One check of a Pod Security level, with what it says since which minor version of the policy. */
export interface SecurityCheck {
  readonly id: string
  /** By version, oldest first. */
  readonly versions: readonly SecurityCheckVersion[]
  /** Checks of the baseline level that this one stands in for. */
  readonly overrides?: readonly string[]
}

interface SecurityCheckVersion {
  /** Minor version 1.N. */
  readonly since: number
  readonly check: (metadata: ObjectMeta, spec: FullPodSpec) => Violation | undefined
}

/** Printed as `reason (detail)`. */
export interface Violation {
  readonly reason: string
  readonly detail: string
}
