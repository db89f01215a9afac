import type { Condition, ObjectMeta, ResourceList, SelectorRequirement } from './meta.ts'

/** Changes the prices or adds resources to the instance types that it selects (karpenter.sh/v1alpha1, karpenter `pkg/apis/v1alpha1/nodeoverlay.go`, v1.14.1). */
export interface NodeOverlay {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata: ObjectMeta
  readonly spec?: {
    readonly requirements?: readonly SelectorRequirement[]
    /** `+0.03`, `-10%`: at most one of this and `price`. */
    readonly priceAdjustment?: string
    /** USD per hour. */
    readonly price?: string
    /** Extended resources that are added. */
    readonly capacity?: ResourceList
    /** 1 to 10000, 0 where it is absent; the greater wins. */
    readonly weight?: number
  }
  readonly status?: { readonly conditions?: readonly Condition[] }
}
