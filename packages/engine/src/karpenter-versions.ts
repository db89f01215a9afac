/** Minor versions of Karpenter whose provisioning and disruption the engine answers for. */
export type KarpenterVersion = '1.13' | '1.14' | '1.15'

export const DEFAULT_KARPENTER_VERSION: KarpenterVersion = '1.14'

export const KARPENTER_VERSIONS: readonly KarpenterVersion[] = ['1.13', '1.14', '1.15']

/** What differs between the versions; everything else is the same in all three (checked against v1.13.0, v1.14.1 and v1.15.0). */
export interface KarpenterDifferences {
  /** Daemon overhead of new NodeClaims is summed per NodePool (until 1.13) or per instance type (since 1.14). */
  readonly daemonOverhead: 'perNodePool' | 'perInstanceType'
  /** A template has the labels registered and initialized in simulations, so that daemons that select them count (since 1.14). */
  readonly simulatedLabels: boolean
  /** What statuses report of a resize counts in a pod's requests (since 1.14). */
  readonly statusResources: boolean
  /** A pod that names ResourceClaims counts as using them even if no container does (since 1.14). */
  readonly podLevelClaims: boolean
  /** Daemon pods made from templates have names; without, the host ports of all but the last are forgotten (since 1.14). */
  readonly namedDaemonPods: boolean
  /** An instance type counts as large enough only where it has an offering, which shows in messages (since 1.14). */
  readonly fitNeedsOffering: boolean
  /** Of the values that instance types offer, minValues counts only those that the requirement allows (since 1.15). */
  readonly minValuesCountsAllowed: boolean
  /** A full reservation makes every pod that is compatible with it fail in strict mode (until 1.14; skipped since 1.15: `Offering.Launchable`). */
  readonly fullReservationFails: boolean
}

const V114: KarpenterDifferences = {
  daemonOverhead: 'perInstanceType',
  simulatedLabels: true,
  statusResources: true,
  podLevelClaims: true,
  namedDaemonPods: true,
  fitNeedsOffering: true,
  minValuesCountsAllowed: false,
  fullReservationFails: true,
}

export const KARPENTER_DIFFERENCES: Readonly<Record<KarpenterVersion, KarpenterDifferences>> = {
  '1.13': {
    ...V114,
    daemonOverhead: 'perNodePool',
    simulatedLabels: false,
    statusResources: false,
    podLevelClaims: false,
    namedDaemonPods: false,
    fitNeedsOffering: false,
  },
  '1.14': V114,
  '1.15': { ...V114, minValuesCountsAllowed: true, fullReservationFails: false },
}

/** The nearest version with a model for a version such as `v1.14.1`; `exact` is false outside 1.13–1.15. */
export function karpenterModelFor(
  version: string,
): { readonly version: KarpenterVersion; readonly exact: boolean } | undefined {
  const match = /^v?(\d+)\.(\d+)/.exec(version)
  if (!match) return undefined
  const minor = match[1] === '1' ? Number(match[2]) : match[1] === '0' ? 0 : 99
  const nearest = Math.min(15, Math.max(13, minor))
  return { version: `1.${nearest}` as KarpenterVersion, exact: minor === nearest && match[1] === '1' }
}
