import type { Taint } from '../api/core.ts'
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
    const { taints } = snapshot
    let untolerated: Uint8Array | undefined
    for (let id = 0; id < taints.length; id++) {
      if (isTolerated(taints[id]!, pod.spec.tolerations)) continue
      untolerated ??= new Uint8Array(taints.length)
      untolerated[id] = 1
    }
    if (!untolerated) return SKIP
    return { kind: 'filter', filter: new PreparedTaintToleration(snapshot, pod.spec.tolerations ?? [], untolerated) }
  },
}

class PreparedTaintToleration implements PreparedFilter {
  readonly plugin = NAME
  private readonly snapshot: ClusterSnapshot
  private readonly tolerations: Parameters<typeof findUntoleratedTaint>[1]
  private readonly untolerated: Uint8Array
  private readonly tainted: Uint8Array

  constructor(
    snapshot: ClusterSnapshot,
    tolerations: Parameters<typeof findUntoleratedTaint>[1],
    untolerated: Uint8Array,
  ) {
    this.snapshot = snapshot
    this.tolerations = tolerations
    this.untolerated = untolerated
    this.tainted = snapshot.tainted
  }

  filter(node: number): FilterCode {
    if (this.tainted[node] === 0) return FITS
    const ids = this.snapshot.taintIds[node]
    if (ids)
      for (let index = 0; index < ids.length; index++) if (this.untolerated[ids[index]!] === 1) return UNRESOLVABLE
    return FITS
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
