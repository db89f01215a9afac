import type { PersistentVolume, Pod, Volume } from '../api/core.ts'

/** In-tree sources that VolumeRestrictions compares between the pods of a node. */
export const DISKS = ['gcePersistentDisk', 'awsElasticBlockStore', 'iscsi', 'rbd'] as const

/** In-tree sources that CSI drivers have taken over, and the driver of each (csi-translation-lib `plugins/`, v0.36.2). */
const DRIVERS: Readonly<Record<string, string>> = {
  awsElasticBlockStore: 'ebs.csi.aws.com',
  gcePersistentDisk: 'pd.csi.storage.gke.io',
  cinder: 'cinder.csi.openstack.org',
  azureDisk: 'disk.csi.azure.com',
  azureFile: 'file.csi.azure.com',
  vsphereVolume: 'csi.vsphere.vmware.com',
  portworxVolume: 'pxd.portworx.com',
}
const SOURCES = Object.keys(DRIVERS)
const FILTERED: ReadonlySet<string> = new Set(['persistentVolumeClaim', 'ephemeral', ...DISKS, ...SOURCES])

/** Does the pod have a volume that a volume filter looks at? Costs one look at each volume. */
export function hasFilteredVolumes({ spec: { volumes } }: Pod): boolean {
  if (volumes === undefined) return false
  for (let index = 0; index < volumes.length; index++)
    for (const source in volumes[index]) if (FILTERED.has(source)) return true
  return false
}

/** A volume with a PersistentVolumeClaim, named or made for the pod. */
export const hasClaim = (volume: Volume): boolean =>
  volume.persistentVolumeClaim !== undefined || volume.ephemeral !== undefined

export const isDisk = (volume: Volume): boolean => DISKS.some(source => volume[source] !== undefined)

/** An in-tree source that a CSI driver has taken over. */
export const isInTree = (source: Volume | NonNullable<PersistentVolume['spec']>): boolean =>
  SOURCES.some(name => source[name] !== undefined)
