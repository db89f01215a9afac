import type { Quantities } from '../pod-requests/quantities.ts'
import type { Quantity } from '../quantity/types.ts'
import type { AmiFamily } from './ami-family.ts'

/** A threshold of free space: an amount, or a percentage of the capacity (100 % counts as none). */
export type EvictionSignal =
  | { readonly kind: 'amount'; readonly amount: Quantity }
  | { readonly kind: 'percent'; readonly percent: number }

/** `spec.kubelet` of an EC2NodeClass, as far as it decides what pods may use. */
export interface KubeletSettings {
  readonly maxPods?: number
  readonly podsPerCore?: number
  readonly kubeReserved?: Quantities
  readonly systemReserved?: Quantities
  /** By signal: `memory.available`, `nodefs.available` …; the provider reads these two. `evictionSoft` changes nothing. */
  readonly evictionHard?: ReadonlyMap<string, EvictionSignal>
}

/** An entry of `spec.blockDeviceMappings`. */
export interface BlockDevice {
  readonly name: string
  readonly rootVolume: boolean
  readonly volumeSize: Quantity | undefined
}

/** An entry of `spec.networkInterfaces`. */
export interface NetworkInterface {
  readonly cardIndex: number
  readonly efaOnly: boolean
}

/** The fields of an EC2NodeClass that decide the capacity and the overhead of its instance types (karpenter.k8s.aws/v1, provider v1.14.1). */
export interface AwsNodeClass {
  readonly amiFamily: AmiFamily
  readonly kubelet?: KubeletSettings
  readonly blockDevices?: readonly BlockDevice[]
  /** The local disks are one volume that pods write to. */
  readonly instanceStorePolicy?: 'RAID0'
  readonly networkInterfaces?: readonly NetworkInterface[]
}

/** Settings of the provider's controller (karpenter-provider-aws `pkg/operator/options/options.go`, v1.14.1). */
export interface AwsOptions {
  /** `VM_MEMORY_OVERHEAD_PERCENT`, a fraction: what the hypervisor keeps of the memory. */
  readonly vmMemoryOverheadPercent: number
  /** `RESERVED_ENIS`: interfaces that no pod gets addresses of. */
  readonly reservedEnis: number
  /** Memory that nodes of a type reported, by instance type; the provider takes it for the computed capacity. */
  readonly discoveredMemory?: ReadonlyMap<string, Quantity>
}

export const DEFAULT_AWS_OPTIONS: AwsOptions = { vmMemoryOverheadPercent: 0.075, reservedEnis: 0 }
