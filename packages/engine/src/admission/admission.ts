import type { DaemonSet, RuntimeClass } from '../api/apps.ts'
import type { Namespace, Pod } from '../api/core.ts'
import type { KubeObject, ObjectMeta } from '../api/meta.ts'
import { daemonPod } from '../daemonset/daemon-pod.ts'
import { goQuote } from '../go-text.ts'
import { DEFAULT_VERSION, DIFFERENCES } from '../versions.ts'
import { cannotBeHandled, decode } from './decode.ts'
import { defaultDaemonSet, defaultRuntimeClass } from './defaults/objects.ts'
import { defaultPod } from './defaults/pod.ts'
import { forbiddenObject, invalidObject } from './field-errors.ts'
import { isJsonObject, sameJson } from './json.ts'
import { withLabelKeys } from './label-keys.ts'
import {
  applyLimitRanges,
  type CompiledLimitRange,
  compileLimitRange,
  inOrder,
  limitRangeViolation,
} from './plugins/limit-ranger.ts'
import { annotationsOfPlugins, isRefused, PluginChain } from './plugins/optional-plugins.ts'
import { applyPriority, type CompiledPriorities, compilePriorities } from './plugins/priority.ts'
import { type CompiledQuota, compileQuotas, quotaViolation } from './plugins/resource-quota.ts'
import { applyRuntimeClass, overheadViolation, runtimeClassOf } from './plugins/runtime-class.ts'
import { applyServiceAccount, mirrorPodViolation, type ServiceAccount } from './plugins/service-account.ts'
import { applyDefaultTolerations } from './plugins/tolerations.ts'
import { asJson, type FullPod } from './pod-model.ts'
import { securityViolation } from './pod-security/evaluate.ts'
import { enforcedPolicy } from './pod-security/levels.ts'
import {
  type CompiledPolicies,
  compilePolicies,
  concernedPolicy,
  type PolicyPass,
  type PolicyRequest,
  runPolicies,
} from './policy/policies.ts'
import { podQos } from './qos.ts'
import { ApiSchema } from './schema/api-schema.ts'
import type { AdmissionAnswer, AdmissionWorld, DaemonSetAdmission, OptionalPlugin, Refused, Unknown } from './types.ts'
import { daemonSetErrors } from './validation/daemon-set.ts'
import { podErrors } from './validation/pod.ts'
import { withAppArmorFields } from './validation/profile-annotations.ts'

/** Stands for the five random characters of a generated name; texts have `suffix` instead. */
const STAND_IN = 'xxxxx'
const MAX_GENERATED_PREFIX = 58
const DEFAULT_NAMESPACE = 'default'
const DEFAULT_ACCOUNT = 'default'
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation'

/** The part of a refusal by the DaemonSet controller's event `FailedCreate` (kubernetes `pkg/controller/controller_utils.go`, v1.36.2). */
export function failedCreateText(message: string): string {
  return `Error creating: ${message}`
}

/** What an admission is asked for besides its world. */
export interface AdmissionOptions {
  /** What texts show for the random end of a generated name. */
  readonly suffix?: string
  /**
   * The pods come from templates that the server stored, so it has checked their fields; what is known of them may be less than that.
   * Defaults, plugins and quotas decide alone, and a policy that concerns a pod leaves it unknown.
   */
  readonly stored?: true
}

type Mutated = { readonly kind: 'mutated'; readonly pod: FullPod } | Refused | Unknown

/** Admission plugins in the state of one world, compiled once and asked for each pod or DaemonSet. */
export class Admission {
  readonly #world: AdmissionWorld
  readonly #options: AdmissionOptions
  readonly #suffix: string
  readonly #isStored: boolean
  readonly #schema = ApiSchema.shared
  readonly #priorities: CompiledPriorities
  readonly #runtimeClasses: ReadonlyMap<string, RuntimeClass>
  readonly #policies: CompiledPolicies
  readonly #plugins: PluginChain
  /** The same world with optional plugins known to be on, where they are not known, by their names. */
  readonly #alternatives = new Map<string, Admission>()
  /** By namespace, made when the first pod of it comes. */
  readonly #limitRanges = new Map<string, readonly CompiledLimitRange[]>()
  readonly #quotas = new Map<string, readonly CompiledQuota[]>()

