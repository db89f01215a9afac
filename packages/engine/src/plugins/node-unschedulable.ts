import { FITS, type FilterPlugin, SKIP, UNRESOLVABLE } from '../framework/filter-plugin.ts'
import { isTolerated } from '../taints.ts'
import { oneReason } from './simple-filter.ts'

const NAME = 'NodeUnschedulable'
const TAINT = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
const REASON = { plugin: NAME, text: 'node(s) were unschedulable', unresolvable: true }

/** Cordoned nodes, unless the pod tolerates the taint that a cordon brings (kubernetes plugins/nodeunschedulable, v1.36.2). */
export const nodeUnschedulable: FilterPlugin = {
  name: NAME,
  prepare(pod, { unschedulable }) {
    if (isTolerated(TAINT, pod.spec.tolerations)) return SKIP
    return { kind: 'filter', filter: oneReason(REASON, node => (unschedulable[node] === 1 ? UNRESOLVABLE : FITS)) }
  },
}
