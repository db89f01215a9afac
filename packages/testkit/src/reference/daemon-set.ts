import type { DaemonSet, Node, Toleration } from '@everynode/engine'
import { askNodeAffinity } from './node-affinity.ts'
import { firstUntolerated } from './taints.ts'

/** Whether a DaemonSet's controller makes a pod for a node, and whether it leaves one there, spelled out. */
export function askShouldRun(
  daemonSet: DaemonSet,
  node: Node,
): { readonly shouldRun: boolean; readonly shouldContinueRunning: boolean } {
  const { spec } = daemonSet.spec.template
  const named = spec.nodeName === undefined || spec.nodeName === '' || spec.nodeName === node.metadata.name
  if (!named || !askNodeAffinity(spec, node).match) return { shouldRun: false, shouldContinueRunning: false }
  const tolerations = [...(spec.tolerations ?? []), ...added(spec.hostNetwork === true)]
  const taints = node.spec?.taints ?? []
  return {
    shouldRun: firstUntolerated(taints, tolerations, ['NoSchedule', 'NoExecute']) < 0,
    shouldContinueRunning: firstUntolerated(taints, tolerations, ['NoExecute']) < 0,
  }
}

function added(hostNetwork: boolean): readonly Toleration[] {
  const keys = ['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable']
  if (hostNetwork) keys.push('network-unavailable')
  const exists = (key: string, effect: string): Toleration => ({
    key: `node.kubernetes.io/${key}`,
    operator: 'Exists',
    effect,
  })
  return [
    ...['not-ready', 'unreachable'].map(key => exists(key, 'NoExecute')),
    ...keys.map(key => exists(key, 'NoSchedule')),
  ]
}
