import type { PersistentVolumeClaim, Pod } from '../api/core.ts'
import {
  FITS,
  type FilterCode,
  type FilterPlugin,
  type PreFilterResult,
  type PreparedFilter,
  SKIP,
  UNRESOLVABLE,
} from '../framework/filter-plugin.ts'
import type { Reason } from '../framework/status.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { claimName, isClaimForPod, type StorageObjects, storageClassName } from '../snapshot/storage-objects.ts'
import { meetsAny } from './column-check.ts'
import { hasClaim } from './pod-volumes.ts'
import {
  type BoundVolume,
  boundVolume,
  canProvision,
  takeVolume,
  type VolumeCandidate,
  type WaitingClaim,
  waitingClaims,
} from './volume-candidates.ts'
import { claimNotFound } from './volume-restrictions.ts'

const NAME = 'VolumeBinding'
const CONFLICT = "node(s) didn't match PersistentVolume's node affinity"
const NOTHING_TO_BIND = "node(s) didn't find available persistent volumes to bind"
const NO_SPACE = 'node(s) did not have enough free storage'
const NO_VOLUME = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)'

/** Bound volumes reach the node, and for claims that wait there is one to bind or to make (kubernetes plugins/volumebinding, v1.36.2). */
export const volumeBinding: FilterPlugin = {
  name: NAME,
  reads: 'volumes',
  prepare(pod, snapshot) {
    if (!pod.spec.volumes?.some(hasClaim)) return SKIP
    const { claims, volumes, classes } = snapshot.storage
    if (!claims || !volumes || !classes) return { kind: 'unknown' }
    const problem = claimProblem(pod, snapshot)
    if (problem !== undefined) return { kind: 'rejected', code: 'UnschedulableAndUnresolvable', message: problem }
    return sortClaims(pod, snapshot)
  },
}

