/** The domain of Karpenter's own labels and annotations (karpenter `pkg/apis/apis.go`, v1.14.1). */
export const KARPENTER_DOMAIN = 'karpenter.sh'

export const NODE_POOL_LABEL = 'karpenter.sh/nodepool'
export const CAPACITY_TYPE_LABEL = 'karpenter.sh/capacity-type'
export const REGISTERED_LABEL = 'karpenter.sh/registered'
export const INITIALIZED_LABEL = 'karpenter.sh/initialized'
export const ZONE_LABEL = 'topology.kubernetes.io/zone'
export const REGION_LABEL = 'topology.kubernetes.io/region'
export const INSTANCE_TYPE_LABEL = 'node.kubernetes.io/instance-type'
export const ARCH_LABEL = 'kubernetes.io/arch'
export const OS_LABEL = 'kubernetes.io/os'
export const HOSTNAME_LABEL = 'kubernetes.io/hostname'

/**
 * Labels that any Karpenter knows: a NodePool that says nothing of them leaves them open, where it would refuse any other label
 * (karpenter `pkg/apis/v1/labels.go`, v1.14.1). A provider adds its own.
 */
export const CORE_WELL_KNOWN_LABELS: ReadonlySet<string> = new Set([
  NODE_POOL_LABEL,
  ZONE_LABEL,
  REGION_LABEL,
  INSTANCE_TYPE_LABEL,
  ARCH_LABEL,
  OS_LABEL,
  CAPACITY_TYPE_LABEL,
  'node.kubernetes.io/windows-build',
])

/** Old label keys and what they are read as (`NormalizedLabels`, karpenter `pkg/apis/v1/labels.go`, v1.14.1). */
export const CORE_LABEL_ALIASES: ReadonlyMap<string, string> = new Map([
  ['failure-domain.beta.kubernetes.io/zone', ZONE_LABEL],
  ['failure-domain.beta.kubernetes.io/region', REGION_LABEL],
  ['beta.kubernetes.io/arch', ARCH_LABEL],
  ['beta.kubernetes.io/os', OS_LABEL],
  ['beta.kubernetes.io/instance-type', INSTANCE_TYPE_LABEL],
])
