import type {
  ControllerRevision,
  CSINode,
  DaemonSet,
  Job,
  PodDisruptionBudget,
  PriorityClass,
  RuntimeClass,
  StorageClass,
  Workload,
} from './apps.ts'
import type {
  KubeEvent,
  LimitRange,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ResourceQuota,
  Service,
} from './core.ts'
import type { NodeClaim, NodePool } from './karpenter.ts'
import type { KubeObject } from './meta.ts'
import type { CSIDriver, CSIStorageCapacity, VolumeAttachment } from './storage.ts'

/** What the tool knows of a cluster. A list that is absent is *unknown* (not read, or not allowed), an empty one is known to be empty. */
export interface ClusterDump {
  readonly nodes?: readonly Node[]
  readonly pods?: readonly Pod[]
  readonly daemonSets?: readonly DaemonSet[]
  readonly controllerRevisions?: readonly ControllerRevision[]
  readonly deployments?: readonly Workload[]
  readonly replicaSets?: readonly Workload[]
  readonly statefulSets?: readonly Workload[]
  readonly jobs?: readonly Job[]
  readonly priorityClasses?: readonly PriorityClass[]
  readonly podDisruptionBudgets?: readonly PodDisruptionBudget[]
  readonly limitRanges?: readonly LimitRange[]
  readonly resourceQuotas?: readonly ResourceQuota[]
  readonly runtimeClasses?: readonly RuntimeClass[]
  readonly namespaces?: readonly Namespace[]
  readonly services?: readonly Service[]
  readonly persistentVolumeClaims?: readonly PersistentVolumeClaim[]
  readonly persistentVolumes?: readonly PersistentVolume[]
  readonly storageClasses?: readonly StorageClass[]
  readonly csiNodes?: readonly CSINode[]
  readonly csiDrivers?: readonly CSIDriver[]
  readonly csiStorageCapacities?: readonly CSIStorageCapacity[]
  readonly volumeAttachments?: readonly VolumeAttachment[]
  readonly nodePools?: readonly NodePool[]
  readonly nodeClaims?: readonly NodeClaim[]
  readonly events?: readonly KubeEvent[]
  /** NodeClasses, webhooks, admission policies: read for their presence only. */
  readonly others?: readonly KubeObject[]
  /** Server version such as `v1.36.2`, where the source tells. */
  readonly kubernetesVersion?: string
  /** RFC 3339; the moment the dump describes: when it was taken, else the newest timestamp in it. */
  readonly takenAt?: string
}

/** Lists of a dump by field name. */
export type DumpKind = Exclude<keyof ClusterDump, 'kubernetesVersion' | 'takenAt' | 'others'>
