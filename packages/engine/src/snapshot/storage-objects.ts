import type { CSINode, StorageClass } from '../api/apps.ts'
import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from '../api/core.ts'
import type { ObjectMeta } from '../api/meta.ts'
import type { CSIDriver, CSIStorageCapacity, VolumeAttachment } from '../api/storage.ts'

/** Storage objects of a cluster. A list that is absent is unknown: who needs it can't tell. */
export interface StorageLists {
  readonly persistentVolumeClaims?: readonly PersistentVolumeClaim[] | undefined
  readonly persistentVolumes?: readonly PersistentVolume[] | undefined
  readonly storageClasses?: readonly StorageClass[] | undefined
  readonly csiNodes?: readonly CSINode[] | undefined
  readonly csiDrivers?: readonly CSIDriver[] | undefined
  readonly csiStorageCapacities?: readonly CSIStorageCapacity[] | undefined
  readonly volumeAttachments?: readonly VolumeAttachment[] | undefined
}

type ByName<T> = ReadonlyMap<string, T> | undefined

/** Storage objects by name, as the volume filters look them up; each index is made when somebody first asks. */
export class StorageObjects {
  readonly lists: StorageLists
  private readonly indices = new Map<keyof StorageLists, ReadonlyMap<string, unknown>>()

  constructor(lists: StorageLists) {
    this.lists = lists
  }

  /** By `namespace/name`. */
  get claims(): ByName<PersistentVolumeClaim> {
    return this.index('persistentVolumeClaims', ({ namespace, name }) => `${namespace ?? 'default'}/${name ?? ''}`)
  }

  get volumes(): ByName<PersistentVolume> {
    return this.index('persistentVolumes', nameOf)
  }

  get classes(): ByName<StorageClass> {
    return this.index('storageClasses', nameOf)
  }

  /** By name of the node. */
  get csiNodes(): ByName<CSINode> {
    return this.index('csiNodes', nameOf)
  }

  get drivers(): ByName<CSIDriver> {
    return this.index('csiDrivers', nameOf)
  }

  /** The claim of a pod's volume; absent if it is not there or claims are unknown. */
  claimOf(pod: Pod, volume: Volume): PersistentVolumeClaim | undefined {
    const name = claimName(pod, volume)
    return name === undefined ? undefined : this.claims?.get(`${pod.metadata.namespace ?? 'default'}/${name}`)
  }

  private index<T extends { readonly metadata: ObjectMeta }>(
    list: keyof StorageLists,
    key: (metadata: ObjectMeta) => string,
  ): ByName<T> {
    const known = this.indices.get(list) as ByName<T>
    const objects = this.lists[list] as readonly T[] | undefined
    if (known !== undefined || objects === undefined) return known
    const made = new Map(objects.map(object => [key(object.metadata), object]))
    this.indices.set(list, made)
    return made
  }
}

const nameOf = ({ name }: ObjectMeta): string => name ?? ''

/**
 * Name of the claim behind a volume: its own, or the one that the ephemeral volume controller makes
 * (`VolumeClaimName`, component-helpers `storage/ephemeral/ephemeral.go`, v0.36.2). Absent for a volume without a claim.
 */
export function claimName(pod: Pod, volume: Volume): string | undefined {
  if (volume.persistentVolumeClaim) return volume.persistentVolumeClaim.claimName
  return volume.ephemeral ? `${pod.metadata.name ?? ''}-${volume.name}` : undefined
}

/** True if the claim of a generic ephemeral volume was made for this pod (`VolumeIsForPod`, the same file). */
export function isClaimForPod(pod: Pod, { metadata }: PersistentVolumeClaim): boolean {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller)
  return owner !== undefined && owner.uid === pod.metadata.uid
}

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class'

/** Name of a claim's or a volume's StorageClass, the old annotation first; empty for none (component-helpers `storage/volume/helpers.go`, v0.36.2). */
export function storageClassName({ metadata, spec }: PersistentVolumeClaim | PersistentVolume): string {
  return metadata.annotations?.[BETA_CLASS] ?? spec?.storageClassName ?? ''
}
