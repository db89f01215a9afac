import type { Quantities } from '../pod-requests/quantities.ts'
import { quantityOf, subQuantity } from '../quantity/arithmetic.ts'
import { readQuantity } from '../quantity/parse.ts'
import type { Quantity } from '../quantity/types.ts'
import { AMI_FAMILY_TRAITS } from './ami-family.ts'
import type { AwsNodeClass, AwsOptions } from './aws-node-class.ts'
import type { Ec2Facts } from './ec2-facts.ts'

// What an instance type holds by the formulas of Karpenter's AWS provider, before a node of it was ever seen
// (karpenter-provider-aws `pkg/providers/instancetype/types.go`, v1.14.1).

const MIB = 1_048_576
/** Graviton keeps this for contiguous allocation; nobody can use it. */
const ARM_RESERVED_MIB = 64
/** Pods of a family that no addresses limit. */
const DEFAULT_PODS = 110

/** Capacity of an instance type under a NodeClass: cpu, memory, ephemeral-storage, pods and devices, 0 of those it has not. */
export function awsCapacity(facts: Ec2Facts, nodeClass: AwsNodeClass, options: AwsOptions): Quantities {
  const capacity = new Map<string, Quantity>([
    ['cpu', whole(facts.cpu)],
    ['memory', options.discoveredMemory?.get(facts.name) ?? awsMemory(facts, options)],
    ['ephemeral-storage', awsStorage(facts, nodeClass)],
    ['pods', whole(awsPods(facts, nodeClass, options))],
  ])
  for (const device of DEVICES) capacity.set(device, whole(facts.devices.get(device) ?? 0))
  const { networkInterfaces } = nodeClass
  if (networkInterfaces !== undefined) capacity.set(EFA, whole(networkInterfaces.filter(one => one.efaOnly).length))
  if (AMI_FAMILY_TRAITS[nodeClass.amiFamily].os === 'windows' && facts.arch === 'amd64')
    capacity.set('vpc.amazonaws.com/PrivateIPv4Address', whole((facts.interfaces?.ipv4Each ?? 1) - 1))
  return capacity
}

const EFA = 'vpc.amazonaws.com/efa'
const DEVICES: readonly string[] = [
  'vpc.amazonaws.com/pod-eni',
  'nvidia.com/gpu',
  'amd.com/gpu',
  'aws.amazon.com/neuron',
  'aws.amazon.com/neuroncore',
  'habana.ai/gaudi',
  EFA,
]

/** Memory less what the hypervisor keeps, in whole MiB. */
export function awsMemory({ arch, memoryMiB }: Ec2Facts, { vmMemoryOverheadPercent }: AwsOptions): Quantity {
  const mebibytes = arch === 'arm64' ? memoryMiB - ARM_RESERVED_MIB : memoryMiB
  const kept = Math.ceil((mebibytes * MIB * vmMemoryOverheadPercent) / 1024 / 1024)
  return subQuantity(quantityOf(BigInt(mebibytes * MIB), 'BinarySI'), quantityOf(BigInt(kept * MIB), 'BinarySI'))
}

/** Room for what pods write: the local disks where the NodeClass says so, else the volume that it maps, else the family's. */
export function awsStorage(
  facts: Ec2Facts,
  { amiFamily, blockDevices = [], instanceStorePolicy }: AwsNodeClass,
): Quantity {
  if (instanceStorePolicy === 'RAID0' && facts.localNvmeGB > 0) return amount(`${facts.localNvmeGB}G`)
  const { dataDevice, dataVolume } = AMI_FAMILY_TRAITS[amiFamily]
  const root = blockDevices.find(device => device.rootVolume)
  // Of a custom image nobody knows the data device: the last one is taken.
  const data = dataDevice === undefined ? blockDevices.at(-1) : blockDevices.find(device => device.name === dataDevice)
  return root?.volumeSize ?? data?.volumeSize ?? amount(dataVolume)
}

/** How many pods the kubelet is told to take. */
export function awsPods(facts: Ec2Facts, nodeClass: AwsNodeClass, { reservedEnis }: AwsOptions): number {
  const { eniLimitedPods, podsPerCore } = AMI_FAMILY_TRAITS[nodeClass.amiFamily]
  const { kubelet } = nodeClass
  const most = kubelet?.maxPods ?? (eniLimitedPods ? eniPods(facts, nodeClass, reservedEnis) : DEFAULT_PODS)
  const perCore = podsPerCore ? (kubelet?.podsPerCore ?? 0) : 0
  return perCore > 0 ? Math.min(perCore * facts.cpu, most) : most
}

/** Pods that get an address of their own, and two on the host's network: ENIs × (addresses of each − 1) + 2, or 0 without an ENI. */
export function eniPods(facts: Ec2Facts, { networkInterfaces = [] }: AwsNodeClass, reservedEnis: number): number {
  if (facts.interfaces === undefined) return facts.documentedPods ?? 0
  const taken = networkInterfaces.filter(one => one.cardIndex === 0 && one.efaOnly).length
  const usable = Math.max(facts.interfaces.count - reservedEnis - taken, 0)
  return usable === 0 ? 0 : usable * (facts.interfaces.ipv4Each - 1) + 2
}

function whole(count: number): Quantity {
  return quantityOf(BigInt(count), 'DecimalSI')
}

function amount(text: string): Quantity {
  const quantity = readQuantity(text)
  if (quantity.kind === 'error') throw new Error(`${text}: ${quantity.text}`)
  return quantity
}
