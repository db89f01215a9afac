import type { DaemonSet, DaemonSetStatus } from '../api/apps.ts'
import type { Node, Pod } from '../api/core.ts'
import { compileLabelSelector } from '../labels/selector.ts'
import { targetNodeName, templateGeneration } from './daemon-pod.ts'
import { isPodAvailable, isPodReady, isPodUpdated, secondsOf } from './pod-availability.ts'
import { compileDaemonSet } from './should-run.ts'

/** Which of the pods of a cluster are a DaemonSet's. */
export interface ClaimedPods {
  /** Owned and selected, the orphans that it adopts included. */
  readonly claimed: readonly Pod[]
  readonly adopts: readonly Pod[]
  /** Owned, but no longer selected: it lets them go. */
  readonly releases: readonly Pod[]
}

/**
 * The pods that the DaemonSet controller takes for a DaemonSet's: by its controller reference and the selector; orphans that
 * the selector selects are adopted (`ClaimPods`, kubernetes `pkg/controller/controller_ref_manager.go`, v1.36.2). With an
 * unreadable selector it takes none.
 */
export function claimDaemonPods(daemonSet: DaemonSet, pods: readonly Pod[]): ClaimedPods {
  const claimed: Pod[] = []
  const adopts: Pod[] = []
  const releases: Pod[] = []
  const selector = compileLabelSelector(daemonSet.spec.selector)
  if (selector.kind === 'error') return { claimed, adopts, releases }
  const deleting = Boolean(daemonSet.metadata.deletionTimestamp)
  for (const pod of pods) {
    const owner = ownership(daemonSet, pod)
    if (owner === 'other') continue
    const selected = selector.matches(pod.metadata.labels)
    if (owner === 'own') {
      if (selected) claimed.push(pod)
      else if (!deleting) releases.push(pod)
    } else if (selected && !deleting && !pod.metadata.deletionTimestamp) {
      adopts.push(pod)
      claimed.push(pod)
    }
  }
  return { claimed, adopts, releases }
}

function ownership(daemonSet: DaemonSet, pod: Pod): 'own' | 'orphan' | 'other' {
  const { namespace = 'default', name, uid } = daemonSet.metadata
  if ((pod.metadata.namespace ?? 'default') !== namespace) return 'other'
  const controller = pod.metadata.ownerReferences?.find(reference => reference.controller === true)
  if (controller === undefined) return 'orphan'
  return controller.kind === 'DaemonSet' && controller.name === name && controller.uid === uid ? 'own' : 'other'
}

/**
 * A DaemonSet's pods by the node they are bound to or made for, each list in the controller's order: bound before unbound, then
 * the oldest. Finished pods that are being deleted are gone already (`getNodesToDaemonPods`, kubernetes
 * `pkg/controller/daemon/daemon_controller.go`, v1.36.2).
 */
export function daemonPodsByNode(claimed: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const byNode = new Map<string, Pod[]>()
  for (const pod of claimed) {
    const { phase } = pod.status ?? {}
    if ((phase === 'Failed' || phase === 'Succeeded') && pod.metadata.deletionTimestamp) continue
    const nodeName = targetNodeName(pod)
    if (nodeName === undefined) continue
    const list = byNode.get(nodeName)
    if (list) list.push(pod)
    else byNode.set(nodeName, [pod])
  }
  for (const list of byNode.values()) if (list.length > 1) list.sort(byBoundThenAge)
  return byNode
}

function byBoundThenAge(a: Pod, b: Pod): number {
  const bound = Number(Boolean(b.spec.nodeName)) - Number(Boolean(a.spec.nodeName))
  if (bound !== 0) return bound
  const age = secondsOf(a.metadata.creationTimestamp) - secondsOf(b.metadata.creationTimestamp)
  if (age !== 0) return age
  const [name = '', other = ''] = [a.metadata.name, b.metadata.name]
  return name < other ? -1 : name > other ? 1 : 0
}

/** What the controller counts; `observedGeneration` and the rest it copies. */
export type DaemonSetCounts = Required<
  Pick<
    DaemonSetStatus,
    | 'desiredNumberScheduled'
    | 'currentNumberScheduled'
    | 'numberMisscheduled'
    | 'numberReady'
    | 'updatedNumberScheduled'
    | 'numberAvailable'
    | 'numberUnavailable'
  >
>

export interface DaemonSetStatusOptions {
  /** Hash of the revision that is the present template; without it only the deprecated generation tells who is updated. */
  readonly hash?: string
  /** RFC 3339; decides who is available where `minReadySeconds` is set. Without it those that are ready count. */
  readonly now?: string
}

/**
 * The counts that the DaemonSet controller writes into the status. Nodes that should not run the pod are counted only as
 * misscheduled, so `desired` hides them (`updateDaemonSetStatus`, kubernetes `pkg/controller/daemon/daemon_controller.go`, v1.36.2).
 */
export function daemonSetStatus(
  daemonSet: DaemonSet,
  nodes: readonly Node[],
  pods: readonly Pod[],
  options: DaemonSetStatusOptions = {},
): DaemonSetCounts {
  const compiled = compileDaemonSet(daemonSet)
  const byNode = daemonPodsByNode(claimDaemonPods(daemonSet, pods).claimed)
  const wanted = (node: Node): boolean => compiled.shouldRun(node).shouldRun
  return countDaemonPods(daemonSet, nodes, wanted, byNode, options)
}

/** The counts of `daemonSetStatus`, where it is known which nodes should run the pod, and which pods they have. */
export function countDaemonPods(
  daemonSet: DaemonSet,
  nodes: readonly Node[],
  wanted: (node: Node) => boolean,
  byNode: ReadonlyMap<string, readonly Pod[]>,
  options: DaemonSetStatusOptions,
): DaemonSetCounts {
  const generation = templateGeneration(daemonSet)
  const { minReadySeconds = 0 } = daemonSet.spec
  let desired = 0
  let current = 0
  let misscheduled = 0
  let ready = 0
  let updated = 0
  let available = 0
  for (const node of nodes) {
    const pod = byNode.get(node.metadata.name ?? '')?.[0]
    if (!wanted(node)) {
      if (pod) misscheduled++
      continue
    }
    desired++
    if (!pod) continue
    current++
    if (isPodReady(pod)) {
      ready++
      if (isPodAvailable(pod, minReadySeconds, options.now)) available++
    }
    if (isPodUpdated(pod, options.hash, generation)) updated++
  }
  return {
    desiredNumberScheduled: desired,
    currentNumberScheduled: current,
    numberMisscheduled: misscheduled,
    numberReady: ready,
    updatedNumberScheduled: updated,
    numberAvailable: available,
    numberUnavailable: desired - available,
  }
}
