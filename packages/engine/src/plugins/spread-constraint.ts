import type { Pod, TopologySpreadConstraint } from '../api/core.ts'
import type { StringMap } from '../api/meta.ts'
import { FITS, type PreparedFilter } from '../framework/filter-plugin.ts'
import { compileLabelSelector } from '../labels.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import type { MatchColumn } from '../snapshot/matching-pods.ts'
import { findUntoleratedTaint } from '../taints.ts'
import type { KubernetesVersion } from '../versions.ts'
import { isEmptySelector } from './affinity-term.ts'
import { nodeAffinity } from './node-affinity.ts'

/** A topology spread constraint, read (`topologySpreadConstraint`, kubernetes plugins/podtopologyspread/common.go, v1.36.2). */
export interface SpreadConstraint {
  readonly maxSkew: number
  readonly topologyKey: string
  readonly minDomains: number
  readonly honorAffinity: boolean
  readonly honorTaints: boolean
  /** Selects everything: then no pod is counted (`countPodsMatchSelector`). */
  readonly empty: boolean
  /** Equal for constraints of pods of one namespace that count the same pods. */
  readonly key: string
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
    key: JSON.stringify([constraint.labelSelector, ...keys.map(key => [key, labels[key]])]),
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
  private readonly affinity: PreparedFilter | undefined

  constructor(pod: Pod, snapshot: ClusterSnapshot) {
    this.pod = pod
    this.snapshot = snapshot
    this.namespace = pod.metadata.namespace ?? 'default'
    const prepared = nodeAffinity.prepare(pod, snapshot)
    this.affinity = prepared.kind === 'filter' ? prepared.filter : undefined
  }

  /** Every node counts for the constraint. */
  isUnrestricted({ honorAffinity, honorTaints }: SpreadConstraint): boolean {
    return !(honorAffinity && this.affinity) && !(honorTaints && this.snapshot.taints.length > 0)
  }

  isEligible({ honorAffinity, honorTaints }: SpreadConstraint, node: number): boolean {
    if (honorAffinity && this.affinity && this.affinity.filter(node) !== FITS) return false
    return (
      !honorTaints ||
      this.snapshot.tainted[node] === 0 ||
      findUntoleratedTaint(
        this.snapshot.nodes[node]?.spec?.taints,
        this.pod.spec.tolerations,
        'NoScheduleOrNoExecute',
      ) < 0
    )
  }

  /** Pods of the namespace that match and are not terminating. */
  matching(constraint: SpreadConstraint): MatchColumn {
    const { namespace } = this
    if (constraint.empty) return this.snapshot.matching.column('', () => false)
    return this.snapshot.matching.column(`spread\0${namespace}\0${constraint.key}`, ({ metadata }) => {
      if (metadata.deletionTimestamp !== undefined || (metadata.namespace ?? 'default') !== namespace) return false
      return constraint.matches(metadata.labels ?? NO_LABELS)
    })
  }
}

const NO_LABELS: StringMap = {}
