import { FITS, type FilterPlugin, SKIP, UNRESOLVABLE } from '../framework/filter-plugin.ts'
import { tolerates } from '../taints.ts'

const NAME = 'NodeUnschedulable'
const TAINT = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

/** Cordoned nodes, unless the pod tolerates the taint that a cordon brings (kubernetes plugins/nodeunschedulable, v1.36.2). */
export const nodeUnschedulable: FilterPlugin = {
  name: NAME,
  prepare(pod, snapshot) {
    if (pod.spec.tolerations?.some(toleration => tolerates(toleration, TAINT))) return SKIP
    const reasons = [{ plugin: NAME, text: 'node(s) were unschedulable', unresolvable: true }]
    const filter = (node: number) => (snapshot.unschedulable[node] === 1 ? UNRESOLVABLE : FITS)
    return {
      kind: 'filter',
      filter: { plugin: NAME, filter, explain: node => (filter(node) === FITS ? [] : reasons) },
    }
  },
}
