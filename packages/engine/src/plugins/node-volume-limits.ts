import {
  FITS,
  type FilterCode,
  type FilterPlugin,
  type PreparedFilter,
  SKIP,
  UNSCHEDULABLE,
} from '../framework/filter-plugin.ts'
import type { Reason } from '../framework/status.ts'
import type { AttachableVolumes } from '../snapshot/attachable-volumes.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { GrowableInt32 } from '../snapshot/growable.ts'
import { hasClaim, isInTree } from './pod-volumes.ts'

const NAME = 'NodeVolumeLimits'
const TEXTS = ['node(s) exceed max volume count']
const NO_TEXTS: readonly string[] = []

/** How many volumes of a CSI driver a node attaches (`CSINode.spec.drivers[].allocatable.count`; kubernetes plugins/nodevolumelimits/csi.go, v1.36.2). */
export const nodeVolumeLimits: FilterPlugin = {
  name: NAME,
  reads: 'volumes',
  prepare(pod, snapshot) {
    if (!pod.spec.volumes?.some(volume => hasClaim(volume) || isInTree(volume))) return SKIP
    const { claims, volumes, classes, csiNodes, lists } = snapshot.storage
    if (!claims || !volumes || !classes || !csiNodes) return { kind: 'unknown' }
    const wanted = snapshot.attachable.of(pod)
    const drivers = [...new Set(Array.from(wanted, volume => snapshot.attachable.driverOf[volume]!))]
    const limits = drivers
      .map(driver => ({ driver, byNode: snapshot.once(driverLimits).of(driver) }))
      .flatMap(({ driver, byNode }) => (byNode ? [{ driver, byNode }] : []))
    if (limits.length === 0) return SKIP
    return lists.volumeAttachments
      ? { kind: 'filter', filter: new PreparedLimits(snapshot, wanted, limits) }
      : { kind: 'unknown' }
  },
}

/** A driver's limit by node, Infinity where it has none. */
interface Limit {
  readonly driver: number
  readonly byNode: Float64Array
}

/** Limits by driver, each read from the CSINodes once. */
class DriverLimits {
  private readonly snapshot: ClusterSnapshot
  private readonly known = new Map<number, Float64Array | undefined>()

  constructor(snapshot: ClusterSnapshot) {
    this.snapshot = snapshot
  }

  of(driver: number): Float64Array | undefined {
    if (this.known.has(driver)) return this.known.get(driver)
    const limits = limitsOf(this.snapshot.attachable.drivers.text(driver), this.snapshot)
    this.known.set(driver, limits)
    return limits
  }
}

const driverLimits = (snapshot: ClusterSnapshot): DriverLimits => new DriverLimits(snapshot)

function limitsOf(driver: string, snapshot: ClusterSnapshot): Float64Array | undefined {
  let byNode: Float64Array | undefined
  for (const [name, { spec }] of snapshot.storage.csiNodes ?? []) {
    const node = snapshot.nodeIndex(name)
    const count = spec?.drivers?.findLast(theirs => theirs.name === driver && theirs.allocatable?.count !== undefined)
      ?.allocatable?.count
    if (node === undefined || count === undefined) continue
    byNode ??= new Float64Array(snapshot.nodeCount).fill(Number.POSITIVE_INFINITY)
    byNode[node] = count
  }
  return byNode
}

class PreparedLimits implements PreparedFilter {
  readonly plugin = NAME
  private readonly snapshot: ClusterSnapshot
  private readonly volumes: AttachableVolumes
  private readonly wanted: Int32Array
  private readonly limits: readonly Limit[]
  /** By node: volumes that VolumeAttachments hold. */
  private readonly attached: ReadonlyMap<number, readonly number[]>
  /** By volume: the question in which it was last seen, so that none counts twice. */
  private readonly seen = new GrowableInt32(16)
  private question = 0
  private present = 0
  private asked = 0

  constructor(snapshot: ClusterSnapshot, wanted: Int32Array, limits: readonly Limit[]) {
    this.snapshot = snapshot
    this.volumes = snapshot.attachable
    this.wanted = wanted
    this.limits = limits
    this.attached = snapshot.once(attachments)
  }

  filter(node: number): FilterCode {
    return this.exceeded(node) ? UNSCHEDULABLE : FITS
  }

  texts(node: number): readonly string[] {
    return this.exceeded(node) ? TEXTS : NO_TEXTS
  }

  explain(node: number): readonly Reason[] {
    const limit = this.exceeded(node)
    if (!limit) return []
    const volumes = {
      driver: this.volumes.drivers.text(limit.driver),
      asked: this.asked,
      attached: this.present,
      limit: limit.byNode[node]!,
    }
    return [{ plugin: NAME, text: TEXTS[0]!, unresolvable: false, volumes }]
  }

  /** The first driver of which there would be too many volumes; `asked` and `present` then hold its counts. */
  private exceeded(node: number): Limit | undefined {
    for (let index = 0; index < this.limits.length; index++) {
      const limit = this.limits[index]!
      const most = limit.byNode[node]!
      if (most === Number.POSITIVE_INFINITY) continue
      this.count(node, limit.driver)
      if (this.asked > 0 && this.present + this.asked > most) return limit
    }
    return undefined
  }

  private count(node: number, driver: number): void {
    const { volumes, snapshot } = this
    this.question++
    this.present = 0
    this.asked = 0
    const theirs = snapshot.volumesOn(node)
    for (let index = 0; index < theirs.length; index++) this.countOnce(theirs[index]!, driver)
    for (let index = 0; index < this.wanted.length; index++) {
      const volume = this.wanted[index]!
      if (volumes.driverOf[volume] === driver && !this.wasSeen(volume)) this.asked++
    }
    // What is attached and in no pod counts beside the pod's own, even if it is the same volume.
    const attached = this.attached.get(node)
    if (attached) for (let index = 0; index < attached.length; index++) this.countOnce(attached[index]!, driver)
  }

  private wasSeen(volume: number): boolean {
    return this.seen.cells[volume] === this.question
  }

  private countOnce(volume: number, driver: number): void {
    if (this.volumes.driverOf[volume] !== driver || this.wasSeen(volume)) return
    this.seen.set(volume, this.question)
    this.present++
  }
}

function attachments(snapshot: ClusterSnapshot): ReadonlyMap<number, readonly number[]> {
  const byNode = new Map<number, number[]>()
  for (const { spec } of snapshot.storage.lists.volumeAttachments ?? []) {
    const node = snapshot.nodeIndex(spec?.nodeName ?? '')
    const volumeName = spec?.source?.persistentVolumeName
    if (node === undefined || !spec?.attacher || volumeName === undefined) continue
    const volume = snapshot.attachable.attached(spec.attacher, volumeName)
    if (volume === undefined) continue
    const list = byNode.get(node)
    if (list) list.push(volume)
    else byNode.set(node, [volume])
  }
  return byNode
}
