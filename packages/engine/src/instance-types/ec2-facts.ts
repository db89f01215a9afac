/** What EC2 says of an instance type, as far as Karpenter's AWS provider reads it (`DescribeInstanceTypes`; provider `pkg/providers/instancetype`, v1.14.1). */
export interface Ec2Facts {
  readonly name: string
  readonly arch: 'amd64' | 'arm64'
  /** vCPUs. */
  readonly cpu: number
  readonly memoryMiB: number
  /** Network interfaces of the default network card, and the IPv4 addresses of each; undefined where the source does not say. */
  readonly interfaces: { readonly count: number; readonly ipv4Each: number } | undefined
  /** Pods by the number of addresses where `interfaces` is undefined: the provider's documentation knows it, without reserved ENIs. */
  readonly documentedPods: number | undefined
  readonly hypervisor: 'nitro' | 'xen' | ''
  readonly bareMetal: boolean
  /** Labels of the domain karpenter.k8s.aws that the name, cpu and memory do not say, by the key without `karpenter.k8s.aws/instance-`. */
  readonly labels: ReadonlyMap<string, string>
  /** Extended resources, the ones it has. */
  readonly devices: ReadonlyMap<string, number>
  /** GB of its local NVMe disks, 0 where it has none. */
  readonly localNvmeGB: number
}
