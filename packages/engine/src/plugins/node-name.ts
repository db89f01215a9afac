import { FITS, type FilterPlugin, SKIP, UNRESOLVABLE } from '../framework/filter-plugin.ts'
import { oneReason } from './simple-filter.ts'

const NAME = 'NodeName'
const REASON = { plugin: NAME, text: "node(s) didn't match the requested node name", unresolvable: true }

/** `spec.nodeName` of the pod (kubernetes plugins/nodename, v1.36.2). */
export const nodeName: FilterPlugin = {
  name: NAME,
  prepare(pod, snapshot) {
    const wanted = pod.spec.nodeName
    if (!wanted) return SKIP
    const index = snapshot.nodeIndex(wanted) ?? -1
    return { kind: 'filter', filter: oneReason(REASON, node => (node === index ? FITS : UNRESOLVABLE)) }
  },
}
