import type { DaemonSet } from '../api/apps.ts'
import type { Node, Taint, Toleration } from '../api/core.ts'
import { type CompiledNodeAffinity, compileNodeAffinity } from '../node-affinity.ts'
import { findUntoleratedTaint } from '../taints.ts'
import { daemonTolerations } from './tolerations.ts'

/** What keeps a DaemonSet's pod off a node. */
export type NotRunBy = 'nodeName' | 'selector' | 'affinity' | 'untolerated taint'

/** Whether the controller makes a pod for a node, and whether it leaves one that is there. */
export interface ShouldRun {
  readonly shouldRun: boolean
  readonly shouldContinueRunning: boolean
  /** The first that forbids it, in the controller's order. */
  readonly by?: NotRunBy
  /** The first taint that no toleration tolerates. */
  readonly taint?: Taint
}

/** A DaemonSet ready to be asked about many nodes. */
export interface CompiledDaemonSet {
  readonly tolerations: readonly Toleration[]
  readonly affinity: CompiledNodeAffinity
  shouldRun(node: Node): ShouldRun
}

const RUNS: ShouldRun = { shouldRun: true, shouldContinueRunning: true }
const NOT_BY_NAME: ShouldRun = { shouldRun: false, shouldContinueRunning: false, by: 'nodeName' }
const NOT_BY_SELECTOR: ShouldRun = { shouldRun: false, shouldContinueRunning: false, by: 'selector' }
const NOT_BY_AFFINITY: ShouldRun = { shouldRun: false, shouldContinueRunning: false, by: 'affinity' }

/** Prepares the decision of `nodeShouldRunDaemonPod` for many nodes. */
export function compileDaemonSet(daemonSet: DaemonSet): CompiledDaemonSet {
  const { spec } = daemonSet.spec.template
  const affinity = compileNodeAffinity(spec)
  const tolerations = daemonTolerations(spec)
  return {
    tolerations,
    affinity,
    shouldRun(node) {
      const { name = '', labels } = node.metadata
      if (spec.nodeName && spec.nodeName !== name) return NOT_BY_NAME
      if (!affinity.matchSelector(labels)) return NOT_BY_SELECTOR
      if (!affinity.matchTerms(labels, name)) return NOT_BY_AFFINITY
      const taints = node.spec?.taints
      const taint = taints?.[findUntoleratedTaint(taints, tolerations, 'NoScheduleOrNoExecute')]
      if (taint === undefined) return RUNS
      const shouldContinueRunning = findUntoleratedTaint(taints, tolerations, 'NoExecute') < 0
      return { shouldRun: false, shouldContinueRunning, by: 'untolerated taint', taint }
    },
  }
}

/**
 * Whether a DaemonSet wants a pod on a node: node name, nodeSelector, required node affinity (an unreadable term matches
 * nothing) and taints decide, not resources, not `unschedulable` (`NodeShouldRunDaemonPod`, kubernetes
 * `pkg/controller/daemon/daemon_controller.go`, v1.36.2).
 */
export function nodeShouldRunDaemonPod(daemonSet: DaemonSet, node: Node): ShouldRun {
  return compileDaemonSet(daemonSet).shouldRun(node)
}
