import type { StorageClass } from '../api/apps.ts'
import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from '../api/core.ts'
import { Requirement } from '../requirements/requirement.ts'
import { Requirements } from '../requirements/requirements.ts'
import { HOSTNAME_LABEL } from '../requirements/well-known-labels.ts'
import type { KarpenterCluster } from './types.ts'

// Volumes as Karpenter reads them (karpenter `pkg/controllers/provisioning/scheduling/volumetopology.go`, `pkg/scheduling/volumeusage.go`
// and `pkg/utils/volume/volume.go`, v1.14.1).

const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed'

/** In-tree provisioners and the CSI drivers that have taken them over (k8s.io/csi-translation-lib `plugins`, v0.35.1). */
const MIGRATED: ReadonlyMap<string, string> = new Map([
  ['kubernetes.io/aws-ebs', 'ebs.csi.aws.com'],
  ['kubernetes.io/gce-pd', 'pd.csi.storage.gke.io'],
  ['kubernetes.io/cinder', 'cinder.csi.openstack.org'],
  ['kubernetes.io/azure-disk', 'disk.csi.azure.com'],
  ['kubernetes.io/azure-file', 'file.csi.azure.com'],
  ['kubernetes.io/vsphere-volume', 'csi.vsphere.vmware.com'],
  ['kubernetes.io/portworx-volume', 'pxd.portworx.com'],
])

/** Something that was looked for in the cluster and is not there, or cannot be used. */
export interface VolumeError {
  readonly kind: 'error'
  readonly text: string
}

/** Volumes that CSI drivers attach, by driver: `namespace/name` of claims. */
export type AttachedVolumes = ReadonlyMap<string, ReadonlySet<string>>

const NO_VOLUMES: AttachedVolumes = new Map()

/** Claims, volumes and classes of a cluster, by name. */
export class VolumeObjects {
  private readonly claims: ReadonlyMap<string, PersistentVolumeClaim>
  private readonly volumes: ReadonlyMap<string, PersistentVolume>
  private readonly classes: ReadonlyMap<string, StorageClass>
  private readonly aliases: ReadonlyMap<string, string>
  private readonly boundVolumes: 'found' | 'not-found'

  /** With `not-found` a bound volume is not there when it is asked where pods may run. */
  constructor(
    cluster: KarpenterCluster,
    aliases: ReadonlyMap<string, string>,
    boundVolumes: 'found' | 'not-found' = 'found',
  ) {
    this.boundVolumes = boundVolumes
    this.claims = new Map(
      (cluster.persistentVolumeClaims ?? []).map(claim => [
        `${claim.metadata.namespace ?? 'default'}/${claim.metadata.name ?? ''}`,
        claim,
      ]),
    )
    this.volumes = new Map((cluster.persistentVolumes ?? []).map(volume => [volume.metadata.name ?? '', volume]))
    this.classes = new Map((cluster.storageClasses ?? []).map(one => [one.metadata.name ?? '', one]))
    this.aliases = aliases
  }

  /** The claim of a volume; undefined for volumes that have none. */
  private claimOf(pod: Pod, volume: Volume): PersistentVolumeClaim | VolumeError | undefined {
    const name = claimNameOf(pod, volume)
    if (name === undefined) return undefined
    const claim = this.claims.get(`${pod.metadata.namespace ?? 'default'}/${name}`)
    if (claim !== undefined) return claim
    const text = `getting persistent volume claim, ${notFound('persistentvolumeclaims', name)}`
    return failure(text, { PersistentVolumeClaim: name })
  }

  /** Why Karpenter ignores a pod because of its claims; undefined where it does not (`ValidatePersistentVolumeClaims`). */
  invalidity(pod: Pod): string | undefined {
    for (const volume of pod.spec.volumes ?? []) {
      const claim = this.claimOf(pod, volume)
      if (claim === undefined) continue
      const text = isError(claim) ? claim.text : this.invalidClaim(claim)
      if (text !== undefined) return text
    }
    return undefined
  }

