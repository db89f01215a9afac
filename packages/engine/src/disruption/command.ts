import type { PlannedNodeClaim } from '../provisioning/types.ts'
import type { PoolScore } from './balanced.ts'
import type { Candidate } from './candidate.ts'
import type { Simulation } from './simulation.ts'

/** Nodes to remove together, and what is launched in their place first. */
export interface DisruptionCommand {
  readonly decision: 'delete' | 'replace'
  readonly candidates: readonly Candidate[]
  readonly replacements: readonly PlannedNodeClaim[]
  /** Where the pods would go; absent for empty nodes, of which none was asked. */
  readonly simulation?: Simulation
  /** USD per hour that are no longer spent, by what the nodes cost and the cheapest offering of each replacement. */
  readonly savings: number
  /** Of NodePools with the policy Balanced. */
  readonly scores?: readonly PoolScore[]
}

/** What a method makes of candidates: a command, or why there is none; without text where Karpenter says nothing. */
export type Attempt =
  | { readonly kind: 'command'; readonly command: DisruptionCommand }
  | { readonly kind: 'none'; readonly text: string | undefined }
