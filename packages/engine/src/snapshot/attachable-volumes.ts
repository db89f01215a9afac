import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../api/core.ts'
import type { PodIndex } from './indices.ts'
import { Interner } from './interner.ts'
import { claimName, type StorageObjects, storageClassName } from './storage-objects.ts'

/** In-tree sources and provisioners whose volumes count for the CSI driver that has taken them over (nodevolumelimits/utils.go, v1.36.2). */
const MIGRATED: readonly (readonly [source: string, id: string, provisioner: string, driver: string])[] = [
  ['awsElasticBlockStore', 'volumeID', 'kubernetes.io/aws-ebs', 'ebs.csi.aws.com'],
  ['gcePersistentDisk', 'pdName', 'kubernetes.io/gce-pd', 'pd.csi.storage.gke.io'],
  ['cinder', 'volumeID', 'kubernetes.io/cinder', 'cinder.csi.openstack.org'],
  ['azureDisk', 'diskURI', 'kubernetes.io/azure-disk', 'disk.csi.azure.com'],
  ['portworxVolume', 'volumeID', 'kubernetes.io/portworx-volume', 'pxd.portworx.com'],
]
/** Provisioners that were taken over and are not counted. */
const UNCOUNTED: ReadonlySet<string> = new Set(['kubernetes.io/azure-file', 'kubernetes.io/vsphere-volume'])

const NONE = new Int32Array(0)

/**
 * The volumes that CSI drivers attach for pods, as small numbers: one for each different driver and handle
 * (`filterAttachableVolumes`, kubernetes plugins/nodevolumelimits/csi.go, v1.36.2). A claim that waits for its volume counts for
 * its class's provisioner. A pod is read once.
 */
export class AttachableVolumes {
  /** By volume: its driver's number in `drivers`. */
  readonly driverOf: number[] = []
  readonly drivers = new Interner()
  private readonly storage: StorageObjects
  private readonly volumes = new Interner()
  private readonly known = new WeakMap<Pod, Int32Array>()
  /** By node: the different volumes of its pods; absent until somebody asks, and after a change. */
  private readonly byNode: (Int32Array | undefined)[] = []

  constructor(storage: StorageObjects) {
    this.storage = storage
  }

  /** The different volumes of a node's pods. */
  ofNode(node: number, indices: readonly PodIndex[], pods: readonly Pod[]): Int32Array {
    const known = this.byNode[node]
    if (known) return known
    const volumes = new Set<number>()
    for (const index of indices) for (const volume of this.of(pods[index]!)) volumes.add(volume)
    const ids = volumes.size === 0 ? NONE : Int32Array.from(volumes)
    this.byNode[node] = ids
    return ids
  }

  /** Told by the snapshot of a node whose pods change. */
  changed(node: number): void {
    this.byNode[node] = undefined
  }

  /** How many different volumes were seen. */
  get size(): number {
    return this.volumes.size
  }

  of(pod: Pod): Int32Array {
    if (!pod.spec.volumes) return NONE
    const known = this.known.get(pod)
    if (known) return known
    const ids = this.read(pod)
    this.known.set(pod, ids)
    return ids
  }

  /** The volume that a VolumeAttachment holds. */
  attached(driver: string, volumeName: string): number | undefined {
    const handle = this.storage.volumes?.get(volumeName)?.spec?.csi?.volumeHandle
    return handle === undefined ? undefined : this.id(driver, handle)
  }

  private read(pod: Pod): Int32Array {
    const ids = new Set<number>()
    for (const volume of pod.spec.volumes ?? []) {
      const claim = this.storage.claimOf(pod, volume)
      const found =
        claim !== undefined ? this.ofClaim(claim) : claimName(pod, volume) === undefined ? inTree(volume) : undefined
      if (found) ids.add(this.id(found.driver, found.handle))
    }
    return ids.size === 0 ? NONE : Int32Array.from(ids)
  }

  private ofClaim(claim: PersistentVolumeClaim): Attachable | undefined {
    const volume = this.storage.volumes?.get(claim.spec?.volumeName ?? '')
    return volume ? ofVolume(volume) : this.ofClass(claim)
  }

  private ofClass(claim: PersistentVolumeClaim): Attachable | undefined {
    const { namespace = 'default', name = '' } = claim.metadata
    const storageClass = this.storage.classes?.get(storageClassName(claim))
    const provisioner = storageClass?.provisioner ?? ''
    if (provisioner === '' || UNCOUNTED.has(provisioner)) return undefined
    const migrated = MIGRATED.find(([, , theirs]) => theirs === provisioner)
    return { driver: migrated?.[3] ?? provisioner, handle: `unbound ${namespace}/${name}` }
  }

  private id(driver: string, handle: string): number {
    const id = this.volumes.id(`${driver}/${handle}`)
    if (id === this.driverOf.length) this.driverOf.push(this.drivers.id(driver))
    return id
  }
}

interface Attachable {
  readonly driver: string
  readonly handle: string
}

function ofVolume({ spec }: PersistentVolume): Attachable | undefined {
  if (!spec) return undefined
  if (!spec.csi) return inTree(spec)
  const { driver = '', volumeHandle: handle = '' } = spec.csi
  return driver === '' || handle === '' ? undefined : { driver, handle }
}

function inTree(source: Readonly<Record<string, unknown>>): Attachable | undefined {
  for (const [name, id, , driver] of MIGRATED) {
    const found = source[name] as Readonly<Record<string, unknown>> | undefined
    // An EBS volume is named with or without its zone: `aws://eu-west-3a/vol-1`.
    if (found) return { driver, handle: String(found[id]).replace(/^aws:\/\/.*\//, '') }
  }
  return undefined
}
