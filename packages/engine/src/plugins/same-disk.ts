import type { Volume } from '../api/core.ts'

interface GcePersistentDisk {
  readonly pdName?: string
  readonly readOnly?: boolean
}
interface AwsElasticBlockStore {
  readonly volumeID?: string
}
interface Iscsi {
  readonly iqn?: string
  readonly readOnly?: boolean
}
interface Rbd {
  readonly monitors?: readonly string[]
  readonly pool?: string
  readonly image?: string
  readonly readOnly?: boolean
}

/** One in-tree disk for two pods, not read-only for both where that would do (`isVolumeConflict`, kubernetes plugins/volumerestrictions, v1.36.2). */
export function sameDisk(ours: Volume, theirs: Volume): boolean {
  const both = <T>(source: string, clash: (a: T, b: T) => boolean): boolean => {
    const a = ours[source] as T | undefined
    const b = theirs[source] as T | undefined
    return a !== undefined && b !== undefined && clash(a, b)
  }
  return (
    both<GcePersistentDisk>('gcePersistentDisk', (a, b) => a.pdName === b.pdName && !(a.readOnly && b.readOnly)) ||
    both<AwsElasticBlockStore>('awsElasticBlockStore', (a, b) => a.volumeID === b.volumeID) ||
    both<Iscsi>('iscsi', (a, b) => a.iqn === b.iqn && !(a.readOnly && b.readOnly)) ||
    both<Rbd>(
      'rbd',
      (a, b) =>
        a.pool === b.pool &&
        a.image === b.image &&
        !(a.readOnly && b.readOnly) &&
        (a.monitors ?? []).some(monitor => b.monitors?.includes(monitor)),
    )
  )
}
