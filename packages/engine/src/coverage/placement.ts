import type { Pod, PodSpec } from '../api/core.ts'
import type { StringMap } from '../api/meta.ts'
import { FITS, UNRESOLVABLE } from '../framework/filter-plugin.ts'
import { explainWithNominated, filterWithNominated } from '../framework/nominated.ts'
import { type PreparedPod, preparePod } from '../framework/prepared-pod.ts'
import type { Reason } from '../framework/status.ts'
import type { DisruptionBudgets } from '../preemption/budgets.ts'
import type { DryRun } from '../preemption/dry-run.ts'
import { selectVictims } from '../preemption/victims.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import type { NodeIndex, PodIndex } from '../snapshot/indices.ts'

/** What the scheduler would do with a daemon pod on its node. */
export type Placement =
  | { readonly kind: 'fits' }
  | {
      readonly kind: 'victims'
      readonly run: Extract<DryRun, { kind: 'victims' }>
      readonly reasons: readonly Reason[]
    }
  /** `dryRun` is absent where preemption was not tried, for the reason that `untried` names. */
  | {
      readonly kind: 'blocked'
      readonly reasons: readonly Reason[]
      readonly dryRun?: Exclude<DryRun, { kind: 'victims' }>
      readonly untried?: 'policy Never' | 'unresolvable' | 'rejected'
    }

/** One pod held against one node: filters with nominated pods, then the preemption of a pinned pod (spec §2.10, §4.7). The snapshot is as before afterwards. */
export function placeOn(
  prepared: PreparedPod,
  snapshot: ClusterSnapshot,
  budgets: DisruptionBudgets,
  node: number,
): Placement {
  if (prepared.rejection !== undefined) {
    const { plugin, code, message } = prepared.rejection
    const unresolvable = code !== 'Unschedulable'
    return { kind: 'blocked', reasons: [{ plugin, text: message, unresolvable }], untried: 'rejected' }
  }
  const code = filterWithNominated(prepared, snapshot, node)
  if (code === FITS) return { kind: 'fits' }
  const reasons = explainWithNominated(prepared, snapshot, node)
  if (prepared.pod.spec.preemptionPolicy === 'Never') return { kind: 'blocked', reasons, untried: 'policy Never' }
  if (code === UNRESOLVABLE) return { kind: 'blocked', reasons, untried: 'unresolvable' }
  const run = selectVictims(prepared, snapshot, budgets, node as NodeIndex)
  return run.kind === 'victims' ? { kind: 'victims', run, reasons } : { kind: 'blocked', reasons, dryRun: run }
}

/** The pods that would go so that the pod fits, none if it fits as it is; undefined if it cannot. The short form of `placeOn`. */
export function victimsOn(
  prepared: PreparedPod,
  snapshot: ClusterSnapshot,
  budgets: DisruptionBudgets,
  node: number,
): readonly PodIndex[] | undefined {
  if (prepared.rejection !== undefined) return undefined
  const code = filterWithNominated(prepared, snapshot, node)
  if (code === FITS) return NO_VICTIMS
  if (code === UNRESOLVABLE || prepared.pod.spec.preemptionPolicy === 'Never') return undefined
  const run = selectVictims(prepared, snapshot, budgets, node as NodeIndex)
  return run.kind === 'victims' ? run.victims : undefined
}

const NO_VICTIMS: readonly PodIndex[] = []

/**
 * Prepared pods of one DaemonSet. Its pods differ in little but the node that they are pinned to, so pods of equal placement share one
 * preparation without the pin; pods whose filters count over other pods, or that are nominated, are prepared one by one.
 */
export class PreparedPods {
  readonly #snapshot: ClusterSnapshot
  readonly #classes: { readonly pod: Pod; readonly prepared: PreparedPod }[] = []

  constructor(snapshot: ClusterSnapshot) {
    this.#snapshot = snapshot
  }