  private invalidClaim(claim: PersistentVolumeClaim): string | undefined {
    const { metadata, spec, status } = claim
    const { namespace = 'default', name = '' } = metadata
    const ref = `${namespace}/${name}`
    const volumeName = spec?.volumeName ?? ''
    const className = spec?.storageClassName ?? ''
    if (metadata.deletionTimestamp) {
      return wrapped('persistentvolumeclaim is being deleted', { PersistentVolumeClaim: ref })
    }
    if (status?.phase === 'Lost') {
      const text = 'persistentvolumeclaim bound to non-existent persistentvolume'
      return wrapped(text, { PersistentVolumeClaim: ref, PersistentVolume: volumeName })
    }
    const ofClass = { PersistentVolumeClaim: ref, StorageClass: className }
    if (volumeName !== '') {
      const volume = this.volumes.get(volumeName)
      const problem =
        volume === undefined
          ? notFound('persistentvolumes', volumeName)
          : volume.metadata.deletionTimestamp
            ? 'persistentvolume is being deleted'
            : undefined
      if (problem !== undefined) {
        return wrapped(`failed to validate pvc, ${problem}`, { ...ofClass, PersistentVolume: volumeName })
      }
      if (metadata.annotations?.[BIND_COMPLETED] === undefined) {
        const text = 'pvc is considered unbound because it does not contain annotation'
        return wrapped(text, { annotation: BIND_COMPLETED, PersistentVolumeClaim: name, PersistentVolume: volumeName })
      }
      return undefined
    }
    if (className === '') return wrapped('unbound pvc must define a storage class', ofClass)
    const storageClass = this.classes.get(className)
    if (storageClass === undefined) {
      const missing = notFound('storageclasses.storage.k8s.io', className)
      return wrapped(`failed to validate pvc, failed to get storage class, ${missing}`, ofClass)
    }
    if (storageClass.volumeBindingMode === 'Immediate') {
      return wrapped('failed to validate pvc, pvc with immediate volume binding mode must be bound', ofClass)
    }
    return undefined
  }

  /**
   * Where a pod's volumes allow it to run, as alternatives; none where they don't matter. Of several volumes every combination whose
   * parts agree, or where none do, every combination (`GetRequirements`).
   */
  alternatives(pod: Pod): readonly Requirements[] | VolumeError {
    let alternatives: readonly Requirements[] | undefined
    for (const volume of pod.spec.volumes ?? []) {
      const found = this.volumeAlternatives(pod, volume)
      if (isError(found)) return found
      if (found.length === 0) continue
      if (alternatives === undefined) alternatives = found
      else {
        const pairs = alternatives.flatMap(one => found.map(other => [one, other] as const))
        const agreeing = pairs.filter(([one, other]) => one.intersects(other))
        alternatives = (agreeing.length > 0 ? agreeing : pairs).map(([one, other]) => one.add(other))
      }
    }
    return alternatives ?? []
  }

  private volumeAlternatives(pod: Pod, volume: Volume): readonly Requirements[] | VolumeError {
    const claim = this.claimOf(pod, volume)
    if (claim === undefined) return []
    if (isError(claim)) return { kind: 'error', text: `discovering persistent volume claim, ${claim.text}` }
    const volumeName = claim.spec?.volumeName ?? ''
    if (volumeName !== '') {
      const bound = this.boundVolumes === 'found' ? this.volumes.get(volumeName) : undefined
      if (bound !== undefined) return this.reachableFrom(bound)
      const text = `getting existing requirements, getting persistent volume, ${notFound('persistentvolumes', volumeName)}`
      return failure(text, { PersistentVolume: volumeName })
    }
    const className = claim.spec?.storageClassName ?? ''
    if (className === '') return []
    const storageClass = this.classes.get(className)
    if (storageClass !== undefined) return this.provisionedIn(storageClass)
    const text = `getting storage class, ${notFound('storageclasses.storage.k8s.io', className)}`
    return failure(text, { StorageClass: className })
  }

