import type { KubeObject } from '../../api/meta.ts'
import { byText, type JsonObject } from '../json.ts'
import type { StructType } from '../schema/api-schema.ts'
import type { Refused, Unknown } from '../types.ts'
import type { CelScope } from './cel-eval.ts'
import { type CelResult, type CelValue, fromJson, mapOf, NULL, string, unsupported } from './cel-values.ts'
import { type MatchInput, matchesResources } from './match.ts'
import { applyPolicy, type CompiledPolicy, compilePolicy, type MutationContext } from './mutate.ts'
import { asBinding, asPolicy, type MutatingAdmissionPolicyBinding } from './policy-model.ts'

/** Policies with their bindings, in the order of their names; upstream's order is random. */
export type CompiledPolicies = readonly BoundPolicy[]

interface BoundPolicy {
  readonly compiled: CompiledPolicy
  readonly name: string
  readonly bindings: readonly MutatingAdmissionPolicyBinding[]
}

/** Reads policies and bindings among objects; a policy without binding does nothing. */
export function compilePolicies(objects: readonly KubeObject[]): CompiledPolicies {
  const bindings = objects.flatMap(object => asBinding(object) ?? [])
  const byName = (a: KubeObject, b: KubeObject): number => byText(a.metadata?.name ?? '', b.metadata?.name ?? '')
  return objects
    .flatMap(object => asPolicy(object) ?? [])
    .toSorted(byName)
    .map(policy => ({
      compiled: compilePolicy(policy),
      name: policy.metadata.name ?? '',
      bindings: bindings.filter(({ spec }) => spec.policyName === policy.metadata.name).toSorted(byName),
    }))
    .filter(policy => policy.bindings.length > 0)
}

/** The name of the first policy that may change an object of the request, by its rules and selectors alone. */
export function concernedPolicy(policies: CompiledPolicies, request: PolicyRequest): string | undefined {
  return policies.find(
    ({ compiled, bindings }) =>
      matchesResources(compiled.policy.spec.matchConstraints, request) !== false &&
      bindings.some(({ spec }) => matchesResources(spec.matchResources, request) !== false),
  )?.name
}

/** What a request looks like to policies. */
export interface PolicyRequest extends MatchInput {
  readonly namespace: string
  readonly namespaceObject: KubeObject | undefined
  readonly type: StructType
  defaulted(object: JsonObject): JsonObject
}

/** One pass of all policies over an object. `invoked` are those that ran, by policy and binding. */
export type PolicyPass =
  | { readonly kind: 'passed'; readonly object: JsonObject; readonly invoked: ReadonlySet<string> }
  | Refused
  | Unknown

/**
 * Lets policies change an object. In the second pass, which follows if any ran in the first, only those run that ran then and may be
 * invoked again (`dispatchInvocations`, apiserver `pkg/admission/plugin/policy/mutating/dispatcher.go`, v0.36.2).
 */
export function runPolicies(
  policies: CompiledPolicies,
  object: JsonObject,
  request: PolicyRequest,
  again?: ReadonlySet<string>,
): PolicyPass {
  let current = object
  const invoked = new Set<string>()
  let denial: string | undefined
  for (const { compiled, name, bindings } of policies) {
    const { spec } = compiled.policy
    const concerned = matchesResources(spec.matchConstraints, request)
    if (concerned === false) continue
    for (const binding of bindings) {
      const bound = matchesResources(binding.spec.matchResources, request)
      if (bound === false) continue
      if (concerned === undefined || bound === undefined) {
        return unknown(name, 'its namespace or a selector, which cannot be told')
      }
      if (spec.paramKind !== undefined && binding.spec.paramRef !== undefined) return unknown(name, 'its parameters')
      const key = JSON.stringify([name, binding.metadata.name ?? ''])
      if (again !== undefined && !(again.has(key) && spec.reinvocationPolicy === 'IfNeeded')) continue
      const outcome = applyPolicy(compiled, current, contextOf(request))
      switch (outcome.kind) {
        case 'skipped':
          break
        case 'mutated':
          current = outcome.object
          invoked.add(key)
          break
        case 'error':
          if (spec.failurePolicy === 'Ignore') break
          denial ??= `policy '${name}' with binding '${binding.metadata.name ?? ''}' denied request: ${outcome.text}`
          break
        case 'failed':
          return refusedByPolicy(outcome.code, outcome.text)
        case 'panic':
          return refusedByPolicy(0, 'the API server panics in the request and closes the connection')
        case 'unsupported':
          return unknown(name, outcome.what)
      }
    }
  }
  return denial === undefined ? { kind: 'passed', object: current, invoked } : refusedByPolicy(403, denial)
}

function refusedByPolicy(code: number, message: string): Refused {
  return { kind: 'refused', by: 'MutatingAdmissionPolicy', code, message }
}

function unknown(policy: string, what: string): Unknown {
  return { kind: 'unknown', needs: [], detail: `MutatingAdmissionPolicy ${policy} cannot be evaluated: ${what}` }
}

function contextOf(request: PolicyRequest): MutationContext {
  const { resource, type } = request
  const groupVersion = resource.group === '' ? `/${resource.version}` : `${resource.group}/${resource.version}`
  return {
    scope: scopeOf(request),
    type,
    kindText: `${groupVersion}, Kind=${resource.kind}`,
    objectValue: object => fromJson({ status: {}, ...object, ...typeMeta(request) }),
    defaulted: object => request.defaulted(object),
  }
}

function typeMeta({ resource: { group, version, kind } }: PolicyRequest): JsonObject {
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind }
}

function scopeOf(request: PolicyRequest): CelScope {
  const { group, version, kind, resource } = request.resource
  const kindValue = texts({ group, version, kind })
  const resourceValue = texts({ group, version, resource })
  const { namespaceObject } = request
  return new Map<string, CelValue | (() => CelResult)>([
    ['oldObject', NULL],
    [
      'request',
      mapOf([
        ['kind', kindValue],
        ['resource', resourceValue],
        ['requestKind', kindValue],
        ['requestResource', resourceValue],
        ['name', string(request.name)],
        ['namespace', string(request.namespace)],
        ['operation', string('CREATE')],
        ['dryRun', { kind: 'bool', value: false }],
      ]),
    ],
    [
      'namespaceObject',
      () =>
        namespaceObject === undefined ? unsupported('a namespace that is not known') : namespaceValue(namespaceObject),
    ],
  ])
}

/** Of a namespace policies see its metadata alone, as far as it is known here. */
function namespaceValue({ metadata }: KubeObject): CelValue {
  const { name = '', labels, annotations } = metadata ?? {}
  return mapOf([
    [
      'metadata',
      fromJson({
        name,
        labels: { 'kubernetes.io/metadata.name': name, ...labels },
        ...(annotations === undefined ? {} : { annotations }),
      }),
    ],
  ])
}

function texts(fields: Readonly<Record<string, string>>): CelValue {
  return mapOf(Object.entries(fields).map(([name, text]) => [name, string(text)] as const))
}
