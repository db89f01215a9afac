/**
 * Where the real code draws lots: it walks a Go map, or calls `rand`, or lists what a cache hands out in any order (karpenter
 * v1.14.1). The names in brackets are those under which the project's notes list them.
 */
export type ChoicePoint =
  /** The order of daemon groups, and so of the types of a NodeClaim where prices are equal (R1). */
  | 'daemon-group-order'
  /** Which of the domains with the fewest pods a spread takes (R3). */
  | 'spread-tie'
  /** Where the first pod of a self-affine group goes (R4). */
  | 'affinity-bootstrap'
  /** Which value a custom label gets where several are allowed (R5). */
  | 'custom-label-value'
  /** The order in which a provider lists its types (R6). */
  | 'instance-type-order'
  /** Where the clock ends a round (R7). */
  | 'timeout'
  /** The order of NodePools between which single-node consolidation alternates (R8). */
  | 'nodepool-interleave'
  /** Which of equally cheap offerings the kwok provider launches (R9). */
  | 'kwok-offering'
  /** Which of several reasons a message names first. */
  | 'message-order'

/** Decides the choice points. */
export interface Choices {
  /** An index below `count`, which is at least 2; what there is to choose from is told where it has names. */
  pick(point: ChoicePoint, count: number, names?: readonly string[]): number
}

/** Takes the first everywhere; candidates stand in ascending order where they have one. */
export const FIRST_CHOICES: Choices = { pick: () => 0 }
