import type { LabelSelector, ObjectMeta, QuantityText } from './meta.ts'

// Objects of storage.k8s.io that only the volume filters read (k8s.io/api storage/v1/types.go, v1.36.2).

export interface CSIDriver {
  readonly metadata: ObjectMeta
  readonly spec?: { readonly storageCapacity?: boolean }
}

export interface CSIStorageCapacity {
  readonly metadata: ObjectMeta
  readonly storageClassName: string
  /** Nodes that can reach the storage; absent for none. */
  readonly nodeTopology?: LabelSelector
  readonly capacity?: QuantityText
  readonly maximumVolumeSize?: QuantityText
}

export interface VolumeAttachment {
  readonly metadata: ObjectMeta
  readonly spec?: {
    readonly attacher?: string
    readonly nodeName?: string
    readonly source?: { readonly persistentVolumeName?: string }
  }
}
