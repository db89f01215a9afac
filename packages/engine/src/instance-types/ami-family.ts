/** The operating systems that Karpenter's AWS provider makes launch templates for (`spec.amiFamily` of an EC2NodeClass). */
export type AmiFamily = 'AL2' | 'AL2023' | 'Bottlerocket' | 'Custom' | 'Windows2019' | 'Windows2022' | 'Windows2025'

export const AMI_FAMILIES: readonly AmiFamily[] = [
  'AL2',
  'AL2023',
  'Bottlerocket',
  'Custom',
  'Windows2019',
  'Windows2022',
  'Windows2025',
]

/** What the provider takes for granted of a family (karpenter-provider-aws `pkg/providers/amifamily`, v1.14.1). */
export interface AmiFamilyTraits {
  readonly os: 'linux' | 'windows'
  /** Value of node.kubernetes.io/windows-build. */
  readonly windowsBuild?: string
  /** kubeReserved memory counts the pods of all ENIs, whatever maxPods, podsPerCore and RESERVED_ENIS say. */
  readonly eniLimitedMemoryOverhead: boolean
  readonly podsPerCore: boolean
  /** Pods are limited by the addresses of the ENIs; otherwise by 110. */
  readonly eniLimitedPods: boolean
  /** The device that pods write to; the provider does not know it of a custom image. */
  readonly dataDevice: string | undefined
  /** Size of that device where the NodeClass maps none. */
  readonly dataVolume: string
}

const LINUX: AmiFamilyTraits = {
  os: 'linux',
  eniLimitedMemoryOverhead: true,
  podsPerCore: true,
  eniLimitedPods: true,
  dataDevice: '/dev/xvda',
  dataVolume: '20Gi',
}

const WINDOWS: AmiFamilyTraits = {
  os: 'windows',
  eniLimitedMemoryOverhead: false,
  podsPerCore: true,
  eniLimitedPods: false,
  dataDevice: '/dev/sda1',
  dataVolume: '50Gi',
}

export const AMI_FAMILY_TRAITS: Readonly<Record<AmiFamily, AmiFamilyTraits>> = {
  AL2: LINUX,
  AL2023: LINUX,
  Bottlerocket: { ...LINUX, eniLimitedMemoryOverhead: false, podsPerCore: false, dataDevice: '/dev/xvdb' },
  Custom: { ...LINUX, dataDevice: undefined },
  Windows2019: { ...WINDOWS, windowsBuild: '10.0.17763' },
  Windows2022: { ...WINDOWS, windowsBuild: '10.0.20348' },
  Windows2025: { ...WINDOWS, windowsBuild: '10.0.26100' },
}