/** What is wrong with the first claim that can't be used (`podHasPVCs`). */
function claimProblem(pod: Pod, { storage }: ClusterSnapshot): string | undefined {
  for (const volume of pod.spec.volumes ?? []) {
    const name = claimName(pod, volume)
    if (name === undefined) continue
    const claim = storage.claimOf(pod, volume)
    const made = volume.persistentVolumeClaim === undefined
    if (!claim)
      return made
        ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
        : claimNotFound(name)
    const volumeName = claim.spec?.volumeName ?? ''
    if (claim.status?.phase === 'Lost')
      return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${volumeName}"`
    if (claim.metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim "${name}" is being deleted`
    if (made && !isClaimForPod(pod, claim)) {
      const namespace = pod.metadata.namespace ?? 'default'
      return `PVC ${namespace}/${name} was not created for pod ${namespace}/${pod.metadata.name ?? ''} (pod is not owner)`
    }
  }
  return undefined
}

/** Claims that are bound when their first pod gets a node and are not yet. */
export function waitingOf(pod: Pod, { storage }: ClusterSnapshot): readonly PersistentVolumeClaim[] {
  return (pod.spec.volumes ?? []).flatMap(volume => {
    const claim = storage.claimOf(pod, volume)
    return claim && waits(claim, storage) ? [claim] : []
  })
}

const waits = (claim: PersistentVolumeClaim, { classes }: StorageObjects): boolean =>
  !claim.spec?.volumeName && classes?.get(storageClassName(claim))?.volumeBindingMode === 'WaitForFirstConsumer'

/** Bound claims and those that wait for their first consumer; any other must be bound already (`GetPodVolumeClaims`). */
function sortClaims(pod: Pod, snapshot: ClusterSnapshot): PreFilterResult {
  const { storage } = snapshot
  const claims = (pod.spec.volumes ?? []).flatMap(volume => storage.claimOf(pod, volume) ?? [])
  const bound: BoundVolume[] = []
  let immediate = false
  for (const claim of claims) {
    const volumeName = claim.spec?.volumeName ?? ''
    if (volumeName !== '' && claim.metadata.annotations?.['pv.kubernetes.io/bind-completed'] !== undefined) {
      const volume = boundVolume(claim, snapshot)
      if (volume === 'unknown') return { kind: 'unknown' }
      bound.push(volume)
      continue
    }
    const className = storageClassName(claim)
    const storageClass = className === '' ? undefined : storage.classes?.get(className)
    if (storageClass && storageClass.volumeBindingMode === undefined) {
      const message = `running PreFilter plugin "${NAME}": VolumeBindingMode not set for StorageClass "${className}"`
      return { kind: 'error', message }
    }
    if (!waits(claim, storage)) immediate = true
  }
  if (immediate) {
    const message = 'pod has unbound immediate PersistentVolumeClaims'
    return { kind: 'rejected', code: 'UnschedulableAndUnresolvable', message }
  }
  const candidates = waitingClaims(waitingOf(pod, snapshot), snapshot)
  return candidates === 'unknown'
    ? { kind: 'unknown' }
    : { kind: 'filter', filter: new PreparedBinding(bound, candidates) }
}

/** Bits of what is missing on a node, in the order in which upstream names them. */
const BITS = [CONFLICT, NOTHING_TO_BIND, NO_SPACE, NO_VOLUME] as const
/** By those bits together: their texts. */
const TEXTS: readonly (readonly string[])[] = Array.from({ length: 1 << BITS.length }, (_, missing) =>
  BITS.filter((_text, bit) => (missing & (1 << bit)) !== 0),
)
const IS_CONFLICT = 1
const IS_NOTHING_TO_BIND = 2
const IS_NO_SPACE = 4
const IS_NO_VOLUME = 8

class PreparedBinding implements PreparedFilter {
  readonly plugin = NAME
  private readonly bound: readonly BoundVolume[]
  private readonly waiting: readonly WaitingClaim[]
  /** By waiting claim: the volume that it takes on the node in question. */
  private readonly taken: (VolumeCandidate | undefined)[]

  constructor(bound: readonly BoundVolume[], waiting: readonly WaitingClaim[]) {
    this.bound = bound
    this.waiting = waiting
    this.taken = waiting.map(() => undefined)
  }

  filter(node: number): FilterCode {
    return (this.checkBound(node) | this.checkWaiting(node)) === 0 ? FITS : UNRESOLVABLE
  }

  texts(node: number): readonly string[] {
    const missing = this.checkBound(node) | this.checkWaiting(node)
    return TEXTS[missing]!
  }

  explain(node: number): readonly Reason[] {
    const claim = this.bound.find(volume => !volume.exists || !meetsAny(volume.affinity, node))?.claim
    return this.texts(node).map(text => {
      const isBound = text === CONFLICT || text === NO_VOLUME
      return { plugin: NAME, text, unresolvable: true, ...(isBound && claim !== undefined && { claim }) }
    })
  }

  /** The first bound claim whose volume is gone or elsewhere decides. */
  private checkBound(node: number): number {
    for (let index = 0; index < this.bound.length; index++) {
      const volume = this.bound[index]!
      if (!volume.exists) return IS_NO_VOLUME
      if (!meetsAny(volume.affinity, node)) return IS_CONFLICT
    }
    return 0
  }

  /** Claims by size take the smallest volume that is left; what finds none must be made (`FindPodVolumes`). */
  private checkWaiting(node: number): number {
    const { waiting } = this
    for (let index = 0; index < waiting.length; index++) {
      const { selectedNode } = waiting[index]!
      if (selectedNode !== undefined && selectedNode !== node) return IS_NOTHING_TO_BIND
    }
    const { taken } = this
    taken.fill(undefined)
    for (let index = 0; index < waiting.length; index++) {
      const claim = waiting[index]!
      if (claim.selectedNode === undefined) taken[index] = takeVolume(claim, taken, node)
    }
    // Claims that have a node already are made first, then those that found no volume.
    for (let pass = 0; pass < 2; pass++) {
      for (let index = 0; index < waiting.length; index++) {
        const claim = waiting[index]!
        if ((pass === 0) !== (claim.selectedNode !== undefined) || taken[index]) continue
        const made = canProvision(claim, node)
        if (made !== 'yes') return made === 'no' ? IS_NOTHING_TO_BIND : IS_NO_SPACE
      }
    }
    return 0
  }
}
