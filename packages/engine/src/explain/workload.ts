import type { ClusterDump } from '../api/cluster-dump.ts'
import type { Pod } from '../api/core.ts'
import type { ObjectMeta } from '../api/meta.ts'
import { byText } from '../coverage/holders.ts'
import { controllerOf } from '../coverage/owners.ts'
import { refusalEvents, refusedBy } from '../coverage/refusals.ts'
import type { ExplainedSubject, Subject, SubjectKind } from './types.ts'

/** An object that makes pods, as far as it is known. */
export interface WorkloadObject {
  readonly meta: ObjectMeta
  readonly wanted?: number
}

/** The object itself; undefined if the dump does not hold it. */
export function workloadObject(dump: ClusterDump, { kind, namespace, name }: Subject): WorkloadObject | undefined {
  const isIt = ({ metadata }: { readonly metadata: ObjectMeta }): boolean =>
    metadata.name === name && (metadata.namespace ?? 'default') === namespace
  if (kind === 'Pod') {
    const pod = dump.pods?.find(isIt)
    return pod === undefined ? undefined : { meta: pod.metadata }
  }
  if (kind === 'Job') {
    const job = dump.jobs?.find(isIt)
    return job === undefined ? undefined : { meta: job.metadata, wanted: job.spec?.parallelism ?? 1 }
  }
  const workload = dump[LISTS[kind]]?.find(isIt)
  return workload === undefined ? undefined : { meta: workload.metadata, wanted: workload.spec?.replicas ?? 1 }
}

const LISTS = {
  Deployment: 'deployments',
  ReplicaSet: 'replicaSets',
  StatefulSet: 'statefulSets',
} as const satisfies Partial<Record<SubjectKind, keyof ClusterDump>>

/** The pods that a subject has, by name. A Deployment's are those of its ReplicaSets; where these are not known, the pods' template hash tells. */
export function podsOf(dump: ClusterDump, subject: Subject): readonly Pod[] {
  const { kind, namespace, name } = subject
  const inNamespace = (dump.pods ?? []).filter(({ metadata }) => (metadata.namespace ?? 'default') === namespace)
  const found =
    kind === 'Pod'
      ? inNamespace.filter(({ metadata }) => metadata.name === name)
      : inNamespace.filter(kind === 'Deployment' ? ofDeployment(dump, subject) : pod => isControlledBy(pod, kind, name))
  return [...found].sort((a, b) => byText(a.metadata.name ?? '', b.metadata.name ?? ''))
}

function isControlledBy({ metadata }: Pod, kind: string, name: string): boolean {
  const owner = controllerOf(metadata)
  return owner?.kind === kind && owner.name === name
}

function ofDeployment({ replicaSets }: ClusterDump, { namespace, name }: Subject): (pod: Pod) => boolean {
  const own = new Set<string>()
  const known = new Set<string>()
  for (const { metadata } of replicaSets ?? []) {
    if ((metadata.namespace ?? 'default') !== namespace) continue
    known.add(metadata.name ?? '')
    const owner = controllerOf(metadata)
    if (owner?.kind === 'Deployment' && owner.name === name) own.add(metadata.name ?? '')
  }
  return ({ metadata }) => {
    const owner = controllerOf(metadata)
    if (owner?.kind !== 'ReplicaSet') return false
    const hash = metadata.labels?.['pod-template-hash']
    return own.has(owner.name) || (!known.has(owner.name) && hash !== undefined && owner.name === `${name}-${hash}`)
  }
}

/** Who manages a pod, as far up as questions can be asked about it; undefined for a pod of its own or of a kind that is not known. */
export function ownerOf(dump: ClusterDump, pod: Pod): Subject | undefined {
  const owner = controllerOf(pod.metadata)
  const namespace = pod.metadata.namespace ?? 'default'
  if (owner === undefined) return undefined
  if (owner.kind === 'StatefulSet' || owner.kind === 'Job') return { kind: owner.kind, namespace, name: owner.name }
  if (owner.kind !== 'ReplicaSet') return undefined
  const replicaSet = workloadObject(dump, { kind: 'ReplicaSet', namespace, name: owner.name })
  const above = replicaSet === undefined ? undefined : controllerOf(replicaSet.meta)
  if (above?.kind === 'Deployment') return { kind: 'Deployment', namespace, name: above.name }
  const hash = pod.metadata.labels?.['pod-template-hash']
  const guessed = replicaSet === undefined && hash !== undefined && owner.name.endsWith(`-${hash}`)
  return guessed
    ? { kind: 'Deployment', namespace, name: owner.name.slice(0, -hash.length - 1) }
    : { kind: 'ReplicaSet', namespace, name: owner.name }
}

/** The object in whose template a change of the pods is written: the Deployment of a pod or a ReplicaSet, else the subject itself. */
export function makerOf(dump: ClusterDump, subject: Subject, pods: readonly Pod[]): Subject | undefined {
  const [first] = pods
  if (subject.kind === 'Pod') return first === undefined ? undefined : ownerOf(dump, first)
  const object = workloadObject(dump, subject)
  const above = subject.kind === 'ReplicaSet' && object !== undefined ? controllerOf(object.meta) : undefined
  return above?.kind === 'Deployment' ? { ...subject, kind: 'Deployment', name: above.name } : subject
}

/** The newest refusal of a pod that the subject should have, from its controllers' FailedCreate events. */
export function notMadeOf(dump: ClusterDump, subject: Subject): ExplainedSubject['notMade'] {
  const { kind, namespace, name } = subject
  if (kind === 'Pod') return undefined
  const makers = new Set<string>([`${kind}/${name}`])
  if (kind === 'Deployment') {
    for (const { metadata } of dump.replicaSets ?? []) {
      const owner = controllerOf(metadata)
      const own = owner?.kind === 'Deployment' && owner.name === name && (metadata.namespace ?? 'default') === namespace
      if (own) makers.add(`ReplicaSet/${metadata.name ?? ''}`)
    }
  }
  // Read as if a DaemonSet of one name had them all: the newest text wins.
  const events = (dump.events ?? []).flatMap(event => {
    const object = event.involvedObject ?? event.regarding
    const own =
      (object?.namespace ?? event.metadata.namespace ?? 'default') === namespace &&
      makers.has(`${object?.kind ?? ''}/${object?.name ?? ''}`)
    return own ? [{ ...event, involvedObject: { kind: 'DaemonSet', namespace, name } }] : []
  })
  const refusal = refusalEvents(events).get(`${namespace}/${name}`)
  return (
    refusal && {
      by: refusedBy(refusal.message),
      message: refusal.message,
      ...(refusal.first === undefined ? {} : { since: refusal.first }),
    }
  )
}
