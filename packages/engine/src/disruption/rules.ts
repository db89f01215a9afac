import type { KarpenterVersion } from '../karpenter-versions.ts'

/** What differs between versions in the choice of nodes (checked against v1.13.0, v1.14.1 and v1.15.0). */
export interface DisruptionRules {
  /** Who goes first: the most savings for each unit of disruption (since 1.14), or the least cost of its pods by what is left of its life. */
  readonly ranking: 'savings' | 'lifetimeCost'
  /** A node is empty if no pod costs anything to evict (since 1.14), or if no pod has to move. */
  readonly emptiness: 'cost' | 'pods'
  /** Consolidated are NodePools of any policy but WhenEmpty (since 1.14), or of exactly WhenEmptyOrUnderutilized. */
  readonly consolidates: 'unlessWhenEmpty' | 'onlyUnderutilized'
  /** A node's price is that of its zone and capacity type (since 1.14), or the least that its labels allow; then one without any makes all free. */
  readonly price: 'offering' | 'cheapestCompatible'
  /** Nodes that wait for consolidateAfter take no pods of candidates (since 1.14). */
  readonly destinationsWait: boolean
}

const V114: DisruptionRules = {
  ranking: 'savings',
  emptiness: 'cost',
  consolidates: 'unlessWhenEmpty',
  price: 'offering',
  destinationsWait: true,
}

export const DISRUPTION_RULES: Readonly<Record<KarpenterVersion, DisruptionRules>> = {
  '1.13': {
    ranking: 'lifetimeCost',
    emptiness: 'pods',
    consolidates: 'onlyUnderutilized',
    price: 'cheapestCompatible',
    destinationsWait: false,
  },
  '1.14': V114,
  '1.15': V114,
}
