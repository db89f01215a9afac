import type { Pod } from '../api/core.ts'
import { samePlacement, sameValue } from '../coverage/placement.ts'
import { hasFilteredVolumes } from '../plugins/pod-volumes.ts'

/** True if the scheduler answers both pods alike: equal for every filter and score, claims named alike, neither nominated to a node. */
export function samePlace(a: Pod, b: Pod): boolean {
  if (a === b) return true
  if (isNominated(a) || isNominated(b) || hasOwnClaims(a) || hasOwnClaims(b)) return false
  return (
    samePlacement(a, b) &&
    sameValue(a.spec.affinity, b.spec.affinity) &&
    sameValue(a.spec.topologySpreadConstraints, b.spec.topologySpreadConstraints) &&
    hasFilteredVolumes(a) === hasFilteredVolumes(b) &&
    (!hasFilteredVolumes(a) || sameValue(a.spec.volumes, b.spec.volumes))
  )
}

const isNominated = ({ status }: Pod): boolean => (status?.nominatedNodeName ?? '') !== ''

/** Claims of generic ephemeral volumes are named after their pod. */
const hasOwnClaims = ({ spec }: Pod): boolean => spec.volumes?.some(({ ephemeral }) => ephemeral !== undefined) === true
