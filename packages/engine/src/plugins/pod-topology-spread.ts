import type { Pod, TopologySpreadConstraint } from '../api/core.ts'
import type { StringMap } from '../api/meta.ts'
import {
  FITS,
  type FilterCode,
  type FilterPlugin,
  type PodCounts,
  type PreparedFilter,
  SKIP,
  UNRESOLVABLE,
  UNSCHEDULABLE,
} from '../framework/filter-plugin.ts'
import type { Reason } from '../framework/status.ts'
import { compileLabelSelector } from '../labels.ts'
import { matchNodeAffinity } from '../node-affinity.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { findUntoleratedTaint } from '../taints.ts'
import { isEmptySelector } from './affinity-term.ts'

const NAME = 'PodTopologySpread'
const SKEW = "node(s) didn't match pod topology spread constraints"
const MISSING = `${SKEW} (missing required label)`

interface Constraint {
  readonly maxSkew: number
  readonly topologyKey: string
  readonly minDomains: number
  readonly honorAffinity: boolean
  readonly honorTaints: boolean
  /** Selects everything: then no pod is counted at the start (kubernetes plugins/podtopologyspread/common.go countPodsMatchSelector). */
  readonly empty: boolean
  matches(labels: StringMap): boolean
}

/** Hard spread constraints (kubernetes plugins/podtopologyspread/filtering.go, v1.36.2); the built-in defaults have none. */
export const podTopologySpread: FilterPlugin = {
  name: NAME,
  prepare(pod, snapshot) {
    const constraints: Constraint[] = []
    for (const constraint of pod.spec.topologySpreadConstraints ?? []) {
      if (constraint.whenUnsatisfiable !== 'DoNotSchedule') continue
      const read = readConstraint(constraint, pod)
      if (read.kind === 'error') {
        return { kind: 'error', message: `running PreFilter plugin "${NAME}": get constraints from pod: ${read.text}` }
      }
      constraints.push(read.constraint)
    }
    return constraints.length === 0 ? SKIP : { kind: 'filter', filter: new PreparedSpread(pod, snapshot, constraints) }
  },
}

type ReadConstraint =
  | { readonly kind: 'constraint'; readonly constraint: Constraint }
  | { readonly kind: 'error'; readonly text: string }

function readConstraint(constraint: TopologySpreadConstraint, pod: Pod): ReadConstraint {
  const selector = compileLabelSelector(constraint.labelSelector)
  if (selector.kind === 'error') return selector
  const labels = pod.metadata.labels ?? {}
  const keys = (constraint.matchLabelKeys ?? []).filter(key => Object.hasOwn(labels, key))
  const selectsNothing = constraint.labelSelector === undefined
  return {
    kind: 'constraint',
    constraint: {
      maxSkew: constraint.maxSkew,
      topologyKey: constraint.topologyKey,
      minDomains: constraint.minDomains ?? 1,
      honorAffinity: (constraint.nodeAffinityPolicy ?? 'Honor') === 'Honor',
      honorTaints: constraint.nodeTaintsPolicy === 'Honor',
      empty: isEmptySelector(selector) && keys.length === 0,
      matches: other =>
        selector.matches(other) &&
        (selectsNothing || keys.every(key => Object.hasOwn(other, key) && other[key] === labels[key])),
    },
  }
}

/** The two lowest counts, as upstream keeps them; which second one is kept depends on the order of updates. */
class CriticalPaths {
  first = { value: '', count: 2147483647 }
  second = { value: '', count: 2147483647 }

  update(value: string, count: number): void {
    if (value === this.first.value) this.first.count = count
    else if (value === this.second.value) this.second.count = count
    else if (count < this.first.count) {
      this.second = this.first
      this.first = { value, count }
      return
    } else {
      if (count < this.second.count) this.second = { value, count }
      return
    }
    if (this.first.count > this.second.count) [this.first, this.second] = [this.second, this.first]
  }
}

class PreparedSpread implements PreparedFilter, PodCounts {
  readonly plugin = NAME
  private counted: Map<string, number>[]
  private paths: CriticalPaths[]
  private readonly podLabels: StringMap

  private readonly pod: Pod
  private readonly snapshot: ClusterSnapshot
  private readonly constraints: readonly Constraint[]

