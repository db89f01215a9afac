import { compileDaemonSet, type DaemonSet, daemonPod, type Node, type Toleration } from '@everynode/engine'
import type { Op } from './op.ts'

export const daemonSetOp: Op = {
  name: 'daemonSet',
  answer(input) {
    const { daemonSet, nodes } = input as { readonly daemonSet: DaemonSet; readonly nodes: readonly Node[] }
    const compiled = compileDaemonSet(daemonSet)
    const decisions = nodes.map(node => {
      const { shouldRun, shouldContinueRunning } = compiled.shouldRun(node)
      return { node: node.metadata.name ?? '', shouldRun, shouldContinueRunning }
    })
    const first = nodes[0]
    if (first === undefined) return { nodes: decisions }
    const { metadata, spec } = daemonPod(daemonSet, first.metadata.name ?? '')
    const pod = {
      ...(Object.keys(metadata.labels ?? {}).length > 0 && { labels: metadata.labels }),
      tolerations: (spec.tolerations ?? []).map(printedToleration),
      affinity: printed(spec.affinity),
    }
    return { nodes: decisions, pod }
  },
}

/** As Go prints it: without what is empty. */
function printedToleration(toleration: Toleration): object {
  return Object.fromEntries(Object.entries(toleration).filter(([, field]) => field !== '' && field !== null))
}

/** As Go prints an affinity: without empty lists. */
function printed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(printed)
  if (typeof value !== 'object' || value === null) return value
  const isEmpty = (field: unknown): boolean => field === null || (Array.isArray(field) && field.length === 0)
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => !isEmpty(field))
      .map(([name, field]) => [name, printed(field)]),
  )
}
