import type { Taint } from './core.ts'
import type { Condition, ObjectMeta, QuantityText, ResourceList, SelectorRequirement } from './meta.ts'

// karpenter.sh/v1 (sigs.k8s.io/karpenter pkg/apis/v1, v1.14.1).

export interface NodeClassRef {
  readonly group?: string
  readonly kind?: string
  readonly name?: string
}

export interface NodeSelectorRequirementWithMinValues extends SelectorRequirement {
  readonly minValues?: number
}

export interface NodeClaimTemplate {
  readonly metadata?: ObjectMeta
  readonly spec?: {
    readonly requirements?: readonly NodeSelectorRequirementWithMinValues[]
    readonly taints?: readonly Taint[]
    readonly startupTaints?: readonly Taint[]
    readonly nodeClassRef?: NodeClassRef
    readonly expireAfter?: string
    readonly terminationGracePeriod?: string
  }
}

export interface NodePool {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata: ObjectMeta
  readonly spec?: {
    readonly template?: NodeClaimTemplate
    readonly disruption?: {
      readonly budgets?: readonly {
        readonly nodes?: string
        readonly schedule?: string
        readonly duration?: string
        readonly reasons?: readonly string[]
      }[]
      readonly consolidateAfter?: string
      readonly consolidationPolicy?: string
    }
    readonly limits?: ResourceList
    readonly weight?: number
    /** Set on static pools. */
    readonly replicas?: number
  }
  readonly status?: {
    readonly conditions?: readonly Condition[]
    readonly resources?: ResourceList
    readonly nodes?: QuantityText
  }
}

export interface NodeClaim {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata: ObjectMeta
  readonly spec?: {
    readonly requirements?: readonly NodeSelectorRequirementWithMinValues[]
    readonly taints?: readonly Taint[]
    readonly startupTaints?: readonly Taint[]
    readonly nodeClassRef?: NodeClassRef
    readonly resources?: { readonly requests?: ResourceList }
    readonly expireAfter?: string
    readonly terminationGracePeriod?: string
  }
  readonly status?: {
    readonly nodeName?: string
    readonly providerID?: string
    readonly imageID?: string
    /** RFC 3339: when a pod that no DaemonSet owns last came to the node or left it. */
    readonly lastPodEventTime?: string
    readonly capacity?: ResourceList
    readonly allocatable?: ResourceList
    readonly conditions?: readonly Condition[]
  }
}
