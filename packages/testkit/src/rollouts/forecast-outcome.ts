import type { Forecast, Node, Pod } from '@everynode/engine'
import { targetNodeName } from '@everynode/engine'
import type { DaemonPlace, Outcome, OutcomeDaemonSet, OutcomeNode } from './outcome.ts'

/** A forecast in the words of a recorded outcome. `before` are the nodes from before the change. */
export function forecastOutcome(scenario: string, before: readonly Node[], forecast: Forecast): Outcome {
  const names = new Set(before.map(({ metadata }) => metadata.name ?? ''))
  const nodes: Record<string, OutcomeNode> = {}
  for (const node of before) nodes[node.metadata.name ?? ''] = { ...shapeOf(node), before: true }
  for (const node of forecast.nodes) {
    const name = node.metadata.name ?? ''
    nodes[name] = { ...shapeOf(node), before: names.has(name), after: true }
  }
  return {
    scenario,
    daemonSets: daemonSetsOf(forecast),
    preempted: forecast.preempted,
    newNodeClaims: [],
    nodesRemoved: [...names].filter(name => nodes[name]?.after !== true).map(node => ({ node })),
    pendingPods: forecast.pods
      .filter(pod => !pod.spec.nodeName && pod.status?.phase === 'Pending')
      .map(pod => ({ owner: forecast.owners.topOf(pod).text, count: 1 })),
    nodes,
  }
}

function shapeOf({ metadata: { labels = {} } }: Node): OutcomeNode {
  const pool = labels['karpenter.sh/nodepool']
  const instanceType = labels['node.kubernetes.io/instance-type']
  const capacityType = labels['karpenter.sh/capacity-type']
  return {
    ...(pool !== undefined && { pool }),
    ...(instanceType !== undefined && { instanceType }),
    ...(capacityType !== undefined && { capacityType }),
  }
}

function daemonSetsOf({ daemonSets, pods, nodes, failedCreate }: Forecast): readonly OutcomeDaemonSet[] {
  return daemonSets.map(({ metadata, status = {} }) => {
    const { namespace = 'default', name = '', uid } = metadata
    const own = pods.filter(
      pod =>
        pod.metadata.deletionTimestamp === undefined &&
        pod.metadata.ownerReferences?.some(owner => owner.controller === true && owner.uid === uid),
    )
    const byNode = new Map<string, Pod>()
    for (const pod of own) {
      const target = targetNodeName(pod) ?? ''
      if (!byNode.has(target)) byNode.set(target, pod)
    }
    return {
      namespace,
      name,
      status: {
        desired: status.desiredNumberScheduled ?? 0,
        current: status.currentNumberScheduled ?? 0,
        updated: status.updatedNumberScheduled ?? 0,
        ready: status.numberReady ?? 0,
        available: status.numberAvailable ?? 0,
        misscheduled: status.numberMisscheduled ?? 0,
      },
      failedCreate: failedCreate
        .filter(({ daemonSet }) => daemonSet === `${namespace}/${name}`)
        .map(({ message }) => message),
      perNode: Object.fromEntries(
        nodes.map(node => [node.metadata.name ?? '', placeOf(byNode.get(node.metadata.name ?? ''))]),
      ),
    }
  })
}

function placeOf(pod: Pod | undefined): DaemonPlace {
  if (pod === undefined) return { state: 'none' }
  if (pod.spec.nodeName) return { state: 'landed' }
  const message = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')?.message
  return { state: 'pending', ...(message !== undefined && { message }) }
}
