import { FITS, type FilterPlugin, SKIP, UNSCHEDULABLE } from '../framework/filter-plugin.ts'
import { hostPorts, portConflict } from '../snapshot/host-ports.ts'

const NAME = 'NodePorts'

/** Host ports that another pod of the node holds (kubernetes plugins/nodeports, v1.36.2). */
export const nodePorts: FilterPlugin = {
  name: NAME,
  prepare(pod, snapshot) {
    const wanted = hostPorts(pod)
    if (wanted.length === 0) return SKIP
    const taken = (node: number) => {
      const used = snapshot.portsOn(node)
      return used.size === 0 ? undefined : wanted.find(port => portConflict(used, port))
    }
    return {
      kind: 'filter',
      filter: {
        plugin: NAME,
        filter: node => (taken(node) === undefined ? FITS : UNSCHEDULABLE),
        explain: node => {
          const port = taken(node)
          if (!port) return []
          const text = "node(s) didn't have free ports for the requested pod ports"
          return [{ plugin: NAME, text, unresolvable: false, port: port.source }]
        },
      },
    }
  },
}
