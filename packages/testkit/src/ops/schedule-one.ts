import {
  ClusterSnapshot,
  type Cycle,
  type DryRun,
  type NodeIndex,
  type Pod,
  type PodIndex,
  podKey,
  type SnapshotObjects,
  scheduleOne,
  statusCode,
} from '@everynode/engine'
import type { Op } from './op.ts'

interface Input extends Partial<SnapshotObjects> {
  readonly pod: Pod
}

/** What the oracle's cluster has of each list: nothing unless the case says so. */
const NO_OBJECTS: SnapshotObjects = {
  nodes: [],
  pods: [],
  podDisruptionBudgets: [],
  namespaces: [],
  services: [],
  replicaSets: [],
  statefulSets: [],
  replicationControllers: [],
  persistentVolumeClaims: [],
  persistentVolumes: [],
  storageClasses: [],
  csiNodes: [],
  csiDrivers: [],
  csiStorageCapacities: [],
  volumeAttachments: [],
}

/** The cluster of a case: the oracle's lists, empty where the case has none or Go's null. */
export function clusterOf(objects: Partial<SnapshotObjects>): SnapshotObjects {
  const given = Object.entries(objects).filter(([, list]) => list !== null && list !== undefined)
  return { ...NO_OBJECTS, ...Object.fromEntries(given) }
}

/** One scheduling cycle without effect. */
export const scheduleOneOp: Op = {
  name: 'scheduleOne',
  answer(input, { version }) {
    const { pod, ...objects } = input as Input
    const snapshot = new ClusterSnapshot(clusterOf(objects), version)
    const cycle = scheduleOne(pod, snapshot)
    const { scores } = cycle
    return {
      ...(cycle.selectedNode !== undefined && { selectedNode: snapshot.nodeName(cycle.selectedNode) }),
      ...(cycle.ties && { ties: true }),
      nodes: snapshot.nodes.map((_, node) => nodeAnswer(cycle, scores, snapshot, node)),
      ...(cycle.message !== undefined && { message: cycle.message }),
      ...preemptionAnswer(cycle, snapshot),
    }
  },
}

const sorted = (texts: readonly string[]): string[] => [...texts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))

function nodeAnswer(cycle: Cycle, scores: Cycle['scores'], snapshot: ClusterSnapshot, index: number) {
  const node = snapshot.nodeName(index)
  const verdict = cycle.filtered.get(index)
  if (!verdict) {
    if (!cycle.absent) return { node, code: 'NotEvaluated' }
    const { code, plugin, reason } = cycle.absent
    return { node, code, ...(plugin && { plugin }), ...(reason && { reasons: [reason] }), absent: true }
  }
  if (verdict.code === 0) {
    const score = scores.get(index)
    const parts = score && [...score.byPlugin].filter(([, part]) => part !== 0n)
    return {
      node,
      code: 'Success',
      ...(score && { score: score.total }),
      ...(parts && parts.length > 0 && { scores: Object.fromEntries(parts) }),
    }
  }
  const plugin = verdict.rejection?.plugin
  return { node, code: statusCode(verdict.code), plugin, reasons: sorted(verdict.rejection?.texts ?? []) }
}

function preemptionAnswer(cycle: Cycle, snapshot: ClusterSnapshot) {
  const { preemption, postFilterMessage } = cycle
  if (!preemption) return {}
  const message = postFilterMessage && { message: postFilterMessage }
  if (preemption.kind === 'not run' || preemption.kind === 'not eligible') {
    return { preemption: { keepsNomination: true, pdbViolations: 0, ...message } }
  }
  const dryRuns = [...preemption.dryRuns].sort((a, b) =>
    snapshot.nodeName(a.node) < snapshot.nodeName(b.node) ? -1 : 1,
  )
  const candidates = dryRuns.length > 0 && { candidates: dryRuns.map(run => dryRunAnswer(run, snapshot)) }
  if (preemption.kind !== 'nominated') {
    return {
      preemption: {
        ...(preemption.kind === 'error' && { keepsNomination: true }),
        pdbViolations: 0,
        ...message,
        ...candidates,
      },
    }
  }
  const { candidate, tied } = preemption.chosen
  const leaving = candidate.victims.filter(victim => snapshot.pod(victim).metadata.deletionTimestamp !== undefined)
  return {
    preemption: {
      nominatedNode: snapshot.nodeName(candidate.node),
      victims: names(candidate.victims, snapshot),
      ...(leaving.length > 0 && { alreadyTerminating: names(leaving, snapshot) }),
      pdbViolations: candidate.pdbViolations,
      ...message,
      ...candidates,
      ...((candidate.ties || tied.length > 0) && { ties: true }),
      ...(tied.length > 0 && { tiedNodes: tied.map(({ node }: { node: NodeIndex }) => snapshot.nodeName(node)) }),
    },
  }
}

function dryRunAnswer(run: DryRun, snapshot: ClusterSnapshot) {
  const node = snapshot.nodeName(run.node)
  switch (run.kind) {
    case 'no victims':
      return {
        node,
        code: 'UnschedulableAndUnresolvable',
        reasons: ['No preemption victims found for incoming pod'],
        pdbViolations: 0,
      }
    case 'does not fit':
      return {
        node,
        code: statusCode(run.code),
        reasons: sorted(run.texts),
        pdbViolations: 0,
      }
    case 'victims':
      return {
        node,
        code: 'Success',
        ...(run.victims.length > 0 && { victims: names(run.victims, snapshot) }),
        pdbViolations: run.pdbViolations,
        ...(run.ties && { ties: true }),
      }
  }
}

const names = (pods: readonly PodIndex[], snapshot: ClusterSnapshot): string[] =>
  pods.map(pod => podKey(snapshot.pod(pod)))