  constructor(pod: Pod, snapshot: ClusterSnapshot, constraints: readonly Constraint[]) {
    this.pod = pod
    this.snapshot = snapshot
    this.constraints = constraints
    this.podLabels = pod.metadata.labels ?? {}
    this.counted = constraints.map(() => new Map())
    for (const node of snapshot.order) this.countNode(node)
    this.paths = this.counted.map(counts => {
      const paths = new CriticalPaths()
      for (const [value, count] of counts) paths.update(value, count)
      return paths
    })
  }

  get counts(): PodCounts {
    return this
  }

  filter(node: number): FilterCode {
    const labels = this.labels(node)
    for (let index = 0; index < this.constraints.length; index++) {
      const constraint = this.constraints[index]!
      if (!Object.hasOwn(labels, constraint.topologyKey)) return UNRESOLVABLE
      const counts = this.counted[index]!
      const lowest = counts.size < constraint.minDomains ? 0 : this.paths[index]!.first.count
      const own = constraint.matches(this.podLabels) ? 1 : 0
      if ((counts.get(labels[constraint.topologyKey] ?? '') ?? 0) + own - lowest > constraint.maxSkew)
        return UNSCHEDULABLE
    }
    return FITS
  }

  explain(node: number): readonly Reason[] {
    const code = this.filter(node)
    if (code === FITS) return []
    return [{ plugin: NAME, text: code === UNRESOLVABLE ? MISSING : SKEW, unresolvable: code === UNRESOLVABLE }]
  }

  texts(node: number): readonly string[] {
    return this.explain(node).map(({ text }) => text)
  }

  podAdded(pod: Pod, node: number): void {
    this.update(pod, node, 1)
  }

  podRemoved(pod: Pod, node: number): void {
    this.update(pod, node, -1)
  }

  save(): () => void {
    const counted = this.counted.map(counts => new Map(counts))
    const paths = this.paths.map(({ first, second }) =>
      Object.assign(new CriticalPaths(), { first: { ...first }, second: { ...second } }),
    )
    return () => {
      this.counted = counted
      this.paths = paths
    }
  }

  private labels(node: number): StringMap {
    return this.snapshot.nodes[node]?.metadata.labels ?? {}
  }

  private hasAllKeys(labels: StringMap): boolean {
    return this.constraints.every(({ topologyKey }) => Object.hasOwn(labels, topologyKey))
  }

  private eligible(constraint: Constraint, node: number): boolean {
    const object = this.snapshot.nodes[node]
    if (!object) return false
    if (constraint.honorAffinity && !matchNodeAffinity(this.pod.spec, object).match) return false
    return (
      !constraint.honorTaints ||
      findUntoleratedTaint(object.spec?.taints ?? [], this.pod.spec.tolerations ?? [], 'NoScheduleOrNoExecute') < 0
    )
  }

  private countNode(node: number): void {
    const labels = this.labels(node)
    if (!this.hasAllKeys(labels)) return
    this.constraints.forEach((constraint, index) => {
      if (!this.eligible(constraint, node)) return
      const counts = this.counted[index]!
      const value = labels[constraint.topologyKey] ?? ''
      counts.set(value, (counts.get(value) ?? 0) + (constraint.empty ? 0 : this.matching(constraint, node)))
    })
  }

  private matching(constraint: Constraint, node: number): number {
    const namespace = this.pod.metadata.namespace ?? 'default'
    let count = 0
    for (const index of this.snapshot.podsOn(node)) {
      const { metadata } = this.snapshot.pod(index)
      if (metadata.deletionTimestamp !== undefined || (metadata.namespace ?? 'default') !== namespace) continue
      if (constraint.matches(metadata.labels ?? {})) count++
    }
    return count
  }

  private update(pod: Pod, node: number, by: number): void {
    if ((pod.metadata.namespace ?? 'default') !== (this.pod.metadata.namespace ?? 'default')) return
    const labels = this.labels(node)
    if (!this.hasAllKeys(labels)) return
    this.constraints.forEach((constraint, index) => {
      if (!constraint.matches(pod.metadata.labels ?? {}) || !this.eligible(constraint, node)) return
      const value = labels[constraint.topologyKey] ?? ''
      const counts = this.counted[index]!
      const count = (counts.get(value) ?? 0) + by
      counts.set(value, count)
      this.paths[index]!.update(value, count)
    })
  }
}
