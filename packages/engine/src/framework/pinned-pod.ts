import type { Container, Pod, PodSpec, Toleration } from '../api/core.ts'
import { NODE_AFFINITY, PreparedPin, pinOf } from '../plugins/node-affinity.ts'
import { hasFilteredVolumes } from '../plugins/pod-volumes.ts'
import { type ClusterSnapshot, podPriority } from '../snapshot/cluster-snapshot.ts'
import type { NodeIndex } from '../snapshot/indices.ts'
import { ABSENT } from '../snapshot/label-columns.ts'
import { FITS, type PodCounts, type PreparedFilter } from './filter-plugin.ts'
import type { PreparedPod } from './prepared-pod.ts'
import { FILTERS } from './profile.ts'

/** When so many templates are kept, all are forgotten: most pods of this cluster share nothing. */
const MAX_TEMPLATES = 1024

/** A label of the nodeSelector: the column of its key, and the number of the value in it. */
interface Selected {
  readonly values: Int32Array
  readonly id: number
}

/** What the filters say of all pods that are equal but for name and pin. */
interface PinnedTemplate {
  /** Of the pod that it was made for. */
  readonly spec: PodSpec
  readonly selected: readonly Selected[]
  /** The filters that run before NodeAffinity, and those that run after it. */
  readonly before: readonly PreparedFilter[]
  readonly after: readonly PreparedFilter[]
  readonly notModelled: readonly string[]
}

/**
 * A pod that is pinned to one node, as the DaemonSet controller's pods are, with the filters of its template: pods whose specs share their
 * parts, as those of one DaemonSet do, are read once.
 */
export class PinnedPod implements PreparedPod {
  readonly pod: Pod
  readonly priority: number
  readonly counts: readonly PodCounts[] = NO_COUNTS
  readonly nodePlugins: readonly string[] = NODE_PLUGINS
  readonly rejection = undefined
  /** The pin's node, if it is there. */
  readonly target: NodeIndex | undefined
  private readonly pin: string
  private readonly template: PinnedTemplate
  private names: ReadonlySet<string> | undefined
  private list: readonly PreparedFilter[] | undefined

  constructor(pod: Pod, pin: string, template: PinnedTemplate, snapshot: ClusterSnapshot) {
    this.pod = pod
    this.priority = podPriority(pod)
    this.target = snapshot.nodeIndex(pin)
    this.pin = pin
    this.template = template
  }

  get filters(): readonly PreparedFilter[] {
    const { before, after } = this.template
    this.list ??= [...before, this.pinFilter(), ...after]
    return this.list
  }

  get nodeNames(): ReadonlySet<string> {
    this.names ??= new Set([this.pin])
    return this.names
  }

  get notModelled(): readonly string[] {
    return this.template.notModelled
  }

  /** The first filter that rejects the pin's node, nominated pods left out; absent if the pod fits there. */
  rejecting(target: NodeIndex): PreparedFilter | undefined {
    const { before, after, selected } = this.template
    for (let index = 0; index < before.length; index++) {
      const filter = before[index]!
      if (filter.filter(target) !== FITS) return filter
    }
    if (!isSelected(selected, target)) return this.pinFilter()
    for (let index = 0; index < after.length; index++) {
      const filter = after[index]!
      if (filter.filter(target) !== FITS) return filter
    }
    return undefined
  }

  private pinFilter(): PreparedFilter {
    const { target, template } = this
    return new PreparedPin(target !== undefined && isSelected(template.selected, target) ? target : undefined)
  }
}

/**
 * A pod that is pinned to one node and asks nothing of other pods, volumes and devices, ready for the filters; absent for every other pod.
 * Costs a look at the parts of its spec once a pod with the same parts was seen.
 */
export function pinnedPod(pod: Pod, snapshot: ClusterSnapshot): PinnedPod | undefined {
  const { spec } = pod
  const { affinity } = spec
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  const pin = terms && pinOf(terms)
  if (pin === undefined || affinity?.podAffinity || affinity?.podAntiAffinity) return undefined
  if (spec.nodeName || spec.topologySpreadConstraints?.length || snapshot.withRequiredAntiAffinity.size > 0)
    return undefined
  const template = snapshot.once(PinnedTemplates.of).find(pod)
  return template && new PinnedPod(pod, pin, template, snapshot)
}

/** The templates of one snapshot, by the containers that their pods share. */
class PinnedTemplates {
  static readonly of = (snapshot: ClusterSnapshot): PinnedTemplates => new PinnedTemplates(snapshot)

  private readonly snapshot: ClusterSnapshot
  private byContainers = new WeakMap<readonly Container[], PinnedTemplate>()
  private count = 0

  constructor(snapshot: ClusterSnapshot) {
    this.snapshot = snapshot
  }

  find(pod: Pod): PinnedTemplate | undefined {
    const { spec } = pod
    const known = spec.containers && this.byContainers.get(spec.containers)
    if (known && isSharedBy(known.spec, spec)) return known
    const made = this.make(pod)
    if (made && spec.containers) this.keep(spec.containers, made)
    return made
  }

  private keep(containers: readonly Container[], template: PinnedTemplate): void {
    if (++this.count > MAX_TEMPLATES) {
      this.byContainers = new WeakMap()
      this.count = 1
    }
    this.byContainers.set(containers, template)
  }

  private make(pod: Pod): PinnedTemplate | undefined {
    if (hasFilteredVolumes(pod)) return undefined
    const before: PreparedFilter[] = []
    const after: PreparedFilter[] = []
    const notModelled: string[] = []
    let filters = before
    for (const plugin of FILTERS) {
      if (plugin.reads === 'volumes') continue
      if (plugin.name === NODE_AFFINITY) {
        filters = after
        continue
      }
      const result = plugin.prepare(pod, this.snapshot)
      if (result.kind === 'filter' && !result.nodes && !result.filter.counts) filters.push(result.filter)
      else if (result.kind === 'unknown') notModelled.push(plugin.name)
      else if (result.kind !== 'skip') return undefined
    }
    return { spec: pod.spec, selected: selectedLabels(pod, this.snapshot), before, after, notModelled }
  }
}

/** True if the filters see the same in two pinned pods: the very same parts, as the controller and the loader leave them. */
function isSharedBy(one: PodSpec, other: PodSpec): boolean {
  return (
    one.initContainers === other.initContainers &&
    one.nodeSelector === other.nodeSelector &&
    one.volumes === other.volumes &&
    one.overhead === other.overhead &&
    one.resources === other.resources &&
    one.hostNetwork === other.hostNetwork &&
    one.hostUsers === other.hostUsers &&
    one.resourceClaims === other.resourceClaims &&
    one.schedulingGates === other.schedulingGates &&
    areSame(one.tolerations, other.tolerations)
  )
}

function areSame(one: readonly Toleration[] | undefined, other: readonly Toleration[] | undefined): boolean {
  if (one === other) return true
  if (!one || !other || one.length !== other.length) return false
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false
  return true
}

function selectedLabels({ spec }: Pod, { labels }: ClusterSnapshot): readonly Selected[] {
  return Object.entries(spec.nodeSelector ?? {}).map(([key, value]) => {
    const { values, interner } = labels.column(key)
    return { values, id: interner.find(value) ?? ABSENT - 1 }
  })
}

function isSelected(selected: readonly Selected[], node: number): boolean {
  for (let index = 0; index < selected.length; index++) {
    const { values, id } = selected[index]!
    if (values[node] !== id) return false
  }
  return true
}

const NO_COUNTS: readonly PodCounts[] = []
const NODE_PLUGINS: readonly string[] = [NODE_AFFINITY]
