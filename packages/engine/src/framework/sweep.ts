import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { FITS } from './filter-plugin.ts'
import { filterWithNominated } from './nominated.ts'
import type { PreparedPod } from './prepared-pod.ts'

/**
 * The verdicts of one pod on all nodes, into `codes` (one cell a node, a FilterCode): the same as `filterWithNominated` node by node,
 * filter after filter over the columns instead. Every node is judged on its own; nothing is shared between equal nodes.
 */
export function sweepNodes(prepared: PreparedPod, snapshot: ClusterSnapshot, codes: Uint8Array): void {
  codes.fill(FITS)
  for (const filter of prepared.filters) {
    if (filter.sweep) filter.sweep(codes)
    else for (let node = 0; node < codes.length; node++) if (codes[node] === FITS) codes[node] = filter.filter(node)
  }
  for (const node of snapshot.nominated.keys()) codes[node] = filterWithNominated(prepared, snapshot, node)
}
