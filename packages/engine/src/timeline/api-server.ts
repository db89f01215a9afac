import { Admission } from '../admission/admission.ts'
import { forbiddenObject } from '../admission/field-errors.ts'
import { chargePods, compileQuota, compileQuotas, quotaViolation } from '../admission/plugins/resource-quota.ts'
import type { FullPod } from '../admission/pod-model.ts'
import type { AdmissionPlugins, AdmissionWorld } from '../admission/types.ts'
import type { DaemonSet } from '../api/apps.ts'
import type { DumpKind } from '../api/cluster-dump.ts'
import type { Affinity, Pod, PodSpec, ResourceQuota } from '../api/core.ts'
import { daemonPod } from '../daemonset/daemon-pod.ts'
import { goQuote } from '../go-text.ts'
import { podKey } from '../snapshot/cluster-snapshot.ts'
import type { KubernetesVersion } from '../versions.ts'
import { isBound, isFinished, isTerminating } from './pod-state.ts'
import type { Store } from './store.ts'

/** What became of a pod that a controller sent. */
export type Creation =
  | { readonly kind: 'created'; readonly pod: Pod }
  /** The API server's words. */
  | { readonly kind: 'refused'; readonly message: string }

/** Admission in each state of its lists, and what it made of templates by owner and revision: for all runs of one forecast. */
export interface AdmissionCache {
  readonly states: Map<number, Admission>
  readonly answers: Map<string, ReturnType<Admission['admitPod']>>
}

/** Lists that decide admission: a change of one makes earlier answers void. */
const DECISIVE: ReadonlySet<DumpKind> = new Set(['priorityClasses', 'limitRanges', 'runtimeClasses', 'namespaces'])

/** Characters of generated names (apimachinery `pkg/util/rand/rand.go`, v0.36.2). */
const NAME_CHARACTERS = 'bcdfghjklmnpqrstvwxz2456789'
const SUFFIX_LENGTH = 5

/**
 * What the API server does when controllers create and delete pods: admission, quota, names, times. Graceful deletion only marks; what
 * ends a marked pod is the kubelet.
 */
export class ApiServer {
  readonly store: Store
  readonly version: KubernetesVersion
  readonly #now: () => string
  readonly #cache: AdmissionCache
  readonly #admissionPlugins: AdmissionPlugins | undefined
  /** Counts changes of what decides admission; the same in every run, because only the change itself makes them. */
  #epoch = 0
  #made = 0

  constructor(
    store: Store,
    version: KubernetesVersion,
    now: () => string,
    cache: AdmissionCache,
    admissionPlugins?: AdmissionPlugins,
  ) {
    this.store = store
    this.version = version
    this.#now = now
    this.#cache = cache
    this.#admissionPlugins = admissionPlugins
    store.watch({
      objectChanged: list => {
        if (DECISIVE.has(list)) this.#epoch++
      },
    })
  }

  /** RFC 3339, in whole seconds as the API writes times. */
  get now(): string {
    return this.#now()
  }

  get admission(): Admission {
    let admission = this.#cache.states.get(this.#epoch)
    if (admission === undefined) {
      admission = new Admission(this.world())
      this.#cache.states.set(this.#epoch, admission)
    }
    return admission
  }

