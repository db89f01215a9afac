import type { ClusterDump, DaemonSet, DaemonSetCoverage, Pod } from '@everynode/engine'
import { daemonPod } from './pod.ts'

/** The pod that the controller makes for a node after the last change, unless it already waits there. */
function boundPod(dump: ClusterDump, daemonSet: DaemonSet, node: string): Pod {
  const { name, namespace } = daemonSet.metadata
  const waiting = (dump.pods ?? []).find(
    pod =>
      pod.metadata.namespace === namespace &&
      pod.metadata.ownerReferences?.[0]?.uid === daemonSet.metadata.uid &&
      pod.spec.nodeName === undefined &&
      pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms?.[0]
        ?.matchFields?.[0]?.values?.[0] === node,
  )
  const current = (dump.controllerRevisions ?? [])
    .filter(one => one.metadata.namespace === namespace && one.metadata.ownerReferences?.[0]?.name === name)
    .reduce((newest, one) => ((one.revision ?? 0) > (newest.revision ?? 0) ? one : newest))
  const hash = current.metadata.labels?.['controller-revision-hash'] ?? ''
  const made = daemonPod(
    daemonSet,
    hash,
    { kind: 'running', node, since: dump.takenAt ?? '' },
    dump.priorityClasses ?? [],
  )
  return waiting === undefined ? made : { ...made, metadata: waiting.metadata }
}

/**
 * The cluster when a forecast has come true on the nodes that exist: victims are gone, the DaemonSet's pods are bound where they
 * fit or preempt. `coverage` must be grouped by node. Displaced pods are left out; where they go is not forecast here.
 */
export function afterForecast(dump: ClusterDump, coverage: DaemonSetCoverage): ClusterDump {
  const daemonSet = (dump.daemonSets ?? []).find(
    one => one.metadata.namespace === coverage.namespace && one.metadata.name === coverage.name,
  )
  if (daemonSet === undefined) return dump
  const gone = new Set<string>()
  const bound = new Map<string, Pod>()
  for (const { verdict, nodes } of coverage.groups) {
    if (verdict.kind !== 'fits' && verdict.kind !== 'preempts') continue
    if (verdict.kind === 'preempts')
      for (const victim of verdict.victims) gone.add(`${victim.namespace}/${victim.name}`)
    for (const node of nodes) bound.set(node, boundPod(dump, daemonSet, node))
  }
  const named = (pod: Pod) => `${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''}`
  const made = [...bound.values()]
  const replaced = new Set([...gone, ...made.map(named)])
  return { ...dump, pods: [...(dump.pods ?? []).filter(pod => !replaced.has(named(pod))), ...made] }
}
