import type { DumpKind } from '@everynode/engine'
import type { ObjectShape } from '../project/shape.ts'
import * as admission from './admission-policies.ts'
import * as apps from './apps.ts'
import * as core from './core.ts'
import * as karpenter from './karpenter.ts'
import * as storage from './storage.ts'

/** A kind that the engine reads: which list of the dump it fills and how. */
export interface ReadKind {
  readonly group: string
  readonly kind: string
  readonly plural: string
  readonly field: DumpKind | 'others'
  readonly shape: ObjectShape
  /** What the API server adds when it reads such an object. */
  readonly complete?: (object: object) => void
  /** Set for a group that no API server of today serves: the version to use. */
  readonly use?: string
}

function kind(group: string, name: string, plural: string, field: ReadKind['field'], shape: ObjectShape): ReadKind {
  return { group, kind: name, plural, field, shape }
}

export const READ_KINDS: readonly ReadKind[] = [
  { ...kind('', 'Node', 'nodes', 'nodes', core.node), complete: core.completeNode },
  kind('', 'Pod', 'pods', 'pods', core.pod),
  kind('', 'Namespace', 'namespaces', 'namespaces', core.namespace),
  kind('', 'LimitRange', 'limitranges', 'limitRanges', core.limitRange),
  kind('', 'ResourceQuota', 'resourcequotas', 'resourceQuotas', core.resourceQuota),
  kind('', 'Service', 'services', 'services', core.service),
  kind('', 'PersistentVolumeClaim', 'persistentvolumeclaims', 'persistentVolumeClaims', core.persistentVolumeClaim),
  kind('', 'PersistentVolume', 'persistentvolumes', 'persistentVolumes', core.persistentVolume),
  kind('', 'Event', 'events', 'events', core.event),
  kind('events.k8s.io', 'Event', 'events', 'events', core.event),
  kind('apps', 'DaemonSet', 'daemonsets', 'daemonSets', apps.daemonSet),
  kind('apps', 'ControllerRevision', 'controllerrevisions', 'controllerRevisions', apps.controllerRevision),
  kind('apps', 'Deployment', 'deployments', 'deployments', apps.deployment),
  kind('apps', 'ReplicaSet', 'replicasets', 'replicaSets', apps.workload),
  kind('apps', 'StatefulSet', 'statefulsets', 'statefulSets', apps.workload),
  kind('batch', 'Job', 'jobs', 'jobs', apps.job),
  kind(
    'admissionregistration.k8s.io',
    'MutatingAdmissionPolicy',
    'mutatingadmissionpolicies',
    'others',
    admission.mutatingAdmissionPolicy,
  ),
  kind(
    'admissionregistration.k8s.io',
    'MutatingAdmissionPolicyBinding',
    'mutatingadmissionpolicybindings',
    'others',
    admission.mutatingAdmissionPolicyBinding,
  ),
  kind('policy', 'PodDisruptionBudget', 'poddisruptionbudgets', 'podDisruptionBudgets', apps.podDisruptionBudget),
  kind('scheduling.k8s.io', 'PriorityClass', 'priorityclasses', 'priorityClasses', apps.priorityClass),
  kind('node.k8s.io', 'RuntimeClass', 'runtimeclasses', 'runtimeClasses', apps.runtimeClass),
  kind('storage.k8s.io', 'StorageClass', 'storageclasses', 'storageClasses', storage.storageClass),
  kind('storage.k8s.io', 'CSINode', 'csinodes', 'csiNodes', storage.csiNode),
  kind('storage.k8s.io', 'CSIDriver', 'csidrivers', 'csiDrivers', storage.csiDriver),
  kind(
    'storage.k8s.io',
    'CSIStorageCapacity',
    'csistoragecapacities',
    'csiStorageCapacities',
    storage.csiStorageCapacity,
  ),
  kind('storage.k8s.io', 'VolumeAttachment', 'volumeattachments', 'volumeAttachments', storage.volumeAttachment),
  kind('karpenter.sh', 'NodePool', 'nodepools', 'nodePools', karpenter.nodePool),
  kind('karpenter.sh', 'NodeClaim', 'nodeclaims', 'nodeClaims', karpenter.nodeClaim),
]

/** Served until 1.15; the fields that are read have stayed the same. */
const RETIRED_KINDS: readonly ReadKind[] = READ_KINDS.filter(
  ({ group, kind: name }) => group === 'apps' && ['DaemonSet', 'Deployment', 'ReplicaSet'].includes(name),
).map(entry => ({ ...entry, group: 'extensions', use: 'apps/v1' }))

const ALL_KINDS = [...READ_KINDS, ...RETIRED_KINDS]

const BY_KIND: ReadonlyMap<string, readonly ReadKind[]> = new Map(
  ALL_KINDS.map(({ kind: name }) => [name, ALL_KINDS.filter(entry => entry.kind === name)]),
)

/** Groups whose objects are read for their presence: webhooks and policies, autoscalers, Karpenter's own. */
const PRESENCE_GROUPS: ReadonlySet<string> = new Set([
  'admissionregistration.k8s.io',
  'autoscaling',
  'autoscaling.x-k8s.io',
  'karpenter.sh',
])

export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}

/** How objects of a type are read; `undefined` for types that nothing reads. */
export function readKindOf(apiVersion: string, kindName: string): ReadKind | undefined {
  const group = groupOf(apiVersion)
  const known = BY_KIND.get(kindName)?.find(entry => entry.group === group)
  if (known !== undefined) return known
  if (!PRESENCE_GROUPS.has(group) && !kindName.endsWith('NodeClass')) return undefined
  return { group, kind: kindName, plural: '', field: 'others', shape: apps.other }
}

/** The list of a dump that a name means: a kind, a resource as kubectl names it (`nodepools.karpenter.sh`), or the list's own name. */
export function dumpKindNamed(name: string): DumpKind | undefined {
  const wanted = name.trim().toLowerCase()
  const dot = wanted.indexOf('.')
  const resource = dot < 0 ? wanted : wanted.slice(0, dot)
  const group = dot < 0 ? undefined : wanted.slice(dot + 1)
  for (const entry of READ_KINDS) {
    if (entry.field === 'others' || (group !== undefined && group !== entry.group)) continue
    if (resource === entry.plural || resource === entry.kind.toLowerCase() || resource === entry.field.toLowerCase()) {
      return entry.field
    }
  }
  return undefined
}
