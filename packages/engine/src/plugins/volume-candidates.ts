import type { StorageClass } from '../api/apps.ts'
import type { PersistentVolume, PersistentVolumeClaim } from '../api/core.ts'
import type { QuantityText } from '../api/meta.ts'
import { goSort } from '../go-sort.ts'
import { type CompiledLabelSelector, compileLabelSelector } from '../labels.ts'
import { compareQuantity, type Quantity, quantityOf, quantityValue, readQuantity } from '../quantity.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { storageClassName } from '../snapshot/storage-objects.ts'
import { type ColumnCheck, columnCheck, meetsAll, meetsAny, volumeAffinity } from './column-check.ts'
import { isInTree } from './pod-volumes.ts'

type Choice = readonly (readonly ColumnCheck[])[] | undefined

/** The volume of a claim that is bound, and the nodes that it reaches. */
export interface BoundVolume {
  readonly claim: string
  readonly exists: boolean
  readonly affinity: Choice
}

/** A volume that a claim may take. */
export interface VolumeCandidate {
  readonly name: string
  readonly className: string
  /** Bytes. */
  readonly capacity: bigint
  readonly affinity: Choice
}

/** A claim that is bound when its first pod gets a node. */
export interface WaitingClaim {
  readonly className: string
  /** Bytes. */
  readonly requested: bigint
  /** Position of the node that was chosen for it before; -1 for a node that is not there. */
  readonly selectedNode: number | undefined
  /** The volume that names this claim: that one or none. */
  readonly prebound: VolumeCandidate | undefined
  /** Volumes that it may take, smallest first. */
  readonly candidates: readonly VolumeCandidate[]
  /** Absent if nobody makes volumes of the class. */
  readonly provision: Provision | undefined
}

/** How volumes of a class are made. */
interface Provision {
  readonly topologies: Choice
  /** Nodes that reach enough free storage; absent where the driver does not say how much it has. */
  readonly capacities: Choice
  /** By choice of `capacities`: bytes that are free there. */
  readonly free: readonly bigint[]
}

const ZERO: Quantity = quantityOf(0n, 'BinarySI')

const quantityFrom = (text: QuantityText | undefined): Quantity => {
  const quantity = text === undefined ? ZERO : readQuantity(text)
  return quantity.kind === 'error' ? ZERO : quantity
}

/** The volume of a bound claim; `unknown` for one whose affinity a CSI driver may spell in its own labels. */
export function boundVolume(
  { metadata, spec }: PersistentVolumeClaim,
  snapshot: ClusterSnapshot,
): BoundVolume | 'unknown' {
  const claim = metadata.name ?? ''
  const volume = snapshot.storage.volumes?.get(spec?.volumeName ?? '')
  if (!volume) return { claim, exists: false, affinity: undefined }
  if (volume.spec && isInTree(volume.spec)) return 'unknown'
  return { claim, exists: true, affinity: volumeAffinity(volume.spec?.nodeAffinity?.required, snapshot) }
}

/** What claims may be bound to, smallest request first; `unknown` if that depends on a list that is not there. */
export function waitingClaims(
  claims: readonly PersistentVolumeClaim[],
  snapshot: ClusterSnapshot,
): readonly WaitingClaim[] | 'unknown' {
  const sorted = claims.map(claim => ({ claim, size: quantityFrom(claim.spec?.resources?.requests?.['storage']) }))
  goSort(sorted, (a, b) => compareQuantity(a.size, b.size) < 0)
  const waiting: WaitingClaim[] = []
  for (const { claim, size } of sorted) {
    const selector = claim.spec?.selector && compileLabelSelector(claim.spec.selector, snapshot.version)
    const provision = provisionOf(claim, snapshot)
    if (selector?.kind === 'error' || provision === 'unknown') return 'unknown'
    const selected = claim.metadata.annotations?.['volume.kubernetes.io/selected-node']
    waiting.push({
      className: claim.spec?.storageClassName ?? '',
      requested: quantityValue(size),
      selectedNode: selected === undefined ? undefined : (snapshot.nodeIndex(selected) ?? -1),
      ...volumesFor(claim, size, selector, snapshot),
      provision,
    })
  }
  return waiting
}

/** Volumes of the claim's class that it may take (`FindMatchingVolume`, component-helpers `storage/volume/pv_helpers.go`, v0.36.2). */
function volumesFor(
  claim: PersistentVolumeClaim,
  size: Quantity,
  selector: CompiledLabelSelector | undefined,
  snapshot: ClusterSnapshot,
): Pick<WaitingClaim, 'prebound' | 'candidates'> {
  const className = storageClassName(claim)
  const found: { readonly volume: PersistentVolume; readonly capacity: Quantity }[] = []
  for (const volume of snapshot.storage.lists.persistentVolumes ?? []) {
    if (storageClassName(volume) !== className || volume.metadata.deletionTimestamp !== undefined) continue
    const reserved = volume.spec?.claimRef !== undefined
    if (reserved && !isFor(volume, claim)) continue
    const capacity = quantityFrom(volume.spec?.capacity?.['storage'])
    if (compareQuantity(capacity, size) < 0 || !sameKind(claim, volume)) continue
    if (reserved) return { prebound: candidate(volume, snapshot), candidates: [] }
    if (volume.status?.phase !== 'Available' || selector?.matches(volume.metadata.labels) === false) continue
    const modes = volume.spec?.accessModes ?? []
    if ((claim.spec?.accessModes ?? []).every(mode => modes.includes(mode))) found.push({ volume, capacity })
  }
  const bySize = found.toSorted((a, b) => compareQuantity(a.capacity, b.capacity))
  return { prebound: undefined, candidates: bySize.map(({ volume }) => candidate(volume, snapshot)) }
}