  of(pod: Pod): PreparedPod {
    if (!isShareable(pod)) return preparePod(pod, this.#snapshot)
    for (const { pod: known, prepared } of this.#classes) {
      if (samePlacement(known, pod)) return prepared
    }
    const prepared = preparePod(withoutPin(pod), this.#snapshot)
    if (this.#classes.length < MAX_CLASSES) this.#classes.push({ pod, prepared })
    return prepared
  }
}

/** More kinds of pods than this are prepared each time: comparing would cost as much. */
const MAX_CLASSES = 16

/** True if the pin to the node can be taken off without changing any answer about that node. */
export function isShareable(pod: Pod): boolean {
  const { spec, status } = pod
  if (status?.nominatedNodeName !== undefined && status.nominatedNodeName !== '') return false
  if (spec.topologySpreadConstraints !== undefined && spec.topologySpreadConstraints.length > 0) return false
  if (spec.affinity?.podAffinity !== undefined || spec.affinity?.podAntiAffinity !== undefined) return false
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  if (terms === undefined) return true
  const [term] = terms
  const [field] = term?.matchFields ?? []
  const isPin = field?.key === 'metadata.name' && field.operator === 'In' && field.values?.length === 1
  return terms.length === 1 && isPin && term?.matchFields?.length === 1 && (term.matchExpressions?.length ?? 0) === 0
}

/** The pod without required node affinity and node name: what any node may be asked about. */
export function withoutPin(pod: Pod): Pod {
  const { nodeName: _, affinity, ...spec } = pod.spec
  if (affinity?.nodeAffinity === undefined)
    return { ...pod, spec: affinity === undefined ? spec : { ...spec, affinity } }
  const { requiredDuringSchedulingIgnoredDuringExecution: __, ...nodeAffinity } = affinity.nodeAffinity
  return { ...pod, spec: { ...spec, affinity: { ...affinity, nodeAffinity } } }
}

const PLACEMENT_FIELDS = [
  'priority',
  'preemptionPolicy',
  'nodeSelector',
  'tolerations',
  'overhead',
  'resources',
  'hostNetwork',
  'schedulerName',
  'resourceClaims',
  'schedulingGates',
] as const satisfies readonly (keyof PodSpec)[]

/** Equal for every filter, apart from the node that they are pinned to; images and environment do not matter. */
export function samePlacement(a: Pod, b: Pod): boolean {
  if (a === b) return true
  if (a.metadata.namespace !== b.metadata.namespace) return false
  for (const field of PLACEMENT_FIELDS) {
    if (!sameValue(a.spec[field], b.spec[field])) return false
  }
  return (
    sameContainers(a.spec.containers, b.spec.containers) &&
    sameContainers(a.spec.initContainers, b.spec.initContainers) &&
    sameLabels(a.metadata.labels, b.metadata.labels) &&
    volumesMatter(a) === volumesMatter(b) &&
    (!volumesMatter(a) || sameValue(a.spec.volumes, b.spec.volumes))
  )
}

/** Labels that change with each revision say nothing that an affinity term could mean. */
function sameLabels(a: StringMap | undefined, b: StringMap | undefined): boolean {
  for (const key in a) {
    if (!REVISION_LABELS.has(key) && a[key] !== b?.[key]) return false
  }
  for (const key in b) {
    if (!REVISION_LABELS.has(key) && a?.[key] === undefined) return false
  }
  return true
}

const REVISION_LABELS = new Set(['controller-revision-hash', 'pod-template-generation'])

function volumesMatter(pod: Pod): boolean {
  return (
    pod.spec.volumes?.some(volume => volume.persistentVolumeClaim !== undefined || volume.ephemeral !== undefined) ===
    true
  )
}

function sameContainers(a: PodSpec['containers'], b: PodSpec['containers']): boolean {
  const length = a?.length ?? 0
  if (length !== (b?.length ?? 0)) return false
  for (let i = 0; i < length; i++) {
    const one = a![i]!
    const other = b![i]!
    if (
      one.restartPolicy !== other.restartPolicy ||
      !sameValue(one.resources, other.resources) ||
      !sameValue(one.ports, other.ports)
    )
      return false
  }
  return true
}

/** No field of a pod that matters here is nested deeper. */
const MAX_DEPTH = 16

/** Deep equality of plain JSON values; absent and `undefined` are equal. */
export function sameValue(a: unknown, b: unknown, depth = 0): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || depth > MAX_DEPTH) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const left = a as Readonly<Record<string, unknown>>
  const right = b as Readonly<Record<string, unknown>>
  for (const key in left) {
    if (!sameValue(left[key], right[key], depth + 1)) return false
  }
  for (const key in right) {
    if (right[key] !== undefined && left[key] === undefined) return false
  }
  return true
}