  private provisionedIn({ allowedTopologies }: StorageClass): readonly Requirements[] {
    return (allowedTopologies ?? []).flatMap(({ matchLabelExpressions = [] }) =>
      matchLabelExpressions.length === 0
        ? []
        : [
            Requirements.of(
              matchLabelExpressions.map(({ key, values = [] }) =>
                Requirement.read({ key, operator: 'In', values }, this.aliases),
              ),
            ),
          ],
    )
  }

  private reachableFrom({ spec }: PersistentVolume): readonly Requirements[] {
    const onOneHost = isSet(spec?.['local']) || isSet(spec?.['hostPath'])
    return (spec?.nodeAffinity?.required?.nodeSelectorTerms ?? []).flatMap(({ matchExpressions = [] }) => {
      // A pod that moves to a new node does not keep the host.
      const kept = onOneHost ? matchExpressions.filter(({ key }) => key !== HOSTNAME_LABEL) : matchExpressions
      if (kept.length > 0) return [Requirements.read(kept, this.aliases)]
      return onOneHost && matchExpressions.length > 0 ? [Requirements.EMPTY] : []
    })
  }

  /** The volumes that drivers attach for a pod; an error where a bound volume is not there (`GetVolumes`). */
  attached(pod: Pod): AttachedVolumes | VolumeError {
    let attached: Map<string, Set<string>> | undefined
    for (const volume of pod.spec.volumes ?? []) {
      const claim = this.claimOf(pod, volume)
      // A claim that is gone does not count.
      if (claim === undefined || isError(claim)) continue
      const driver = this.driverOf(claim)
      if (typeof driver !== 'string') return driver
      if (driver === '') continue
      attached ??= new Map()
      const ofDriver = attached.get(driver) ?? new Set()
      ofDriver.add(`${claim.metadata.namespace ?? 'default'}/${claim.metadata.name ?? ''}`)
      attached.set(driver, ofDriver)
    }
    return attached ?? NO_VOLUMES
  }

  private driverOf(claim: PersistentVolumeClaim): string | VolumeError {
    const volumeName = claim.spec?.volumeName ?? ''
    if (volumeName === '') {
      const provisioner = this.classes.get(claim.spec?.storageClassName ?? '')?.provisioner ?? ''
      return MIGRATED.get(provisioner) ?? provisioner
    }
    const volume = this.volumes.get(volumeName)
    if (volume === undefined) return { kind: 'error', text: notFound('persistentvolumes', volumeName) }
    if (isSet(volume.spec?.csi)) return volume.spec?.csi?.driver ?? ''
    return isSet(volume.spec?.['awsElasticBlockStore']) ? 'ebs.csi.aws.com' : ''
  }
}

/** Whether any volume of the pod has a claim. */
export function hasClaims(pod: Pod): boolean {
  return (pod.spec.volumes ?? []).some(volume => claimNameOf(pod, volume) !== undefined)
}

export function isError(value: unknown): value is VolumeError {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'error'
}

function claimNameOf(pod: Pod, { name, persistentVolumeClaim, ephemeral }: Volume): string | undefined {
  if (isSet(persistentVolumeClaim)) return persistentVolumeClaim?.claimName ?? ''
  return isSet(ephemeral) ? `${pod.metadata.name ?? ''}-${name}` : undefined
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null
}

function notFound(resource: string, name: string): string {
  return `${resource} "${name}" not found`
}

/** A text with what it is about, by name (`serrors.Wrap`, operatorpkg). */
export function wrapped(text: string, about: Readonly<Record<string, string | number>>): string {
  const parts = Object.keys(about)
    .sort((a, b) => (a < b ? -1 : 1))
    .map(key => `${key}=${about[key]}`)
  return `${text} (${parts.join(', ')})`
}

function failure(text: string, about: Readonly<Record<string, string>>): VolumeError {
  return { kind: 'error', text: wrapped(text, about) }
}
