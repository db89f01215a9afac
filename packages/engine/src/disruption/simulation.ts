import type { Pod } from '../api/core.ts'
import type { PlannedNodeClaim } from '../provisioning/types.ts'
import type { Candidate } from './candidate.ts'

/** A pod that a simulation could not place. */
export interface Unplaced {
  readonly pod: Pod
  readonly text: string
}

/** Where pods would go if some nodes were gone. */
export interface Simulation {
  readonly claims: readonly PlannedNodeClaim[]
  /** All that could not be placed, pending ones too. */
  readonly unplaced: readonly Unplaced[]
  /** Pods by the node that remains and takes them; no node without any. */
  readonly existing: ReadonlyMap<string, readonly Pod[]>
}

/** How a simulation is asked. */
export interface SimulationOptions {
  /** ms since 1970. */
  readonly now: number
  /** Nodes that wait for consolidateAfter take no pods of candidates (since 1.14). */
  readonly consolidation: boolean
}

/** Places all pending pods and those of the candidates as if the candidates were gone; undefined where one of them is already going. */
export type Simulate = (candidates: readonly Candidate[], options: SimulationOptions) => Simulation | undefined
