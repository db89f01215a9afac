import type { PodDisruptionBudget } from '../api/apps.ts'
import { type CompiledLabelSelector, compileLabelSelector } from '../labels.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import type { PodIndex } from '../snapshot/indices.ts'

interface Budget {
  readonly namespace: string
  readonly allowed: number
  readonly disrupted: Readonly<Record<string, string>>
  readonly selector: CompiledLabelSelector
  readonly object: PodDisruptionBudget
}

/** The PodDisruptionBudgets of a cluster as preemption reads them; one with a bad, absent or empty selector protects nothing. */
export class DisruptionBudgets {
  private readonly byNamespace = new Map<string, Budget[]>()

  constructor(budgets: readonly PodDisruptionBudget[]) {
    for (const object of budgets) {
      const selector = compileLabelSelector(object.spec?.selector)
      if (selector.kind === 'error' || selector.nothing || selector.requirements.length === 0) continue
      const namespace = object.metadata.namespace ?? 'default'
      const budget = {
        namespace,
        allowed: object.status?.disruptionsAllowed ?? 0,
        disrupted: object.status?.disruptedPods ?? {},
        selector,
        object,
      }
      const list = this.byNamespace.get(namespace)
      if (list) list.push(budget)
      else this.byNamespace.set(namespace, [budget])
    }
  }

  /** Nothing to protect: no budget selects any pod. */
  get empty(): boolean {
    return this.byNamespace.size === 0
  }

  /**
   * Which of the pods, taken in this order, would break a budget. Every matching budget loses one for each pod, also for those
   * that break another (`filterPodsWithPDBViolation`, kubernetes plugins/defaultpreemption/default_preemption.go, v1.36.2).
   */
  violating(pods: readonly PodIndex[], snapshot: ClusterSnapshot): ReadonlySet<PodIndex> {
    const violating = new Set<PodIndex>()
    const left = new Map<Budget, number>()
    for (const pod of pods) {
      for (const budget of this.matching(pod, snapshot)) {
        const after = (left.get(budget) ?? budget.allowed) - 1
        left.set(budget, after)
        if (after < 0) violating.add(pod)
      }
    }
    return violating
  }

  /** Budgets that cover a pod, by `namespace/name`. */
  covering(pod: PodIndex, snapshot: ClusterSnapshot): readonly string[] {
    return this.matching(pod, snapshot).map(
      ({ object }) => `${object.metadata.namespace ?? 'default'}/${object.metadata.name ?? ''}`,
    )
  }

  private matching(pod: PodIndex, snapshot: ClusterSnapshot): readonly Budget[] {
    const { metadata } = snapshot.pod(pod)
    const budgets = this.byNamespace.get(metadata.namespace ?? 'default')
    if (!budgets || !metadata.labels || Object.keys(metadata.labels).length === 0) return []
    const name = metadata.name ?? ''
    return budgets.filter(budget => budget.selector.matches(metadata.labels) && !Object.hasOwn(budget.disrupted, name))
  }
}