  /** What admission reads, but for quotas, which each pod changes. */
  world(): AdmissionWorld {
    const { store, version } = this
    return {
      version,
      namespaces: [...store.all('namespaces').values()],
      priorityClasses: [...store.all('priorityClasses').values()],
      limitRanges: [...store.all('limitRanges').values()],
      runtimeClasses: [...store.all('runtimeClasses').values()],
      resourceQuotas: [],
      ...(this.#admissionPlugins === undefined ? {} : { admissionPlugins: this.#admissionPlugins }),
    }
  }

  /** The DaemonSet's pod for a node, from the template with this hash. */
  createDaemonPod(daemonSet: DaemonSet, nodeName: string, hash: string): Creation {
    const pod = daemonPod(daemonSet, nodeName, { hash })
    return this.#create(pod, `${daemonSet.metadata.uid}/${hash}`)
  }

  /** A pod of a template; `template` names it, so that equal pods are admitted once. */
  createPod(pod: Pod, template: string): Creation {
    return this.#create(pod, template)
  }

  #create(pod: Pod, template: string): Creation {
    const memo = `${this.#epoch}/${template}`
    let answer = this.#cache.answers.get(memo)
    if (answer === undefined) {
      answer = this.admission.admitPod(pod)
      this.#cache.answers.set(memo, answer)
    }
    if (answer.kind !== 'admitted') {
      return { kind: 'refused', message: answer.kind === 'refused' ? answer.message : answer.detail }
    }
    const namespace = answer.pod.metadata.namespace ?? 'default'
    const name = pod.metadata.name ?? this.#freeName(namespace, pod.metadata.generateName ?? '')
    if (this.store.pod(`${namespace}/${name}`) !== undefined)
      return { kind: 'refused', message: `pods ${goQuote(name)} already exists` }
    const admitted: Pod = {
      ...answer.pod,
      metadata: {
        ...answer.pod.metadata,
        ...pod.metadata,
        namespace,
        name,
        uid: `${namespace}/${name}/${this.#made++}`,
        creationTimestamp: this.now,
      },
      spec: withPin(answer.pod.spec, pod.spec.affinity),
      status: { ...answer.pod.status, phase: 'Pending' },
    }
    const exceeded = this.#charge(admitted)
    if (exceeded !== undefined) return { kind: 'refused', message: exceeded }
    this.store.put('pods', admitted)
    return { kind: 'created', pod: admitted }
  }

  /** Charges the pod to the quotas of its namespace; the refusal if one is exceeded. */
  #charge(pod: Pod): string | undefined {
    const quotas = [...this.store.all('resourceQuotas').values()].filter(
      ({ metadata }) => (metadata.namespace ?? 'default') === pod.metadata.namespace,
    )
    if (quotas.length === 0) return undefined
    const full = pod as FullPod
    const violation = quotaViolation(full, compileQuotas(quotas))
    if (violation !== undefined) return forbiddenObject('pods', pod.metadata.name ?? '', violation)
    for (const quota of quotas) this.store.put('resourceQuotas', chargePods(quota, [full]))
    return undefined
  }

  /** The quota controller's count of what the living pods of the namespace use. */
  recountQuota(quota: ResourceQuota): void {
    const { status: _, ...unused } = quota
    const living = [...this.store.all('pods').values()].filter(
      pod => pod.metadata.namespace === quota.metadata.namespace && !isFinished(pod),
    )
    const counted = chargePods(unused, living as readonly FullPod[]).status?.used ?? {}
    const ofPods = [...compileQuota(quota).hard.keys()].map(name => [name, counted[name] ?? '0'] as const)
    const status = { ...quota.status, used: { ...quota.status?.used, ...Object.fromEntries(ofPods) } }
    this.store.put('resourceQuotas', { ...quota, status })
  }

  /** DELETE without options: a pod without a node goes at once, another when its kubelet has ended it. */
  deletePod(pod: Pod): void {
    const present = this.store.pod(podKey(pod))
    if (present === undefined || present.metadata.uid !== pod.metadata.uid || isTerminating(present)) return
    if (!isBound(present)) this.store.remove('pods', podKey(present))
    else this.store.put('pods', { ...present, metadata: { ...present.metadata, deletionTimestamp: this.now } })
  }

  /** Replaces a pod that is still there and still the same one. */
  updatePod(pod: Pod, change: (present: Pod) => Pod): void {
    const present = this.store.pod(podKey(pod))
    if (present === undefined || present.metadata.uid !== pod.metadata.uid) return
    const changed = change(present)
    if (changed !== present) this.store.put('pods', changed)
  }

  /** A generated name that nobody has: those of the cluster may be of an earlier forecast. */
  #freeName(namespace: string, prefix: string): string {
    for (;;) {
      const name = `${prefix}${this.#suffix()}`
      if (this.store.pod(`${namespace}/${name}`) === undefined) return name
    }
  }

  #suffix(): string {
    let rest = this.#made++
    let text = ''
    for (let i = 0; i < SUFFIX_LENGTH; i++) {
      text = `${NAME_CHARACTERS[rest % NAME_CHARACTERS.length]}${text}`
      rest = Math.floor(rest / NAME_CHARACTERS.length)
    }
    return text
  }
}

/** The admitted spec with this pod's own node affinity: pods of one template differ in nothing else. */
function withPin(spec: PodSpec, affinity: Affinity | undefined): PodSpec {
  const nodeAffinity = affinity?.nodeAffinity
  return nodeAffinity === undefined ? spec : { ...spec, affinity: { ...spec.affinity, nodeAffinity } }
}
