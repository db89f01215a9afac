import {
  Admission,
  type AdmissionAnswer,
  type AdmissionWorld,
  admitObject,
  type Container,
  changePriorityClass,
  chargePods,
  type DaemonSet,
  failedCreateText,
  type KubeObject,
  type KubernetesVersion,
  type LimitRange,
  type Namespace,
  type Node,
  nodeShouldRunDaemonPod,
  type Pod,
  type PodSpec,
  type PriorityClass,
  type Refused,
  type ResourceQuota,
  type RuntimeClass,
} from '@everynode/engine'
import type { Op } from './op.ts'

/** Recordings say `$NS` for the namespace, which had a name of its own. */
const PLACEHOLDER = '$NS'
const NAMESPACE = 'admission-1'

interface Input {
  readonly namespace?: { readonly labels?: Readonly<Record<string, string>> }
  readonly priorityClasses?: readonly NamedClass[]
  readonly limitRanges?: readonly { readonly name: string; readonly spec: NonNullable<LimitRange['spec']> }[]
  readonly resourceQuotas?: readonly { readonly name: string; readonly spec: NonNullable<ResourceQuota['spec']> }[]
  readonly runtimeClasses?: readonly RuntimeClass[]
  readonly existingPods?: readonly Pod[]
  readonly policies?: readonly KubeObject[]
  readonly pod?: Pod
  readonly daemonSet?: DaemonSet
  readonly object?: KubeObject
  readonly verb?: 'update'
}

interface NamedClass {
  readonly name: string
  readonly value: number
  readonly globalDefault?: boolean
  readonly preemptionPolicy?: string
}

/** The node that the recorded cluster has. */
const NODE: Node = {
  metadata: { name: 'n1', labels: { 'kubernetes.io/hostname': 'n1', 'kubernetes.io/os': 'linux' } },
}

/** What a real kube-apiserver and DaemonSet controller made of pods, DaemonSets and the objects that admission reads. */
export const admissionOp: Op = {
  name: 'admission',
  answer(input, { version }) {
    return replaced(answerIn(replaced(input, PLACEHOLDER, NAMESPACE) as Input, version), NAMESPACE, PLACEHOLDER)
  },
}

function answerIn(given: Input, version: KubernetesVersion): unknown {
  const world = worldOf(given, version)
  const namespace = admitObject({ kind: 'Namespace', metadata: namespaceOf(given).metadata }, world)
  if (namespace.kind === 'refused') return { ...refusal(namespace), on: 'Namespace' }
  const admission = new Admission(world, { suffix: '$SUFFIX' })
  if (given.pod !== undefined) return podAnswer(admission.admitPod(inNamespace(given.pod)))
  if (given.daemonSet !== undefined) return daemonSetAnswer(admission, inNamespace(given.daemonSet))
  return objectAnswer(given, world)
}

/** The value with one text put for another wherever it stands in a string. */
function replaced(value: unknown, from: string, to: string): unknown {
  if (typeof value === 'string') return value.replaceAll(from, to)
  if (Array.isArray(value)) return value.map(element => replaced(element, from, to))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaced(each, from, to)]))
}

function worldOf(input: Input, version: KubernetesVersion): AdmissionWorld {
  const metadata = (name: string) => ({ name, namespace: NAMESPACE })
  const world: AdmissionWorld = {
    version,
    namespaces: [namespaceOf(input)],
    priorityClasses: (input.priorityClasses ?? []).map(({ name, ...rest }) => ({ metadata: { name }, ...rest })),
    limitRanges: (input.limitRanges ?? []).map(({ name, spec }) => ({ metadata: metadata(name), spec })),
    runtimeClasses: input.runtimeClasses ?? [],
    serviceAccounts: [{ kind: 'ServiceAccount', metadata: metadata('default') }],
    policies: input.policies ?? [],
    resourceQuotas: [],
  }
  const admission = new Admission(world)
  const existing = (input.existingPods ?? []).flatMap(pod => {
    const answer = admission.admitPod(inNamespace(pod))
    return answer.kind === 'admitted' ? [answer.pod] : []
  })
  const quotas = (input.resourceQuotas ?? []).map(({ name, spec }) =>
    chargePods({ metadata: metadata(name), spec }, existing),
  )
  return { ...world, resourceQuotas: quotas }
}

