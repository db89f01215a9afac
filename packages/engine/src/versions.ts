/** Minor versions of Kubernetes whose scheduler the engine answers for. */
export type KubernetesVersion = '1.34' | '1.35' | '1.36' | '1.37'

export const DEFAULT_VERSION: KubernetesVersion = '1.36'

export const KUBERNETES_VERSIONS: readonly KubernetesVersion[] = ['1.34', '1.35', '1.36', '1.37']

/** What differs between the versions; everything else is the same in all four (checked against v1.34.4, v1.35.4, v1.36.2 and v1.37.2). */
export interface VersionDifferences {
  /** A nominated pod that is bound counts as gone from its node for pods of its priority and less (until 1.34; told apart since 1.35). */
  readonly bindingEndsNomination: boolean
  /** Pods rejected for affinity or spread are woken by a nomination that ends, and by the end of a pod whose anti-affinity kept them off (since 1.36). */
  readonly fullAffinityHints: boolean
  /** Among nodes of equal total score: `random` (selectHost, until 1.34) or `first` of the heap (kubernetes#131972, since 1.35). */
  readonly equalTotals: 'random' | 'first'
  /** NodeResourcesBalancedAllocation compares with and without the pod (kubernetes#135573, since 1.36). */
  readonly balancedWithAndWithout: boolean
  /** DynamicResources adds `no new claims to deallocate` to failures (until 1.36; removed by kubernetes#140222). */
  readonly claimsSentence: boolean
  /** The message of a successful preemption names node and victims (kubernetes#140180, since 1.37). */
  readonly preemptionSentence: boolean
  /** Usage of a bound pod: per-container maximum (until 1.36) or maximum of three sums (kubernetes#140047, since 1.37). */
  readonly boundUsage: 'perContainer' | 'perSum'
  /** A namespaceSelector of only negative requirements matches pods of every namespace (until 1.36; mended by kubernetes#138198). */
  readonly negativeNamespaceSelectorMatchesAll: boolean
  /** ImageLocality counts image volumes (since 1.36). */
  readonly imageVolumes: boolean
  /** VolumeBinding scores nodes by what claims leave of their volumes (StorageCapacityScoring, on since 1.37). */
  readonly storageCapacityScore: boolean
  /** Which anti-affinity terms a pod that goes must match to wake another: all (until 1.36) or any (since 1.37). */
  readonly antiAffinityWakes: 'all' | 'any'
  /** The filter NodeDeclaredFeatures is on (since 1.36). */
  readonly declaredFeatures: boolean
  /** Text for a bad key: `a qualified name must consist of` (1.34) or `a valid label key must consist of` (since 1.35). */
  readonly labelKeyNoun: 'a qualified name' | 'a valid label key'
  /** What a text that is too long has more of than allowed: `must be no more than 63 characters` (1.34) or `bytes` (since 1.35); bytes count. */
  readonly lengthUnit: 'characters' | 'bytes'
}

const V136: VersionDifferences = {
  bindingEndsNomination: false,
  fullAffinityHints: true,
  equalTotals: 'first',
  balancedWithAndWithout: true,
  claimsSentence: true,
  preemptionSentence: false,
  boundUsage: 'perContainer',
  negativeNamespaceSelectorMatchesAll: true,
  imageVolumes: true,
  declaredFeatures: true,
  storageCapacityScore: false,
  antiAffinityWakes: 'all',
  labelKeyNoun: 'a valid label key',
  lengthUnit: 'bytes',
}
const V135: VersionDifferences = {
  ...V136,
  fullAffinityHints: false,
  balancedWithAndWithout: false,
  imageVolumes: false,
  declaredFeatures: false,
}

export const DIFFERENCES: Readonly<Record<KubernetesVersion, VersionDifferences>> = {
  '1.34': {
    ...V135,
    bindingEndsNomination: true,
    equalTotals: 'random',
    labelKeyNoun: 'a qualified name',
    lengthUnit: 'characters',
  },
  '1.35': V135,
  '1.36': V136,
  '1.37': {
    ...V136,
    claimsSentence: false,
    preemptionSentence: true,
    boundUsage: 'perSum',
    negativeNamespaceSelectorMatchesAll: false,
    storageCapacityScore: true,
    antiAffinityWakes: 'any',
  },
}

/** The nearest version with a model for a server version such as `v1.36.2-eks-abc`; `exact` is false outside 1.34–1.37. */
export function modelFor(
  serverVersion: string,
): { readonly version: KubernetesVersion; readonly exact: boolean } | undefined {
  const match = /^v?1\.(\d+)/.exec(serverVersion)
  if (!match) return undefined
  const minor = Math.min(37, Math.max(34, Number(match[1])))
  return { version: `1.${minor}` as KubernetesVersion, exact: minor === Number(match[1]) }
}
