/** Regions whose on-demand prices the table has; of others none are known. */
export const PRICE_REGIONS = ['us-east-1', 'us-gov-east-1', 'us-gov-west-1', 'cn-north-1'] as const

/** Columns that are labels of the same name behind `karpenter.k8s.aws/instance-`. */
export const LABEL_COLUMNS = [
  'cpu-manufacturer',
  'cpu-sustained-clock-speed-mhz',
  'ebs-bandwidth',
  'encryption-in-transit-supported',
  'network-bandwidth',
  'gpu-name',
  'gpu-manufacturer',
  'gpu-count',
  'gpu-memory',
  'accelerator-name',
  'accelerator-manufacturer',
  'accelerator-count',
] as const

/** The columns of the table, in order. */
export const COLUMNS = [
  'name',
  'arch',
  'cpu',
  'memoryMiB',
  'interfaces',
  'ipv4Each',
  'hypervisor',
  'pod-eni',
  ...PRICE_REGIONS,
  'cpu-manufacturer',
  'cpu-sustained-clock-speed-mhz',
  'ebs-bandwidth',
  'encryption-in-transit-supported',
  'network-bandwidth',
  'local-nvme',
  'efa',
  'bareMetal',
  'gpu-name',
  'gpu-manufacturer',
  'gpu-count',
  'gpu-memory',
  'accelerator-name',
  'accelerator-manufacturer',
  'accelerator-count',
  'neuroncore',
  'documentedPods',
] as const

export type Column = (typeof COLUMNS)[number]

/** The word for nothing. */
export const ABSENT = '-'
/** The word for what the line above has. */
export const DITTO = '"'
