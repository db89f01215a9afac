import type { NodeClassRef, NodePool } from '../api/karpenter.ts'

const DEPENDENT_CONDITIONS: readonly string[] = ['ValidationSucceeded', 'NodeClassReady']

/** Whether a NodePool keeps a fixed number of nodes; such a one takes no part in provisioning (karpenter `pkg/utils/nodepool/nodepool.go`, v1.14.1). */
export function isStaticNodePool(pool: NodePool): boolean {
  return pool.spec?.replicas !== undefined
}

/**
 * Whether a NodePool is Ready. One without any conditions, as it stands in a manifest, counts as ready; where there are some, Ready
 * must be True and what it depends on must have been reported (operatorpkg `status/condition_set.go`).
 */
export function isNodePoolReady(pool: NodePool): boolean {
  const conditions = pool.status?.conditions
  if (conditions === undefined) return true
  const ready = conditions.find(({ type }) => type === 'Ready')
  return ready?.status === 'True' && DEPENDENT_CONDITIONS.every(type => conditions.some(one => one.type === type))
}

/**
 * The NodePools that provisioning looks at, in its order: ready, not static, not being deleted and of a NodeClass that the provider
 * has; by weight descending, then by name descending (`NewScheduler`, karpenter `pkg/controllers/provisioning/provisioner.go` and
 * `OrderByWeight`, `pkg/utils/nodepool/nodepool.go`, v1.14.1).
 */
export function provisioningNodePools(
  pools: readonly NodePool[],
  hasNodeClass: (ref: NodeClassRef | undefined) => boolean = () => true,
): readonly NodePool[] {
  return pools
    .filter(pool => hasNodeClass(pool.spec?.template?.spec?.nodeClassRef))
    .filter(pool => !isStaticNodePool(pool) && isNodePoolReady(pool) && !pool.metadata.deletionTimestamp)
    .sort(byWeight)
}

function byWeight(a: NodePool, b: NodePool): number {
  const heavier = (b.spec?.weight ?? 0) - (a.spec?.weight ?? 0)
  if (heavier !== 0) return heavier
  const [name = '', other = ''] = [a.metadata.name, b.metadata.name]
  return name < other ? 1 : name > other ? -1 : 0
}