const candidate = ({ metadata, spec }: PersistentVolume, snapshot: ClusterSnapshot): VolumeCandidate => ({
  name: metadata.name ?? '',
  className: spec?.storageClassName ?? '',
  capacity: quantityValue(quantityFrom(spec?.capacity?.['storage'])),
  affinity: volumeAffinity(spec?.nodeAffinity?.required, snapshot),
})

function isFor({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const { namespace = '', name = '', uid } = spec?.claimRef ?? {}
  return name === metadata.name && namespace === (metadata.namespace ?? 'default') && (!uid || uid === metadata.uid)
}

/** File system or block, and the same volume attributes. */
function sameKind(claim: PersistentVolumeClaim, volume: PersistentVolume): boolean {
  return (
    (claim.spec?.volumeMode ?? 'Filesystem') === (volume.spec?.volumeMode ?? 'Filesystem') &&
    (claim.spec?.volumeAttributesClassName ?? '') === (volume.spec?.volumeAttributesClassName ?? '')
  )
}

const UNCOUNTED = { capacities: undefined, free: [] }

/** Where a volume of the claim's class can be made (`checkVolumeProvisions` and `hasEnoughCapacity`, volumebinding/binder.go, v1.36.2). */
function provisionOf(claim: PersistentVolumeClaim, snapshot: ClusterSnapshot): Provision | undefined | 'unknown' {
  const { classes, drivers, lists } = snapshot.storage
  const storageClass = classes?.get(storageClassName(claim))
  const provisioner = storageClass?.provisioner ?? ''
  if (!storageClass || provisioner === '' || provisioner === 'kubernetes.io/no-provisioner') return undefined
  const topologies = topologiesOf(storageClass, snapshot)
  const request = claim.spec?.resources?.requests?.['storage']
  if (request === undefined) return { ...UNCOUNTED, topologies }
  if (!drivers) return 'unknown'
  if (drivers.get(provisioner)?.spec?.storageCapacity !== true) return { ...UNCOUNTED, topologies }
  if (!lists.csiStorageCapacities) return 'unknown'
  const capacities: (readonly ColumnCheck[])[] = []
  const free: bigint[] = []
  for (const { storageClassName: of, nodeTopology, ...amounts } of lists.csiStorageCapacities) {
    const limit = amounts.maximumVolumeSize ?? amounts.capacity
    if (of !== storageClass.metadata.name || limit === undefined || nodeTopology === undefined) continue
    if (compareQuantity(quantityFrom(limit), quantityFrom(request)) < 0) continue
    const selector = compileLabelSelector(nodeTopology, snapshot.version)
    if (selector.kind === 'error') continue
    capacities.push(selector.requirements.map(requirement => columnCheck(requirement, snapshot)))
    free.push(quantityValue(quantityFrom(amounts.capacity)))
  }
  return { topologies, capacities, free }
}

/** Terms of `allowedTopologies`; an empty term allows nothing, no terms allow everything (`MatchTopologySelectorTerms`, pkg/apis/core/v1/helper, v1.36.2). */
function topologiesOf({ allowedTopologies }: StorageClass, snapshot: ClusterSnapshot): Choice {
  if (!allowedTopologies?.length) return undefined
  return allowedTopologies.flatMap(({ matchLabelExpressions }) => {
    if (!matchLabelExpressions?.length) return []
    const expressions = matchLabelExpressions.map(({ key, values }) => ({ key, operator: 'In', values: values ?? [] }))
    const selector = compileLabelSelector({ matchExpressions: expressions }, snapshot.version)
    if (selector.kind === 'error') return []
    return [selector.requirements.map(requirement => columnCheck(requirement, snapshot))]
  })
}

/** The volume that a claim takes on a node, of those that no claim before it has; absent if there is none. */
export function takeVolume(
  { prebound, candidates }: WaitingClaim,
  taken: readonly (VolumeCandidate | undefined)[],
  node: number,
): VolumeCandidate | undefined {
  if (prebound) return meetsAny(prebound.affinity, node) ? prebound : undefined
  for (let index = 0; index < candidates.length; index++) {
    const volume = candidates[index]!
    if (meetsAny(volume.affinity, node) && !isTaken(volume, taken)) return volume
  }
  return undefined
}

function isTaken({ name }: VolumeCandidate, taken: readonly (VolumeCandidate | undefined)[]): boolean {
  for (let index = 0; index < taken.length; index++) if (taken[index]?.name === name) return true
  return false
}

/** Can a volume for the claim be made where the node reaches it? */
export function canProvision({ provision }: WaitingClaim, node: number): 'yes' | 'no' | 'no space' {
  if (!provision || !meetsAny(provision.topologies, node)) return 'no'
  return meetsAny(provision.capacities, node) ? 'yes' : 'no space'
}

/** Bytes that are free where the node reaches storage for the claim; absent where nobody counts them. */
export function freeCapacity({ provision }: WaitingClaim, node: number): bigint | undefined {
  const index = provision?.capacities?.findIndex(choice => meetsAll(choice, node)) ?? -1
  return provision?.free[index]
}
