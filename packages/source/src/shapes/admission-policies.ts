import { list, object, presence, text } from '../project/shape.ts'
import { apiObject } from './core.ts'
import { labelSelector } from './meta.ts'

// k8s.io/api admissionregistration/v1/types.go, v0.36.2: mutating policies in full, because one that is read in part seems to do less.

const namedExpressions = list(object({ name: text, expression: text }))

const rules = list(
  object({
    apiGroups: list(text),
    apiVersions: list(text),
    operations: list(text),
    resources: list(text),
    resourceNames: list(text),
    scope: text,
  }),
)

const matchResources = object({
  namespaceSelector: labelSelector,
  objectSelector: labelSelector,
  resourceRules: rules,
  excludeResourceRules: rules,
})

export const mutatingAdmissionPolicy = apiObject({
  spec: object({
    paramKind: presence,
    matchConstraints: matchResources,
    matchConditions: namedExpressions,
    variables: namedExpressions,
    mutations: list(
      object({
        patchType: text,
        applyConfiguration: object({ expression: text }),
        jsonPatch: object({ expression: text }),
      }),
    ),
    failurePolicy: text,
    reinvocationPolicy: text,
  }),
})

export const mutatingAdmissionPolicyBinding = apiObject({
  spec: object({ policyName: text, paramRef: presence, matchResources }),
})
