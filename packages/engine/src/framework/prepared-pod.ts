import type { Pod } from '../api/core.ts'
import { hasFilteredVolumes } from '../plugins/pod-volumes.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { podPriority } from '../snapshot/cluster-snapshot.ts'
import { FITS, type FilterCode, type PodCounts, type PreparedFilter } from './filter-plugin.ts'
import { pinnedPod } from './pinned-pod.ts'
import { FILTERS } from './profile.ts'
import type { Reason } from './status.ts'

/** Why PreFilter rejected the pod before any node was looked at. */
export interface PreFilterRejection {
  readonly plugin: string
  readonly code: 'Unschedulable' | 'UnschedulableAndUnresolvable' | 'Error'
  readonly message: string
}

/** A pod with every filter's facts about it, ready to be held against many nodes. Made by `preparePod`. */
export interface PreparedPod {
  readonly pod: Pod
  readonly priority: number
  readonly filters: readonly PreparedFilter[]
  /** Counts over other pods that some filter keeps; empty for most pods. */
  readonly counts: readonly PodCounts[]
  /** Names of the only nodes that can fit; absent for all. */
  readonly nodeNames: ReadonlySet<string> | undefined
  /** Plugins that named those nodes. */
  readonly nodePlugins: readonly string[]
  readonly rejection: PreFilterRejection | undefined
  /** Filters that would look at this pod and can't tell, as they are not modelled or a list is unknown: without them `Success` is not certain. */
  readonly notModelled: readonly string[]
}

/**
 * Runs every plugin's PreFilter on a pod. Costs the pod's own size, less for a pinned pod after another of its template; with pod affinity or spread constraints a pass over the
 * snapshot's pods (`RunPreFilterPlugins`, kubernetes pkg/scheduler/framework/runtime/framework.go, v1.36.2).
 */
export function preparePod(pod: Pod, snapshot: ClusterSnapshot): PreparedPod {
  return pinnedPod(pod, snapshot) ?? prepareAny(pod, snapshot)
}

function prepareAny(pod: Pod, snapshot: ClusterSnapshot): PreparedPod {
  const filters: PreparedFilter[] = []
  const nodePlugins: string[] = []
  let nodeNames: ReadonlySet<string> | undefined
  let rejection: PreFilterRejection | undefined
  let notModelled: string[] | undefined
  const withVolumes = hasFilteredVolumes(pod)
  for (const plugin of FILTERS) {
    if (!withVolumes && plugin.reads === 'volumes') continue
    const result = plugin.prepare(pod, snapshot)
    if (result.kind === 'skip') continue
    if (result.kind === 'unknown') {
      notModelled ??= []
      notModelled.push(plugin.name)
      continue
    }
    if (result.kind === 'error') {
      rejection = { plugin: plugin.name, code: 'Error', message: result.message }
      break
    }
    if (result.kind === 'rejected') {
      rejection = { plugin: plugin.name, code: result.code, message: result.message }
      if (result.code === 'UnschedulableAndUnresolvable') break
      continue
    }
    filters.push(result.filter)
    const names = result.nodes
    if (!names) continue
    nodePlugins.push(plugin.name)
    nodeNames = nodeNames === undefined ? names : new Set([...nodeNames].filter(name => names.has(name)))
    if (nodeNames.size > 0) continue
    const list = [...nodePlugins].sort(byCodeUnit).join(' ')
    const message =
      nodePlugins.length === 1
        ? `node(s) didn't satisfy plugin ${list}`
        : `node(s) didn't satisfy plugin(s) [${list}] simultaneously`
    rejection = { plugin: '', code: 'UnschedulableAndUnresolvable', message }
    break
  }
  return {
    pod,
    priority: podPriority(pod),
    filters,
    counts: countsOf(filters),
    nodeNames,
    nodePlugins,
    rejection,
    notModelled: notModelled ?? NOTHING,
  }
}

function countsOf(filters: readonly PreparedFilter[]): readonly PodCounts[] {
  let counts: PodCounts[] | undefined
  for (const { counts: kept } of filters) {
    if (!kept) continue
    counts ??= []
    counts.push(kept)
  }
  return counts ?? NO_COUNTS
}

/** The verdict of the filters on a node, nominated pods left out. Allocates nothing. */
export function filterNode(prepared: PreparedPod, node: number): FilterCode {
  const { filters } = prepared
  for (let index = 0; index < filters.length; index++) {
    const code = filters[index]!.filter(node)
    if (code !== FITS) return code
  }
  return FITS
}

/** The reasons of that verdict: those of the first filter that rejects. Empty exactly when `filterNode` says FITS. */
export function explainNode(prepared: PreparedPod, node: number): readonly Reason[] {
  for (const filter of prepared.filters) {
    const reasons = filter.explain(node)
    if (reasons.length > 0) return reasons
  }
  return []
}

/** A filter's no in kube-scheduler's words. */
export interface Rejection {
  readonly plugin: string
  readonly texts: readonly string[]
}

/** Who rejects the node and in which words; absent if it fits. */
export function rejectionOf(prepared: PreparedPod, node: number): Rejection | undefined {
  for (const filter of prepared.filters) {
    const texts = filter.texts(node)
    if (texts.length > 0) return { plugin: filter.plugin, texts }
  }
  return undefined
}

export const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const NOTHING: readonly string[] = []
const NO_COUNTS: readonly PodCounts[] = []