  constructor(world: AdmissionWorld, options: AdmissionOptions = {}) {
    this.#world = world
    this.#options = options
    this.#suffix = options.suffix ?? STAND_IN
    this.#isStored = options.stored === true
    this.#priorities = compilePriorities(world.priorityClasses)
    this.#policies = compilePolicies(world.policies ?? [])
    this.#plugins = new PluginChain(world.admissionPlugins, DIFFERENCES[world.version ?? DEFAULT_VERSION])
    this.#runtimeClasses = new Map(
      (world.runtimeClasses ?? []).map(each => [each.metadata.name ?? '', defaultRuntimeClass(each)]),
    )
  }

  /** Decoding, defaulting, mutating plugins, validation, validating plugins, quota: in that order. */
  admitPod(pod: Pod): AdmissionAnswer {
    const decoded = decode(pod, this.#schema.struct('Pod'))
    if (decoded.kind === 'error') return refused('decoding', 400, cannotBeHandled('Pod', decoded))
    const defaulted = defaultPod(decoded.object as unknown as FullPod)
    const given = inNamespace(defaulted, defaulted.metadata.namespace || DEFAULT_NAMESPACE)
    const undecided = this.#world.admissionPlugins === undefined ? annotationsOfPlugins(this.#namespace(given)) : []
    if (undecided.length > 0) return this.#withOrWithout(pod, given.metadata.namespace ?? '', undecided)
    const mutated = this.#mutate(given)
    if (mutated.kind !== 'mutated') return mutated
    const generated = generateName(mutated.pod)
    const answer = this.#validate(generated.object)
    return answer.kind === 'refused' && generated.isGenerated
      ? { ...answer, message: this.#withSuffix(answer.message, generated.object.metadata.name ?? '') }
      : answer
  }

  /** The answer that holds whether plugins that nobody told of are on or off; unknown if there is none. */
  #withOrWithout(
    pod: Pod,
    namespace: string,
    undecided: readonly { readonly annotation: string; readonly plugin: OptionalPlugin }[],
  ): AdmissionAnswer {
    const plugins = [...new Set(undecided.map(({ plugin }) => plugin))]
    const off = this.#with([]).admitPod(pod)
    const on = this.#with(plugins).admitPod(pod)
    if (off.kind === 'unknown' || sameJson(off, on)) return off
    if (on.kind === 'unknown') return on
    const [readers, runs] = plugins.length === 1 ? ['plugin', 'reads'] : ['plugins', 'read']
    const detail =
      `Namespace ${namespace} has annotations (${undecided.map(({ annotation }) => annotation).join(', ')}) that only the admission ` +
      `${readers} ${plugins.join(' and ')} ${runs}: pass --admission-plugins=${plugins.join()}, or --admission-plugins=none if the API server does not run ` +
      (plugins.length === 1 ? 'it' : 'them')
    return { kind: 'unknown', needs: ['--admission-plugins'], detail }
  }

  #with(on: readonly OptionalPlugin[]): Admission {
    return remembered(
      this.#alternatives,
      on.join(),
      () => new Admission({ ...this.#world, admissionPlugins: { on } }, this.#options),
    )
  }

  /** The DaemonSet with its defaults and checks, and then the pod that the controller makes of it for a node. */
  admitDaemonSet(daemonSet: DaemonSet, nodeName: string): DaemonSetAdmission {
    const decoded = decode(daemonSet, this.#schema.struct('DaemonSet'))
    if (decoded.kind === 'error') return refused('decoding', 400, cannotBeHandled('DaemonSet', decoded))
    const given = defaultDaemonSet(decoded.object as unknown as DaemonSet)
    const namespaced = {
      ...given,
      metadata: { ...given.metadata, namespace: given.metadata.namespace || DEFAULT_NAMESPACE },
    }
    const changed = this.#mutateDaemonSet(namespaced)
    if (changed.kind !== 'passed') return changed
    const { object: mutated, isGenerated } = generateName(changed.object as unknown as DaemonSet)
    const errors = daemonSetErrors(mutated, isJsonObject(daemonSet?.spec?.template?.metadata?.labels))
    if (errors.length > 0) {
      const name = mutated.metadata.name ?? ''
      const message = invalidObject('DaemonSet.apps', name, errors)
      return refused('validation', 422, isGenerated ? this.#withSuffix(message, name) : message)
    }
    const stored = asStored(mutated)
    return { kind: 'stored', daemonSet: stored, pod: this.admitPod(daemonPod(stored, nodeName)) }
  }

  /** The plugins and then the policies; once more if a policy ran, as what it changed may concern the plugins. */
  #mutate(pod: FullPod): Mutated {
    const first = this.#runPlugins(pod)
    if (first.kind !== 'mutated' || this.#policies.length === 0) return first
    const request = this.#podRequest(first.pod)
    const concerned = this.#isStored ? concernedPolicy(this.#policies, request) : undefined
    if (concerned !== undefined) {
      const detail = `MutatingAdmissionPolicy ${concerned} may change the pod, and not all that it reads of the pod is known`
      return { kind: 'unknown', needs: [], detail }
    }
    const pass = runPolicies(this.#policies, asJson(first.pod), request)
    if (pass.kind !== 'passed') return pass
    const changed = pass.object as unknown as FullPod
    if (pass.invoked.size === 0) return { kind: 'mutated', pod: changed }
    const second = this.#runPlugins(inNamespace(changed, request.namespace))
    if (second.kind !== 'mutated') return second
    const again = runPolicies(this.#policies, asJson(second.pod), request, pass.invoked)
    if (again.kind !== 'passed') return again
    const result = again.object as unknown as FullPod
    if ([changed, result].some(({ metadata }) => (metadata.namespace || request.namespace) !== request.namespace)) {
      const message = 'the namespace of the provided object does not match the namespace sent on the request'
      return refused('decoding', 400, message)
    }
    return { kind: 'mutated', pod: inNamespace(result, request.namespace) }
  }

  #mutateDaemonSet(daemonSet: DaemonSet): PolicyPass {
    const request = this.#daemonSetRequest(daemonSet)
    const first = runPolicies(this.#policies, asJson(daemonSet), request)
    if (first.kind !== 'passed' || first.invoked.size === 0) return first
    return runPolicies(this.#policies, first.object, request, first.invoked)
  }

  #podRequest(pod: FullPod): PolicyRequest {
    return {
      ...this.#request(pod.metadata),
      resource: { group: '', version: 'v1', kind: 'Pod', resource: 'pods' },
      type: this.#schema.struct('Pod'),
      defaulted: object => asJson(defaultPod(object as unknown as FullPod)),
    }
  }

  #daemonSetRequest(daemonSet: DaemonSet): PolicyRequest {
    return {
      ...this.#request(daemonSet.metadata),
      resource: { group: 'apps', version: 'v1', kind: 'DaemonSet', resource: 'daemonsets' },
      type: this.#schema.struct('DaemonSet'),
      defaulted: object => asJson(defaultDaemonSet(object as unknown as DaemonSet)),
    }
  }

  #request(
    metadata: ObjectMeta,
  ): Pick<PolicyRequest, 'name' | 'labels' | 'namespace' | 'namespaceObject' | 'namespaceLabels'> {
    const namespaceObject = this.#world.namespaces?.find(each => each.metadata.name === metadata.namespace)
    return {
      name: metadata.name ?? '',
      labels: metadata.labels,
      namespace: metadata.namespace ?? '',
      namespaceObject,
      // Every namespace is stored with its name as a label.
      namespaceLabels: namespaceObject && {
        ...namespaceObject.metadata.labels,
        'kubernetes.io/metadata.name': metadata.namespace ?? '',
      },
    }
  }

  #runPlugins(pod: FullPod): Mutated {
    const name = pod.metadata.name ?? pod.metadata.generateName ?? ''
    const forbidden = (by: string, reason: string): Refused => refused(by, 403, forbiddenObject('pods', name, reason))
    const namespace = this.#namespace(pod)
    const namespaceName = pod.metadata.namespace ?? ''
    if (isTerminating(namespace)) {
      const reason = `unable to create new content in namespace ${namespaceName} because it is being terminated`
      return forbidden('NamespaceLifecycle', reason)
    }
    const limited = applyLimitRanges(pod, this.#limitRangesOf(namespaceName))
    const account = limited.spec.serviceAccountName || DEFAULT_ACCOUNT
    const isMirror = limited.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined
    const found = isMirror ? undefined : this.#accountOf(namespaceName, account)
    if (found === 'missing') {
      const missing = `serviceaccount ${goQuote(account)} not found`
      return forbidden('ServiceAccount', `error looking up service account ${namespaceName}/${account}: ${missing}`)
    }
    const mirrorRule = isMirror ? mirrorPodViolation(limited) : undefined
    if (mirrorRule !== undefined) return forbidden('ServiceAccount', mirrorRule)
    const served = isMirror ? limited : applyServiceAccount(limited, account, found, STAND_IN)
    const placed = this.#plugins.beforePriority(served, namespace)
    if (isRefused(placed)) return placed
    const ranked = applyPriority(placed, this.#priorities)
    if (ranked === undefined) {
      const detail = `PriorityClass ${goQuote(placed.spec.priorityClassName ?? '')} decides, and the list of classes is not known`
      return { kind: 'unknown', needs: ['priorityClasses'], detail }
    }
    if (typeof ranked === 'string') return forbidden('Priority', ranked)
    const tolerant = this.#plugins.afterDefaultTolerations(applyDefaultTolerations(ranked), namespace)
    if (isRefused(tolerant)) return tolerant
    if (tolerant.spec.runtimeClassName !== undefined && this.#world.runtimeClasses === undefined) {
      const detail = `RuntimeClass ${goQuote(tolerant.spec.runtimeClassName)} decides, and the list of classes is not known`
      return { kind: 'unknown', needs: ['runtimeClasses'], detail }
    }
    const runtimeClass = runtimeClassOf(tolerant, this.#runtimeClasses)
    if (typeof runtimeClass === 'string') return forbidden('RuntimeClass', runtimeClass)
    const classed = applyRuntimeClass(tolerant, runtimeClass)
    return typeof classed === 'string' ? forbidden('RuntimeClass', classed) : { kind: 'mutated', pod: classed }
  }

  #validate(mutated: FullPod): AdmissionAnswer {
    const keyed = withLabelKeys(mutated)
    const pod = { ...keyed, spec: withAppArmorFields(keyed.metadata, keyed.spec) }
    const name = pod.metadata.name ?? ''
    const namespaceName = pod.metadata.namespace ?? ''
    const errors = this.#isStored ? this.#plugins.addedErrors(pod) : podErrors(pod)
    if (errors.length > 0) return refused('validation', 422, invalidObject('Pod', name, errors))
    const limitRanges = this.#limitRangesOf(namespaceName)
    const namespace = this.#namespace(pod)
    const policy = enforcedPolicy(namespace?.metadata.labels)
    const runtimeClass = runtimeClassOf(pod, this.#runtimeClasses)
    const forbidden = (by: string, reason: string | undefined): Refused | undefined =>
      reason === undefined ? undefined : refused(by, 403, forbiddenObject('pods', name, reason))
    const overhead = (): string | undefined =>
      typeof runtimeClass === 'string' ? runtimeClass : overheadViolation(pod, runtimeClass)
    const refusal =
      forbidden('LimitRanger', limitRangeViolation(pod, limitRanges)) ??
      forbidden('PodSecurity', securityViolation(pod.metadata, pod.spec, policy, this.#minor())) ??
      this.#plugins.violation(pod, namespace) ??
      forbidden('RuntimeClass', overhead()) ??
      forbidden('ResourceQuota', quotaViolation(pod, this.#quotasOf(namespaceName)))
    if (refusal !== undefined) return refusal
    return { kind: 'admitted', pod: this.#stored(pod), assumed: this.#assumed(pod) }
  }

  /** Reading from storage defaults once more, with what LimitRanger has filled in; the class of service is that of before. */
  #stored(pod: FullPod): Pod {
    return { ...defaultPod(pod), status: { phase: 'Pending', qosClass: podQos(pod.spec) } }
  }

  #assumed(pod: FullPod): readonly string[] {
    const lists = ['namespaces', 'limitRanges', 'serviceAccounts', 'resourceQuotas'] as const
    return [
      ...lists.filter(
        name => this.#world[name] === undefined || (name === 'namespaces' && this.#namespace(pod) === undefined),
      ),
      ...(this.#world.priorityClasses === undefined && !pod.spec.priorityClassName ? ['priorityClasses'] : []),
      ...(this.#world.others ?? []).filter(each => this.#world.policies?.includes(each) !== true).flatMap(presenceOf),
    ]
  }

  #withSuffix(message: string, name: string): string {
    return message.replaceAll(name, name.slice(0, -STAND_IN.length) + this.#suffix)
  }

  #minor(): number {
    return Number((this.#world.version ?? DEFAULT_VERSION).slice(2))
  }

  #namespace(pod: FullPod): Namespace | undefined {
    return this.#world.namespaces?.find(({ metadata }) => metadata.name === pod.metadata.namespace)
  }

  /** Undefined if accounts are not known. */
  #accountOf(namespace: string, name: string): ServiceAccount | 'missing' | undefined {
    const accounts: readonly ServiceAccount[] | undefined = this.#world.serviceAccounts
    if (accounts === undefined) return undefined
    return accounts.find(({ metadata: own }) => own?.namespace === namespace && own.name === name) ?? 'missing'
  }

  #limitRangesOf(namespace: string): readonly CompiledLimitRange[] {
    return remembered(this.#limitRanges, namespace, () =>
      inOrder(ofNamespace(this.#world.limitRanges ?? [], namespace)).map(compileLimitRange),
    )
  }

  #quotasOf(namespace: string): readonly CompiledQuota[] {
    return remembered(this.#quotas, namespace, () =>
      compileQuotas(ofNamespace(this.#world.resourceQuotas ?? [], namespace)),
    )
  }
}

function refused(by: string, code: number, message: string): Refused {
  return { kind: 'refused', by, code, message }
}

function inNamespace(pod: FullPod, namespace: string): FullPod {
  return pod.metadata.namespace === namespace ? pod : { ...pod, metadata: { ...pod.metadata, namespace } }
}

/** What storage adds to a new DaemonSet: an identity, and the first generation of its template. */
function asStored(daemonSet: DaemonSet): DaemonSet {
  const { annotations, uid } = daemonSet.metadata
  return {
    ...daemonSet,
    metadata: {
      ...daemonSet.metadata,
      uid: uid ?? STAND_IN,
      annotations: { [TEMPLATE_GENERATION]: '1', ...annotations },
    },
  }
}

function generateName<T extends { readonly metadata: ObjectMeta }>(
  object: T,
): { readonly object: T; readonly isGenerated: boolean } {
  const { name, generateName: prefix } = object.metadata
  if (name || !prefix) return { object, isGenerated: false }
  const generated = prefix.slice(0, MAX_GENERATED_PREFIX) + STAND_IN
  return { object: { ...object, metadata: { ...object.metadata, name: generated } }, isGenerated: true }
}

function isTerminating(namespace: Namespace | undefined): boolean {
  const status = (namespace as { readonly status?: { readonly phase?: string } } | undefined)?.status
  return status?.phase === undefined
    ? namespace?.metadata.deletionTimestamp !== undefined
    : status.phase === 'Terminating'
}

/** Webhooks and policies that may change or refuse what is created, of which no more is known. */
function presenceOf({ kind = '', metadata }: KubeObject): readonly string[] {
  const isDecisive = /^(Mutating|Validating)(WebhookConfiguration|AdmissionPolicy)$/.test(kind)
  return isDecisive ? [`${kind}/${metadata?.name ?? ''}`] : []
}

function ofNamespace<T extends KubeObject>(objects: readonly T[], namespace: string): readonly T[] {
  return objects.filter(({ metadata }) => (metadata?.namespace || DEFAULT_NAMESPACE) === namespace)
}

function remembered<T>(table: Map<string, T>, key: string, make: () => T): T {
  const known = table.get(key)
  if (known !== undefined) return known
  const made = make()
  table.set(key, made)
  return made
}
