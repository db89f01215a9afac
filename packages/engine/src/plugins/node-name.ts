import { FITS, type FilterPlugin, SKIP, UNRESOLVABLE } from '../framework/filter-plugin.ts'

const NAME = 'NodeName'

/** `spec.nodeName` of the pod (kubernetes plugins/nodename, v1.36.2). */
export const nodeName: FilterPlugin = {
  name: NAME,
  prepare(pod, snapshot) {
    const wanted = pod.spec.nodeName
    if (!wanted) return SKIP
    const index = snapshot.nodeIndex(wanted) ?? -1
    const reasons = [{ plugin: NAME, text: "node(s) didn't match the requested node name", unresolvable: true }]
    const filter = (node: number) => (node === index ? FITS : UNRESOLVABLE)
    return {
      kind: 'filter',
      filter: { plugin: NAME, filter, explain: node => (filter(node) === FITS ? [] : reasons) },
    }
  },
}
