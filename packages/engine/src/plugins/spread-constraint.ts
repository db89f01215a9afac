import type { Pod, TopologySpreadConstraint } from '../api/core.ts'
import type { StringMap } from '../api/meta.ts'
import { compileLabelSelector } from '../labels.ts'
import { type CompiledNodeAffinity, compileNodeAffinity } from '../node-affinity.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { findUntoleratedTaint } from '../taints.ts'
import type { KubernetesVersion } from '../versions.ts'
import { isEmptySelector } from './affinity-term.ts'

/** A topology spread constraint, read (`topologySpreadConstraint`, kubernetes plugins/podtopologyspread/common.go, v1.36.2). */
export interface SpreadConstraint {
  readonly maxSkew: number
  readonly topologyKey: string
  readonly minDomains: number
  readonly honorAffinity: boolean
  readonly honorTaints: boolean
  /** Selects everything: then no pod is counted (`countPodsMatchSelector`). */
  readonly empty: boolean
  matches(labels: StringMap): boolean
}

export type SpreadConstraints =
  | { readonly kind: 'constraints'; readonly constraints: readonly SpreadConstraint[] }
  | { readonly kind: 'error'; readonly text: string }

/** The pod's own constraints of one kind; a bad selector of any is an error. */
export function spreadConstraints(
  pod: Pod,
  whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway',
  version: KubernetesVersion,
): SpreadConstraints {
  const constraints: SpreadConstraint[] = []
  for (const constraint of pod.spec.topologySpreadConstraints ?? []) {
    if (constraint.whenUnsatisfiable !== whenUnsatisfiable) continue
    const selector = compileLabelSelector(constraint.labelSelector, version)
    if (selector.kind === 'error') return selector
    constraints.push(read(constraint, pod, selector))
  }
  return { kind: 'constraints', constraints }
}

type Selector = Extract<ReturnType<typeof compileLabelSelector>, { kind: 'selector' }>

function read(constraint: TopologySpreadConstraint, pod: Pod, selector: Selector): SpreadConstraint {
  const labels = pod.metadata.labels ?? {}
  const keys = (constraint.matchLabelKeys ?? []).filter(key => Object.hasOwn(labels, key))
  return {
    maxSkew: constraint.maxSkew,
    topologyKey: constraint.topologyKey,
    minDomains: constraint.minDomains ?? 1,
    honorAffinity: (constraint.nodeAffinityPolicy ?? 'Honor') === 'Honor',
    honorTaints: constraint.nodeTaintsPolicy === 'Honor',
    empty: isEmptySelector(selector) && keys.length === 0,
    matches: other =>
      selector.matches(other) &&
      (selector.nothing || keys.every(key => Object.hasOwn(other, key) && other[key] === labels[key])),
  }
}

/** Which nodes count for a pod's constraints, and how many pods on them (`matchNodeInclusionPolicies`). */
export class SpreadNodes {
  private readonly pod: Pod
  private readonly snapshot: ClusterSnapshot
  private readonly namespace: string
  private compiled: CompiledNodeAffinity | undefined

  constructor(pod: Pod, snapshot: ClusterSnapshot) {
    this.pod = pod
    this.snapshot = snapshot
    this.namespace = pod.metadata.namespace ?? 'default'
  }

  isEligible(constraint: SpreadConstraint, node: number): boolean {
    const object = this.snapshot.nodes[node]
    if (!object) return false
    if (constraint.honorAffinity && !this.affinity.unrestricted) {
      const { labels, name = '' } = object.metadata
      if (!this.affinity.match(labels, name)) return false
    }
    return (
      !constraint.honorTaints ||
      this.snapshot.tainted[node] === 0 ||
      findUntoleratedTaint(object.spec?.taints ?? [], this.pod.spec.tolerations ?? [], 'NoScheduleOrNoExecute') < 0
    )
  }

  /** Pods of the namespace on the node that match and are not terminating. */
  matching(constraint: SpreadConstraint, node: number): number {
    if (constraint.empty) return 0
    let count = 0
    for (const index of this.snapshot.podsOn(node)) {
      const { metadata } = this.snapshot.pod(index)
      if (metadata.deletionTimestamp !== undefined || (metadata.namespace ?? 'default') !== this.namespace) continue
      if (constraint.matches(metadata.labels ?? NO_LABELS)) count++
    }
    return count
  }

  private get affinity(): CompiledNodeAffinity {
    this.compiled ??= compileNodeAffinity(this.pod.spec, this.snapshot.version)
    return this.compiled
  }
}

const NO_LABELS: StringMap = {}

/** Has the node every topology key? */
export const hasAllKeys = (constraints: readonly SpreadConstraint[], labels: StringMap): boolean =>
  constraints.every(({ topologyKey }) => Object.hasOwn(labels, topologyKey))
