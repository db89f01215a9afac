import type { PodSpec, Toleration } from './core.ts'
import type { LabelSelector, ObjectMeta, ResourceList, StringMap } from './meta.ts'

// Workload controllers and policy objects (k8s.io/api apps/v1, batch/v1, policy/v1, scheduling/v1, node/v1, v1.36.2).

export interface PodTemplateSpec {
  readonly metadata?: ObjectMeta
  readonly spec: PodSpec
}

/** A count or a percentage such as `"25%"`. */
export type IntOrString = number | string

export interface DaemonSetSpec {
  readonly selector?: LabelSelector
  readonly template: PodTemplateSpec
  readonly updateStrategy?: {
    readonly type?: string
    readonly rollingUpdate?: { readonly maxUnavailable?: IntOrString; readonly maxSurge?: IntOrString }
  }
  readonly minReadySeconds?: number
  readonly revisionHistoryLimit?: number
}

export interface DaemonSetStatus {
  readonly currentNumberScheduled?: number
  readonly numberMisscheduled?: number
  readonly desiredNumberScheduled?: number
  readonly numberReady?: number
  readonly observedGeneration?: number
  readonly updatedNumberScheduled?: number
  readonly numberAvailable?: number
  readonly numberUnavailable?: number
  readonly collisionCount?: number
}

export interface DaemonSet {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata: ObjectMeta
  readonly spec: DaemonSetSpec
  readonly status?: DaemonSetStatus
}

export interface ControllerRevision {
  readonly metadata: ObjectMeta
  readonly revision?: number
  readonly data?: unknown
}

/** Deployment, ReplicaSet and StatefulSet: what makes pods and how many. */
export interface Workload {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata: ObjectMeta
  readonly spec?: { readonly replicas?: number; readonly selector?: LabelSelector; readonly template?: PodTemplateSpec }
  readonly status?: { readonly replicas?: number; readonly readyReplicas?: number }
}

/** The old controller of pods; its selector is a plain map. */
export interface ReplicationController {
  readonly metadata: ObjectMeta
  readonly spec?: { readonly selector?: StringMap }
}

export interface Job {
  readonly metadata: ObjectMeta
  readonly spec?: { readonly parallelism?: number; readonly completions?: number; readonly template?: PodTemplateSpec }
  readonly status?: { readonly active?: number }
}

export interface PodDisruptionBudget {
  readonly metadata: ObjectMeta
  readonly spec?: {
    readonly selector?: LabelSelector
    readonly minAvailable?: IntOrString
    readonly maxUnavailable?: IntOrString
    /** `AlwaysAllow` lets pods that are not ready be evicted. */
    readonly unhealthyPodEvictionPolicy?: string
  }
  readonly status?: {
    readonly disruptionsAllowed?: number
    readonly currentHealthy?: number
    readonly desiredHealthy?: number
    readonly expectedPods?: number
    /** Names of pods whose eviction was granted and is under way. */
    readonly disruptedPods?: Readonly<Record<string, string>>
  }
}

export interface PriorityClass {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata: ObjectMeta
  readonly value?: number
  readonly globalDefault?: boolean
  readonly preemptionPolicy?: string
  readonly description?: string
}

export interface RuntimeClass {
  readonly metadata: ObjectMeta
  readonly handler?: string
  readonly overhead?: { readonly podFixed?: ResourceList }
  readonly scheduling?: { readonly nodeSelector?: StringMap; readonly tolerations?: readonly Toleration[] }
}

export interface StorageClass {
  readonly metadata: ObjectMeta
  readonly provisioner?: string
  readonly volumeBindingMode?: string
  readonly allowedTopologies?: readonly {
    readonly matchLabelExpressions?: readonly { readonly key: string; readonly values?: readonly string[] }[]
  }[]
}

export interface CSINode {
  readonly metadata: ObjectMeta
  readonly spec?: {
    readonly drivers?: readonly {
      readonly name: string
      readonly nodeID?: string
      readonly allocatable?: { readonly count?: number }
    }[]
  }
}
