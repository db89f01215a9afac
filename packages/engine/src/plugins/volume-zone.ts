import type { Pod } from '../api/core.ts'
import type { StringMap } from '../api/meta.ts'
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
import { ABSENT, type LabelColumn } from '../snapshot/label-columns.ts'
import { storageClassName } from '../snapshot/storage-objects.ts'
import { claimNotFound } from './volume-restrictions.ts'

const NAME = 'VolumeZone'
const TEXTS = ['node(s) had no available volume zone']
const NO_TEXTS: readonly string[] = []

const ZONE = 'topology.kubernetes.io/zone'
const REGION = 'topology.kubernetes.io/region'
const BETA_ZONE = 'failure-domain.beta.kubernetes.io/zone'
const BETA_REGION = 'failure-domain.beta.kubernetes.io/region'
/** Each label of a volume, and the one of a node that stands in for it. */
const KEYS = [
  [BETA_ZONE, ZONE],
  [BETA_REGION, REGION],
  [ZONE, ZONE],
  [REGION, REGION],
] as const

/** Zone and region labels of bound volumes, against those of the node (kubernetes plugins/volumezone, v1.36.2). */
export const volumeZone: FilterPlugin = {
  name: NAME,
  reads: 'volumes',
  prepare(pod, snapshot) {
    const labels: VolumeLabel[] = []
    for (const volume of pod.spec.volumes ?? []) {
      if (!volume.persistentVolumeClaim) continue
      const found = labelsOf(pod, volume.persistentVolumeClaim.claimName, snapshot)
      if (Array.isArray(found)) labels.push(...(found as readonly VolumeLabel[]))
      else return found as PreFilterResult
    }
    return labels.length === 0 ? SKIP : { kind: 'filter', filter: new PreparedVolumeZone(snapshot, labels) }
  },
}

/** A zone or region label of a volume: by value of the node's label, 1 where the volume is. */
interface VolumeLabel {
  readonly claim: string
  readonly column: LabelColumn
  readonly values: ReadonlySet<string>
  readonly standIn: LabelColumn
}

const rejected = (message: string): PreFilterResult => ({
  kind: 'rejected',
  code: 'UnschedulableAndUnresolvable',
  message,
})

/** The labels of the volume that a claim is bound to; none while it waits for its first consumer. */
function labelsOf(pod: Pod, name: string, snapshot: ClusterSnapshot): readonly VolumeLabel[] | PreFilterResult {
  const { claims, volumes, classes } = snapshot.storage
  if (!claims || !volumes || !classes) return { kind: 'unknown' }
  if (name === '') return rejected('PersistentVolumeClaim had no name')
  const claim = claims.get(`${pod.metadata.namespace ?? 'default'}/${name}`)
  if (!claim) return rejected(claimNotFound(name))
  const volumeName = claim.spec?.volumeName ?? ''
  if (volumeName !== '') {
    const volume = volumes.get(volumeName)
    return volume
      ? volumeLabels(name, volume.metadata.labels ?? {}, snapshot)
      : rejected(`persistentvolume "${volumeName}" not found`)
  }
  const className = storageClassName(claim)
  if (className === '') return rejected('PersistentVolumeClaim had no pv name and storageClass name')
  const storageClass = classes.get(className)
  if (!storageClass) return rejected(`storageclass.storage.k8s.io "${className}" not found`)
  const mode = storageClass.volumeBindingMode
  if (mode === undefined) return rejected(`VolumeBindingMode not set for StorageClass "${className}"`)
  return mode === 'WaitForFirstConsumer' ? [] : rejected('PersistentVolume had no name')
}

function volumeLabels(claim: string, labels: StringMap, snapshot: ClusterSnapshot): readonly VolumeLabel[] {
  return KEYS.flatMap(([key, standIn]) => {
    const values = Object.hasOwn(labels, key) ? zonesOf(labels[key] ?? '') : undefined
    const column = (of: string) => snapshot.labels.column(of)
    return values ? [{ claim, column: column(key), values, standIn: column(standIn) }] : []
  })
}

/** `a__b` is two zones; a list with a gap is no list, and its label does not count (`LabelZonesToSet`, cloud-provider v0.36.2). */
function zonesOf(text: string): ReadonlySet<string> | undefined {
  const zones = text.split('__').map(zone => zone.trim())
  return zones.includes('') ? undefined : new Set(zones)
}

class PreparedVolumeZone implements PreparedFilter {
  readonly plugin = NAME
  private readonly labels: readonly VolumeLabel[]
  private readonly zoned: readonly LabelColumn[]

  constructor(snapshot: ClusterSnapshot, labels: readonly VolumeLabel[]) {
    this.labels = labels
    this.zoned = KEYS.map(([key]) => snapshot.labels.column(key))
  }

  filter(node: number): FilterCode {
    return this.elsewhere(node) ? UNRESOLVABLE : FITS
  }

  texts(node: number): readonly string[] {
    return this.elsewhere(node) ? TEXTS : NO_TEXTS
  }

  explain(node: number): readonly Reason[] {
    const label = this.elsewhere(node)
    return label ? [{ plugin: NAME, text: TEXTS[0]!, unresolvable: true, claim: label.claim }] : []
  }

  /** The first label of a volume that the node does not share. */
  private elsewhere(node: number): VolumeLabel | undefined {
    if (!this.isZoned(node)) return undefined
    for (let index = 0; index < this.labels.length; index++) {
      const label = this.labels[index]!
      const from = label.column.values[node] === ABSENT ? label.standIn : label.column
      const value = from.values[node]!
      if (value === ABSENT || !label.values.has(from.interner.text(value))) return label
    }
    return undefined
  }

  /** A node without any such label takes every volume. */
  private isZoned(node: number): boolean {
    for (let index = 0; index < this.zoned.length; index++) if (this.zoned[index]!.values[node] !== ABSENT) return true
    return false
  }
}
