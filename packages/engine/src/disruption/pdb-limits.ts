import type { IntOrString, PodDisruptionBudget } from '../api/apps.ts'
import type { Pod } from '../api/core.ts'
import { type CompiledLabelSelector, compileLabelSelector } from '../labels.ts'
import { isDisruptable, isEvictable, isReschedulable } from './pods.ts'

interface Limit {
  readonly namespace: string
  readonly key: string
  readonly selector: CompiledLabelSelector
  readonly allowed: number
  readonly fullyBlocking: boolean
  readonly alwaysEvictsUnhealthy: boolean
}

/**
 * PodDisruptionBudgets as Karpenter reads them: an eviction is blocked by one that allows none now, or by two on the same pod
 * (`Limits`, sigs.k8s.io/karpenter `pkg/utils/pdb/pdb.go`, v1.14.1). Times are ms since 1970.
 */
export class PdbLimits {
  private readonly limits: readonly Limit[]
  /** The first budget whose selector cannot be read; upstream disrupts nothing while there is one. */
  readonly error: string | undefined

  constructor(budgets: readonly PodDisruptionBudget[]) {
    const limits: Limit[] = []
    for (const { metadata, spec, status } of budgets) {
      const { namespace = 'default', name = '' } = metadata
      const selector = compileLabelSelector(spec?.selector)
      if (selector.kind === 'error') {
        this.error ??= selector.text
        continue
      }
      limits.push({
        namespace,
        key: `${namespace}/${name}`,
        selector,
        allowed: status?.disruptionsAllowed ?? 0,
        fullyBlocking: isFullyBlocking(spec?.maxUnavailable, spec?.minAvailable),
        alwaysEvictsUnhealthy: spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow',
      })
    }
    // A cached list is ordered by namespace and name.
    this.limits = limits.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  }

  /** The budgets, by `namespace/name`, that forbid to evict a pod now; none where a drain may proceed or would not evict it. */
  blocking(pod: Pod, now: number): readonly string[] {
    return this.blockedBy(pod, now, limit => limit.allowed === 0)
  }

  /** Of the pods of one node, the budgets that block the first blocked one. */
  blockingAny(pods: readonly Pod[], now: number): readonly string[] {
    for (const pod of pods) {
      const keys = this.blocking(pod, now)
      if (keys.length > 0) return keys
    }
    return []
  }

  /**
   * Whether the pod would move if its node went now: it has to move, is not protected, and no budget allows none for good
   * (`IsCurrentlyReschedulable`).
   */
  isCurrentlyReschedulable(pod: Pod, now: number): boolean {
    if (!isReschedulable(pod) || !isDisruptable(pod, now)) return false
    return this.blockedBy(pod, now, limit => limit.fullyBlocking).length === 0
  }

  private blockedBy(pod: Pod, now: number, blocks: (limit: Limit) => boolean): readonly string[] {
    if (this.limits.length === 0 || !isEvictable(pod, now)) return []
    const namespace = pod.metadata.namespace ?? 'default'
    const matching = this.limits.filter(
      limit => limit.namespace === namespace && limit.selector.matches(pod.metadata.labels),
    )
    const [only] = matching
    if (only === undefined) return []
    // Kubernetes refuses to evict a pod of several budgets, whatever they allow.
    if (matching.length > 1) return matching.map(({ key }) => key)
    if (only.alwaysEvictsUnhealthy && isUnready(pod)) return []
    return blocks(only) ? [only.key] : []
  }
}

function isFullyBlocking(maxUnavailable: IntOrString | undefined, minAvailable: IntOrString | undefined): boolean {
  return maxUnavailable === 0 || maxUnavailable === '0%' || minAvailable === '100%'
}

function isUnready({ status }: Pod): boolean {
  return (status?.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'False')
}
