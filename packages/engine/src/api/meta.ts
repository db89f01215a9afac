/** String map as the API spells labels, annotations and node selectors. */
export type StringMap = Readonly<Record<string, string>>

/** The parts of `metadata` that a decision or an explanation reads (apimachinery `meta/v1/types.go`, v1.36.2). */
export interface ObjectMeta {
  readonly name?: string
  readonly generateName?: string
  readonly namespace?: string
  readonly uid?: string
  readonly generation?: number
  /** RFC 3339. */
  readonly creationTimestamp?: string
  /** RFC 3339; set while the object is being deleted. */
  readonly deletionTimestamp?: string
  readonly deletionGracePeriodSeconds?: number
  readonly labels?: StringMap
  readonly annotations?: StringMap
  readonly ownerReferences?: readonly OwnerReference[]
  readonly finalizers?: readonly string[]
  /** Reduced to `{manager}`: names the tool that wrote the object (EKS add-ons, Argo CD, Helm). */
  readonly managedFields?: readonly { readonly manager?: string }[]
}

export interface OwnerReference {
  readonly apiVersion?: string
  readonly kind: string
  readonly name: string
  readonly uid?: string
  readonly controller?: boolean
}

/** metav1.LabelSelector; absent selects nothing, `{}` selects everything. */
export interface LabelSelector {
  readonly matchLabels?: StringMap
  readonly matchExpressions?: readonly SelectorRequirement[]
}

/** One requirement of a label selector or of a node selector term; `operator` is unchecked input. */
export interface SelectorRequirement {
  readonly key: string
  readonly operator: string
  readonly values?: readonly string[]
}

/** A condition of any object's status. */
export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason?: string
  readonly message?: string
  /** RFC 3339. */
  readonly lastTransitionTime?: string
  readonly observedGeneration?: number
}

/** An object with kind and metadata, of any API group. */
export interface KubeObject {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata?: ObjectMeta
}

/** A quantity as it stands in JSON: text, or a bare number. Read it with `parseQuantity`. */
export type QuantityText = string | number

/** Quantities by resource name, as the API spells them. */
export type ResourceList = Readonly<Record<string, QuantityText>>
