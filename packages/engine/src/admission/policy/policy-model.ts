import type { KubeObject, LabelSelector, ObjectMeta } from '../../api/meta.ts'

// Mutating admission policies (k8s.io/api admissionregistration/v1 `types.go`, v0.36.2), as far as they are evaluated.

/** A policy that changes objects (k8s.io/api `admissionregistration/v1/types.go`, v0.36.2). */
export interface MutatingAdmissionPolicy extends KubeObject {
  readonly metadata: ObjectMeta
  readonly spec: {
    readonly paramKind?: object
    readonly matchConstraints?: MatchResources
    readonly matchConditions?: readonly { readonly name: string; readonly expression: string }[]
    readonly variables?: readonly { readonly name: string; readonly expression: string }[]
    readonly mutations?: readonly Mutation[]
    readonly failurePolicy?: string
    readonly reinvocationPolicy?: string
  }
}

/** What makes a policy count, and where (same file). */
export interface MutatingAdmissionPolicyBinding extends KubeObject {
  readonly metadata: ObjectMeta
  readonly spec: {
    readonly policyName?: string
    readonly paramRef?: object
    readonly matchResources?: MatchResources
  }
}

/** One step of a policy (same file). */
export interface Mutation {
  readonly patchType: string
  readonly applyConfiguration?: { readonly expression?: string }
  readonly jsonPatch?: { readonly expression?: string }
}

/** Which requests a policy or a binding concerns (same file). */
export interface MatchResources {
  readonly namespaceSelector?: LabelSelector
  readonly objectSelector?: LabelSelector
  readonly resourceRules?: readonly ResourceRule[]
  readonly excludeResourceRules?: readonly ResourceRule[]
}

/** Operations and resources of requests (same file). */
export interface ResourceRule {
  readonly apiGroups?: readonly string[]
  readonly apiVersions?: readonly string[]
  readonly operations?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly scope?: string
}

/** The policy, if the object is one and is known in full. */
export function asPolicy(object: KubeObject): MutatingAdmissionPolicy | undefined {
  const { spec } = object as { readonly spec?: unknown }
  return object.kind === 'MutatingAdmissionPolicy' && typeof spec === 'object' && spec !== null
    ? (object as MutatingAdmissionPolicy)
    : undefined
}

/** The binding, if the object is one and is known in full. */
export function asBinding(object: KubeObject): MutatingAdmissionPolicyBinding | undefined {
  const { spec } = object as { readonly spec?: unknown }
  return object.kind === 'MutatingAdmissionPolicyBinding' && typeof spec === 'object' && spec !== null
    ? (object as MutatingAdmissionPolicyBinding)
    : undefined
}
