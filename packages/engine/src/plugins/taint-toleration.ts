import type { Taint, Toleration } from '../api/core.ts'
import {
  FITS,
  type FilterCode,
  type FilterPlugin,
  type PreparedFilter,
  SKIP,
  UNRESOLVABLE,
} from '../framework/filter-plugin.ts'
import type { Reason } from '../framework/status.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { findUntoleratedTaint, isTolerated } from '../taints.ts'

const NAME = 'TaintToleration'
const TEXTS: readonly string[] = ['node(s) had untolerated taint(s)']
const NO_TEXTS: readonly string[] = []

/**
 * The first NoSchedule or NoExecute taint of a node that the pod does not tolerate (kubernetes plugins/tainttoleration, v1.36.2).
 * Each *different* taint of the cluster is held against the tolerations once for each pod, each node's own list every time.
 */
export const taintToleration: FilterPlugin = {
  name: NAME,
  prepare(pod, snapshot) {
    if (snapshot.taints.length === 0) return SKIP
    return { kind: 'filter', filter: new PreparedTaintToleration(snapshot, pod.spec.tolerations) }
  },
}

class PreparedTaintToleration implements PreparedFilter {
  readonly plugin = NAME
  private readonly snapshot: ClusterSnapshot
  private readonly tolerations: readonly Toleration[] | undefined
  private readonly tainted: Uint8Array
  /** By different taint: 1 tolerated, 2 untolerated, 0 not asked yet. */
  private known: Uint8Array | undefined

  constructor(snapshot: ClusterSnapshot, tolerations: readonly Toleration[] | undefined) {
    this.snapshot = snapshot
    this.tolerations = tolerations
    this.tainted = snapshot.tainted
  }

  filter(node: number): FilterCode {
    if (this.tainted[node] === 0) return FITS
    const ids = this.snapshot.taintIds[node]
    if (ids) for (let index = 0; index < ids.length; index++) if (!this.tolerated(ids[index]!)) return UNRESOLVABLE
    return FITS
  }

  private tolerated(taint: number): boolean {
    this.known ??= new Uint8Array(this.snapshot.taints.length)
    if (this.known[taint] === 0) this.known[taint] = isTolerated(this.snapshot.taints[taint]!, this.tolerations) ? 1 : 2
    return this.known[taint] === 1
  }

  sweep(codes: Uint8Array): void {
    const { tainted } = this
    for (let node = 0; node < codes.length; node++) {
      if (tainted[node] === 1 && codes[node] === FITS) codes[node] = this.filter(node)
    }
  }

  texts(node: number): readonly string[] {
    return this.filter(node) === FITS ? NO_TEXTS : TEXTS
  }

  explain(node: number): readonly Reason[] {
    if (this.filter(node) === FITS) return []
    const taints: readonly Taint[] = this.snapshot.nodes[node]?.spec?.taints ?? []
    const taint = taints[findUntoleratedTaint(taints, this.tolerations, 'NoScheduleOrNoExecute')]
    return [{ plugin: NAME, text: TEXTS[0]!, unresolvable: true, ...(taint && { taint }) }]
  }
}
