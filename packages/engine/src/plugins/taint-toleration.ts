import { FITS, type FilterPlugin, SKIP, UNRESOLVABLE } from '../framework/filter-plugin.ts'
import { tolerates } from '../taints.ts'

const NAME = 'TaintToleration'

/**
 * The first NoSchedule or NoExecute taint of a node that the pod does not tolerate (kubernetes plugins/tainttoleration, v1.36.2).
 * Each *different* taint of the cluster is held against the tolerations once for each pod, each node's own list every time.
 */
export const taintToleration: FilterPlugin = {
  name: NAME,
  prepare(pod, snapshot) {
    const tolerations = pod.spec.tolerations ?? []
    const untolerated = Uint8Array.from(snapshot.taints, taint =>
      tolerations.some(toleration => tolerates(toleration, taint)) ? 0 : 1,
    )
    if (!untolerated.includes(1)) return SKIP
    const { tainted, taintIds } = snapshot
    const first = (node: number): number => {
      const ids = taintIds[node]
      if (ids) for (let index = 0; index < ids.length; index++) if (untolerated[ids[index]!] === 1) return ids[index]!
      return -1
    }
    return {
      kind: 'filter',
      filter: {
        plugin: NAME,
        filter: node => (tainted[node] === 0 || first(node) < 0 ? FITS : UNRESOLVABLE),
        explain: node => {
          const id = first(node)
          if (id < 0) return []
          const position = taintIds[node]?.indexOf(id) ?? 0
          const hard = snapshot.nodes[node]?.spec?.taints?.filter(
            ({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute',
          )
          const taint = hard?.[position] ?? snapshot.taints[id]
          return [
            { plugin: NAME, text: 'node(s) had untolerated taint(s)', unresolvable: true, ...(taint && { taint }) },
          ]
        },
      },
    }
  },
}