function namespaceOf({ namespace }: Input): Namespace {
  return { metadata: { name: NAMESPACE, labels: { 'kubernetes.io/metadata.name': NAMESPACE, ...namespace?.labels } } }
}

function inNamespace<T extends { readonly metadata: Pod['metadata'] }>(object: T): T {
  return { ...object, metadata: { ...object.metadata, namespace: NAMESPACE } }
}

function podAnswer(answer: AdmissionAnswer): unknown {
  if (answer.kind === 'admitted') return { pod: podSummary(answer.pod) }
  return answer.kind === 'refused' ? refusal(answer) : { unknown: answer.detail }
}

function daemonSetAnswer(admission: Admission, daemonSet: DaemonSet): unknown {
  const answer = admission.admitDaemonSet(daemonSet, NODE.metadata.name ?? '')
  if (answer.kind === 'unknown') return { unknown: answer.detail }
  if (answer.kind === 'refused') return answer.code === 0 ? refusal(answer) : { ...refusal(answer), on: 'DaemonSet' }
  const { spec } = answer.daemonSet
  const template = templateSummary(spec.template.spec)
  if (!nodeShouldRunDaemonPod(answer.daemonSet, NODE).shouldRun) return { nothing: true, template }
  if (answer.pod.kind === 'admitted') {
    return { pod: podSummary(answer.pod.pod), template, updateStrategy: spec.updateStrategy }
  }
  if (answer.pod.kind === 'unknown') return { unknown: answer.pod.detail }
  const status = { desiredNumberScheduled: 1, currentNumberScheduled: 0, numberMisscheduled: 0, observedGeneration: 1 }
  return { failedCreate: failedCreateText(answer.pod.message), template, status }
}

function objectAnswer({ object = {}, verb }: Input, world: AdmissionWorld): unknown {
  const answer = verb === 'update' ? changePriorityClass(object as PriorityClass, world) : admitObject(object, world)
  if (answer.kind === 'refused') return refusal(answer)
  if (answer.kind === 'unknown') return { unknown: answer.detail }
  const {
    apiVersion: _,
    kind: _kind,
    metadata: _metadata,
    ...rest
  } = answer.object as Readonly<Record<string, unknown>>
  delete (rest as { status?: unknown }).status
  // A list that is always written is `null` in Go when there is none.
  if (object.kind === 'LimitRange') return { object: { ...rest, spec: { limits: null, ...(rest['spec'] as object) } } }
  return { object: rest }
}

function refusal({ code, message }: Refused): Readonly<Record<string, unknown>> {
  return code === 0 ? { serverPanic: message } : { error: message, code }
}

function podSummary(pod: Pod): unknown {
  const { spec } = pod
  return given({
    ...specSummary(spec),
    generateName: pod.metadata.generateName,
    limitRangerAnnotation: pod.metadata.annotations?.['kubernetes.io/limit-ranger'],
    preemptionPolicy: spec.preemptionPolicy,
    overhead: spec.overhead,
    runtimeClassName: spec.runtimeClassName,
    resources: spec.resources,
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds,
    schedulerName: spec.schedulerName,
    restartPolicy: spec.restartPolicy,
    qosClass: pod.status?.qosClass,
  })
}

function templateSummary(spec: PodSpec): unknown {
  return given(specSummary(spec))
}

function specSummary(spec: PodSpec): Readonly<Record<string, unknown>> {
  return {
    priority: spec.priority,
    priorityClassName: spec.priorityClassName,
    tolerations: spec.tolerations,
    nodeSelector: spec.nodeSelector,
    affinity: spec.affinity,
    hostNetwork: spec.hostNetwork,
    containers: spec.containers?.map(containerSummary),
    initContainers: spec.initContainers?.map(containerSummary),
  }
}

function containerSummary({ name, resources = {}, ports, restartPolicy }: Container): unknown {
  return given({ name, resources, ports, restartPolicy })
}

function given(fields: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
