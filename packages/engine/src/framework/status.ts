import type { ContainerPort, Taint } from '../api/core.ts'

/** What a filter says of a pod on a node (kube-scheduler `framework.Code`, pkg `k8s.io/kube-scheduler/framework`, v1.36.2). */
export type StatusCode = 'Success' | 'Unschedulable' | 'UnschedulableAndUnresolvable' | 'Error'

/**
 * One reason why a pod does not fit on a node, made on request and never in a hot loop.
 * `text` is kube-scheduler's own of the chosen version, so that it can be matched to a real cluster's message.
 */
export interface Reason {
  readonly plugin: string
  readonly text: string
  /** True if no eviction can help: the reason alone makes the node UnschedulableAndUnresolvable. */
  readonly unresolvable: boolean
  /** Set by NodeResourcesFit. Amounts in milli-cpu for `cpu`, bytes for memory and storage, else units. */
  readonly amounts?: ReasonAmounts
  /** Set by TaintToleration: the first taint that no toleration tolerates. */
  readonly taint?: Taint
  /** Set by NodePorts: the first port that is taken. */
  readonly port?: ContainerPort
  /** Set by NodeVolumeLimits. */
  readonly volumes?: VolumeCount
  /** Set by VolumeBinding and VolumeZone where one claim is to blame: its name. */
  readonly claim?: string
  /** Set by PodTopologySpread where the skew is too large. */
  readonly skew?: Skew
}

/** Volumes of one CSI driver: `asked` are new to the node, `attached` are there, together more than `limit`. */
export interface VolumeCount {
  readonly driver: string
  readonly asked: number
  readonly attached: number
  readonly limit: number
}

/** Pods of the domain with the new one, against those of the domain with the fewest: `count − lowest > maxSkew`. */
export interface Skew {
  readonly topologyKey: string
  readonly domain: string
  readonly count: number
  readonly lowest: number
  readonly maxSkew: number
}

/** `free = allocatable − requested`, negative on an over-committed node; `missing = asked − free`. */
export interface ReasonAmounts {
  readonly resource: string
  readonly asked: bigint
  readonly requested: bigint
  readonly allocatable: bigint
  readonly free: bigint
  readonly missing: bigint
}
