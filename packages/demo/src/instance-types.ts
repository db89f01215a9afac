/** What a node of each type has: capacity as EC2 sells it, allocatable by Karpenter's formulas (provider aws v1.14.1). */
export interface InstanceType {
  readonly name: string
  readonly cpus: string
  readonly memoryMiB: string
  readonly capacity: { readonly cpu: string; readonly memory: string; readonly pods: string }
  readonly allocatable: { readonly cpu: string; readonly memory: string; readonly pods: string }
}

export const M5_LARGE: InstanceType = {
  name: 'm5.large',
  cpus: '2',
  memoryMiB: '8192',
  capacity: { cpu: '2', memory: '7577Mi', pods: '29' },
  allocatable: { cpu: '1930m', memory: '6903Mi', pods: '29' },
}

export const M5_XLARGE: InstanceType = {
  name: 'm5.xlarge',
  cpus: '4',
  memoryMiB: '16384',
  capacity: { cpu: '4', memory: '15155Mi', pods: '58' },
  allocatable: { cpu: '3920m', memory: '14162Mi', pods: '58' },
}
