import type { Pod, Volume } from '../api/core.ts'
import {
  FITS,
  type FilterCode,
  type FilterPlugin,
  type PodCounts,
  type PreparedFilter,
  SKIP,
  UNSCHEDULABLE,
} from '../framework/filter-plugin.ts'
import type { Reason } from '../framework/status.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { isDisk } from './pod-volumes.ts'
import { sameDisk } from './same-disk.ts'

const NAME = 'VolumeRestrictions'
const DISK: Reason = { plugin: NAME, text: 'node(s) had no available disk', unresolvable: false }
const IN_USE: Reason = {
  plugin: NAME,
  text: 'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
  unresolvable: false,
}
const DISK_TEXTS = [DISK.text]
const IN_USE_TEXTS = [IN_USE.text]
const NO_TEXTS: readonly string[] = []

/** In-tree disks that another pod of the node has, and ReadWriteOncePod claims that any pod has (kubernetes plugins/volumerestrictions, v1.36.2). */
export const volumeRestrictions: FilterPlugin = {
  name: NAME,
  reads: 'volumes',
  prepare(pod, snapshot) {
    const volumes = pod.spec.volumes ?? []
    const disks = volumes.filter(isDisk)
    const once = new Set<string>()
    for (const volume of volumes) {
      if (!volume.persistentVolumeClaim) continue
      if (snapshot.storage.claims === undefined) return { kind: 'unknown' }
      const { claimName } = volume.persistentVolumeClaim
      const claim = snapshot.storage.claimOf(pod, volume)
      if (!claim) return { kind: 'rejected', code: 'UnschedulableAndUnresolvable', message: claimNotFound(claimName) }
      if (claim.spec?.accessModes?.includes('ReadWriteOncePod')) once.add(claimName)
    }
    const conflicts = once.size === 0 ? 0 : claimsInUse(pod, once, snapshot)
    if (disks.length === 0 && conflicts === 0) return SKIP
    return { kind: 'filter', filter: new PreparedRestrictions(snapshot, disks, once, conflicts) }
  },
}

/** Upstream's text for a claim that is not there. */
export const claimNotFound = (name: string): string => `persistentvolumeclaim "${name}" not found`

/** How many of the claims some bound pod uses. */
function claimsInUse(pod: Pod, claims: ReadonlySet<string>, snapshot: ClusterSnapshot): number {
  const namespace = pod.metadata.namespace ?? 'default'
  const used = new Set<string>()
  for (let node = 0; node < snapshot.nodeCount; node++) {
    for (const index of snapshot.podsOn(node)) {
      const { metadata, spec } = snapshot.pod(index)
      if (!spec.volumes || (metadata.namespace ?? 'default') !== namespace) continue
      for (const { persistentVolumeClaim: claim } of spec.volumes)
        if (claim && claims.has(claim.claimName)) used.add(claim.claimName)
    }
  }
  return used.size
}

class PreparedRestrictions implements PreparedFilter, PodCounts {
  readonly plugin = NAME
  private readonly snapshot: ClusterSnapshot
  private readonly disks: readonly Volume[]
  private readonly once: ReadonlySet<string>
  /** Uses of the ReadWriteOncePod claims, of all nodes together. */
  private conflicts: number

  constructor(snapshot: ClusterSnapshot, disks: readonly Volume[], once: ReadonlySet<string>, conflicts: number) {
    this.snapshot = snapshot
    this.disks = disks
    this.once = once
    this.conflicts = conflicts
  }

  get counts(): PodCounts | undefined {
    return this.once.size === 0 ? undefined : this
  }

  filter(node: number): FilterCode {
    return this.conflicts > 0 || this.diskTaken(node) ? UNSCHEDULABLE : FITS
  }

  texts(node: number): readonly string[] {
    if (this.diskTaken(node)) return DISK_TEXTS
    return this.conflicts > 0 ? IN_USE_TEXTS : NO_TEXTS
  }

  explain(node: number): readonly Reason[] {
    if (this.diskTaken(node)) return [DISK]
    return this.conflicts > 0 ? [IN_USE] : []
  }

  podAdded(pod: Pod): void {
    this.conflicts += this.uses(pod)
  }

  podRemoved(pod: Pod): void {
    this.conflicts -= this.uses(pod)
  }

  save(): () => void {
    const { conflicts } = this
    return () => {
      this.conflicts = conflicts
    }
  }

  /** Upstream compares names of claims only, whatever the namespace. */
  private uses({ spec }: Pod): number {
    let uses = 0
    for (const { persistentVolumeClaim: claim } of spec.volumes ?? [])
      if (claim && this.once.has(claim.claimName)) uses++
    return uses
  }

  private diskTaken(node: number): boolean {
    if (this.disks.length === 0) return false
    for (const index of this.snapshot.podsOn(node)) {
      const { volumes } = this.snapshot.pod(index).spec
      if (!volumes) continue
      for (const theirs of volumes) for (const disk of this.disks) if (sameDisk(disk, theirs)) return true
    }
    return false
  }
}
