import { awsPods } from './aws-capacity.ts'
import type { AwsNodeClass, AwsOptions } from './aws-node-class.ts'
import type { Ec2Facts } from './ec2-facts.ts'

/** Addresses of the prefix that takes the place of one address. */
const PREFIX_ADDRESSES = 16

/** What Amazon recommends as most pods of a node, by its vCPUs. */
const MANY_CPUS = 30
const MOST_PODS_FEW_CPUS = 110
const MOST_PODS_MANY_CPUS = 250

/** What prefix delegation would change for an instance type. */
export interface PrefixDelegation {
  /** Pods that Karpenter counts on now. */
  readonly counted: number
  /** Pods that the addresses allow with prefixes. */
  readonly addresses: number
  /** The value for `spec.kubelet.maxPods`: the addresses, and at most 110, or 250 above 30 vCPUs. */
  readonly maxPods: number
}

/**
 * How many pods a node of this type takes with `ENABLE_PREFIX_DELEGATION` of the VPC CNI, of which Karpenter knows nothing: it counts
 * addresses until `maxPods` says otherwise. Undefined where prefixes are not to be had (neither Nitro nor bare metal), where the
 * interfaces are unknown, or where maxPods is set (amazon-eks-ami `max-pods-calculator.sh`; karpenter-provider-aws
 * `pkg/providers/instancetype/types.go`, v1.14.1).
 */
export function prefixDelegation(
  facts: Ec2Facts,
  nodeClass: AwsNodeClass,
  options: AwsOptions,
): PrefixDelegation | undefined {
  const { interfaces, hypervisor, bareMetal } = facts
  if (interfaces === undefined || (hypervisor !== 'nitro' && !bareMetal)) return undefined
  if (nodeClass.kubelet?.maxPods !== undefined) return undefined
  const usable = Math.max(interfaces.count - options.reservedEnis, 0)
  const addresses = usable === 0 ? 0 : usable * (interfaces.ipv4Each - 1) * PREFIX_ADDRESSES + 2
  const most = facts.cpu > MANY_CPUS ? MOST_PODS_MANY_CPUS : MOST_PODS_FEW_CPUS
  return { counted: awsPods(facts, nodeClass, options), addresses, maxPods: Math.min(addresses, most) }
}
