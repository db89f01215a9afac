import { compileDaemonSet, type DaemonSet, daemonPod, type Node, type Toleration } from '@everynode/engine'
import type { Op } from './op.ts'

export const daemonSetOp: Op = {
  name: 'daemonSet',
  answer(input) {
    const { daemonSet, nodes } = input as { readonly daemonSet: DaemonSet; readonly nodes: readonly Node[] }
    const compiled = compileDaemonSet(daemonSet)
    const decisions = nodes.map(node => {
      const { shouldRun, shouldContinueRunning } = compiled.shouldRun(node)
      return { node: node.metadata.name, shouldRun, shouldContinueRunning }
    })
    const first = nodes[0]
    if (first === undefined) return { nodes: decisions }
    const { metadata, spec } = daemonPod(daemonSet, first.metadata.name ?? '')
    const pod = { labels: metadata.labels, tolerations: (spec.tolerations ?? []).map(printed), affinity: spec.affinity }
    return { nodes: decisions, pod }
  },
}

/** As Go prints it: without what is empty. */
function printed(toleration: Toleration): object {
  return Object.fromEntries(Object.entries(toleration).filter(([, value]) => value !== ''))
}
