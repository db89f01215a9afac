import type { Quantities } from '../pod-requests/quantities.ts'
import type { KubeletOverhead } from '../provisioning/instance-type.ts'
import { milliQuantityOf, quantityOf } from '../quantity/arithmetic.ts'
import type { Quantity } from '../quantity/types.ts'
import { quantityValue } from '../quantity/value.ts'
import { AMI_FAMILY_TRAITS } from './ami-family.ts'
import { awsMemory, awsPods, awsStorage, eniPods } from './aws-capacity.ts'
import type { AwsNodeClass, AwsOptions, EvictionSignal } from './aws-node-class.ts'
import type { Ec2Facts } from './ec2-facts.ts'

// What kubelet and system keep of an instance type by the formulas of Karpenter's AWS provider
// (karpenter-provider-aws `pkg/providers/instancetype/types.go`, v1.14.1).

const MIB = 1_048_576
const GIB = 1024 * MIB
const NOTHING: Quantities = new Map()

/** Of each slice of the cpu, in thousandths, the share that the kubelet keeps. */
const CPU_TIERS = [
  { start: 0, end: 1000, share: 0.06 },
  { start: 1000, end: 2000, share: 0.01 },
  { start: 2000, end: 4000, share: 0.005 },
  { start: 4000, end: 2 ** 31, share: 0.0025 },
]

/** kubeReserved, systemReserved and the eviction threshold of an instance type under a NodeClass. `evictionSoft` counts for nothing. */
export function awsOverhead(facts: Ec2Facts, nodeClass: AwsNodeClass, options: AwsOptions): KubeletOverhead {
  const { kubelet } = nodeClass
  const pods = AMI_FAMILY_TRAITS[nodeClass.amiFamily].eniLimitedMemoryOverhead
    ? eniPods(facts, nodeClass, 0)
    : awsPods(facts, nodeClass, options)
  return {
    kubeReserved: new Map([...defaultKubeReserved(facts.cpu, pods), ...(kubelet?.kubeReserved ?? NOTHING)]),
    systemReserved: kubelet?.systemReserved ?? NOTHING,
    evictionThreshold: evictionThreshold(facts, nodeClass, options),
  }
}

function defaultKubeReserved(cpu: number, pods: number): Quantities {
  return new Map([
    ['memory', quantityOf(BigInt((11 * pods + 255) * MIB), 'BinarySI')],
    ['ephemeral-storage', quantityOf(BigInt(GIB), 'BinarySI')],
    ['cpu', milliQuantityOf(BigInt(reservedMilliCpu(cpu * 1000)), 'DecimalSI')],
  ])
}

/** Thousandths of a core; each slice is cut to a whole one. */
function reservedMilliCpu(milliCpu: number): number {
  const reached = CPU_TIERS.filter(({ start }) => milliCpu >= start)
  return reached
    .map(({ start, end, share }) => Math.trunc((Math.min(milliCpu, end) - start) * share))
    .reduce((sum, part) => sum + part, 0)
}

function evictionThreshold(facts: Ec2Facts, nodeClass: AwsNodeClass, options: AwsOptions): Quantities {
  // The computed memory, even where a node has reported its own.
  const memory = awsMemory(facts, options)
  const storage = awsStorage(facts, nodeClass)
  const hard = nodeClass.kubelet?.evictionHard
  const tenth = Math.ceil((Number(quantityValue(storage)) / 100) * 10)
  return new Map([
    ['memory', kept(memory, hard?.get('memory.available')) ?? quantityOf(BigInt(100 * MIB), 'BinarySI')],
    ['ephemeral-storage', kept(storage, hard?.get('nodefs.available')) ?? quantityOf(BigInt(tenth), 'DecimalSI')],
  ])
}

function kept(capacity: Quantity, signal: EvictionSignal | undefined): Quantity | undefined {
  if (signal === undefined || signal.kind === 'amount') return signal?.amount
  // The kubelet takes 100 % for "no threshold".
  const percent = signal.percent === 100 ? 0 : signal.percent
  const units = Number(capacity.unscaled) * 10 ** capacity.scale
  return quantityOf(BigInt(Math.ceil((units / 100) * percent)), 'DecimalSI')
}
