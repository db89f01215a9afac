import {
  FITS,
  type FilterCode,
  type FilterPlugin,
  type PreparedFilter,
  SKIP,
  UNSCHEDULABLE,
} from '../framework/filter-plugin.ts'
import type { Reason } from '../framework/status.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { type HostPort, hostPorts, portConflict, type UsedPorts } from '../snapshot/host-ports.ts'

const NAME = 'NodePorts'
/** The reason without a port. */
export const PORT_TEXTS: readonly string[] = ["node(s) didn't have free ports for the requested pod ports"]
const NO_TEXTS: readonly string[] = []

/** Host ports that another pod of the node holds (kubernetes plugins/nodeports, v1.36.2). */
export const nodePorts: FilterPlugin = {
  name: NAME,
  prepare(pod, snapshot) {
    const wanted = hostPorts(pod)
    return wanted.length === 0 ? SKIP : { kind: 'filter', filter: new PreparedNodePorts(snapshot, wanted) }
  },
}

/** The host ports of one pod; `clash` is public so that preemption can count without asking for a verdict. */
export class PreparedNodePorts implements PreparedFilter {
  readonly plugin = NAME
  private readonly snapshot: ClusterSnapshot
  private readonly wanted: readonly HostPort[]

  constructor(snapshot: ClusterSnapshot, wanted: readonly HostPort[]) {
    this.snapshot = snapshot
    this.wanted = wanted
  }

  filter(node: number): FilterCode {
    return this.taken(node) === undefined ? FITS : UNSCHEDULABLE
  }

  texts(node: number): readonly string[] {
    return this.taken(node) === undefined ? NO_TEXTS : PORT_TEXTS
  }

  explain(node: number): readonly Reason[] {
    const port = this.taken(node)
    return port ? [{ plugin: NAME, text: PORT_TEXTS[0]!, unresolvable: false, port: port.source }] : []
  }

  private taken(node: number): HostPort | undefined {
    return this.clash(this.snapshot.portsOn(node))
  }

  /** The first port that is among the used ones. */
  clash(used: UsedPorts): HostPort | undefined {
    return used.size === 0 ? undefined : this.wanted.find(port => portConflict(used, port))
  }
}
