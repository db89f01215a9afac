import type { ClusterDump } from '../api/cluster-dump.ts'
import type { Pod } from '../api/core.ts'
import type { NodePool } from '../api/karpenter.ts'
import type { KarpenterVersion } from '../karpenter-versions.ts'
import type { Quantities } from '../pod-requests/quantities.ts'
import type { Requirements } from '../requirements/requirements.ts'
import type { Choices } from './choices.ts'
import type { InstanceType } from './instance-type.ts'
import type { LabelRules } from './node-claim-template.ts'

/** What Karpenter sees when it provisions or consolidates. An absent list is empty. */
export interface KarpenterCluster
  extends Pick<
    ClusterDump,
    | 'nodePools'
    | 'daemonSets'
    | 'nodes'
    | 'nodeClaims'
    | 'pods'
    | 'podDisruptionBudgets'
    | 'namespaces'
    | 'persistentVolumeClaims'
    | 'persistentVolumes'
    | 'storageClasses'
    | 'csiNodes'
  > {
  /** By the name of the NodePool, in the provider's order. */
  readonly instanceTypes: ReadonlyMap<string, readonly InstanceType[]>
  /** ms since 1970. */
  readonly now: number
}

/** Karpenter's settings; what is absent has Karpenter's default. */
export interface KarpenterSettings {
  readonly version?: KarpenterVersion | undefined
  readonly rules?: LabelRules | undefined
  /** PREFERENCE_POLICY. */
  readonly preferencePolicy?: 'Respect' | 'Ignore' | undefined
  /** MIN_VALUES_POLICY. */
  readonly minValuesPolicy?: 'Strict' | 'BestEffort' | undefined
  /** IGNORE_DRA_REQUESTS. */
  readonly ignoreDRARequests?: boolean | undefined
  /** The gate ReservedCapacity. */
  readonly reservedCapacity?: boolean | undefined
  /** The label that names a reservation; it is the provider's. */
  readonly reservationIdLabel?: string | undefined
  /** How many instance types a NodeClaim may name: 600. */
  readonly maxInstanceTypes?: number | undefined
  /** `intended` asks each daemon pod afresh for each instance type; `faithful` loses terms of its affinity as Karpenter does. */
  readonly daemonModel?: 'faithful' | 'intended' | undefined
  /**
   * Whether Karpenter finds the volumes of bound claims when it asks where they allow pods to run: it looks for them in the pod's
   * namespace, which a real API server does not mind; the fake one of controller-runtime finds nothing there.
   */
  readonly boundVolumes?: 'found' | 'not-found' | undefined
  readonly choices?: Choices | undefined
}

/** Why a pod stays without a node: Karpenter's own texts, one for each NodePool that was tried, in no order. */
export interface PodFailure {
  /** `reserved`: the decision is put off until a reservation is free, and no event is written. */
  readonly kind: 'unschedulable' | 'reserved' | 'dynamic-resources'
  readonly texts: readonly string[]
}

/** A group of instance types of a NodeClaim on which the same daemons run. */
export interface ClaimDaemonGroup {
  readonly instanceTypes: readonly InstanceType[]
  /** Undefined where no daemon runs. */
  readonly overhead: Quantities | undefined
}

/** A NodeClaim that Karpenter would make. */
export interface PlannedNodeClaim {
  readonly nodePool: NodePool
  readonly nodePoolName: string
  /** What it could be launched as, cheapest first. */
  readonly instanceTypes: readonly InstanceType[]
  readonly pods: readonly Pod[]
  /** Without the host name. */
  readonly requirements: Requirements
  /** The sum of the pods' requests. */
  readonly podRequests: Quantities
  /** All groups of the NodePool in the order in which they are folded, also those of which no instance type is left. */
  readonly daemonGroups: readonly ClaimDaemonGroup[]
  /** Pods' requests and the least daemonOverhead of the groups, as the NodeClaim states it. */
  readonly requests: Quantities
}

/** What one round decides. */
export interface ProvisionSolution {
  readonly newNodeClaims: readonly PlannedNodeClaim[]
  /** Pods by the name of the node, or of the NodeClaim under way, that they go to; nodes without any are left out. */
  readonly existing: ReadonlyMap<string, readonly Pod[]>
  readonly errors: ReadonlyMap<Pod, PodFailure>
}

/** What a provisioning round answers. */
export interface ProvisionResult extends ProvisionSolution {
  /** Pods that Karpenter refuses to look at, with its reasons. */
  readonly ignored: ReadonlyMap<Pod, readonly string[]>
  /** Pods that were not tried, as no NodePool is ready. */
  readonly dropped: readonly Pod[]
}
