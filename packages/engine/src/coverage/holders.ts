import type { DisruptionBudgets } from '../preemption/budgets.ts'
import { type ClusterSnapshot, podPriority } from '../snapshot/cluster-snapshot.ts'
import type { PodIndex } from '../snapshot/indices.ts'
import { CPU, EPHEMERAL_STORAGE, MEMORY } from '../snapshot/resource-columns.ts'
import { formatAmount } from './amounts.ts'
import type { Owners } from './owners.ts'
import type { Holder, PodRef } from './types.ts'

/** Grace of a pod that names none (API default, kubernetes pkg/apis/core/v1/defaults.go, v1.36.2). */
const DEFAULT_GRACE = 30

interface Building {
  readonly owner: string
  priority: number
  lowest: number
  pods: number
  readonly requested: Map<string, bigint>
}

/** Who holds these resources on a node, by owner and priority, the largest holder of the first resource first; daemons are one line. */
export function holdersOn(
  snapshot: ClusterSnapshot,
  owners: Owners,
  node: number,
  resources: readonly string[],
): readonly Holder[] {
  const found = new Map<string, Building>()
  for (const index of snapshot.podsOn(node)) {
    const pod = snapshot.pod(index)
    const top = owners.topOf(pod)
    const priority = podPriority(pod)
    const key = top.daemon ? 'DaemonSets' : `${priority}\0${pod.metadata.namespace ?? ''}\0${top.text}`
    let holder = found.get(key)
    if (holder === undefined) {
      holder = {
        owner: top.daemon ? 'DaemonSets' : top.text,
        priority,
        lowest: priority,
        pods: 0,
        requested: new Map(),
      }
      found.set(key, holder)
    }
    holder.pods++
    holder.priority = Math.max(holder.priority, priority)
    holder.lowest = Math.min(holder.lowest, priority)
    for (const resource of resources) {
      holder.requested.set(resource, (holder.requested.get(resource) ?? 0n) + amountHeld(snapshot, index, resource))
    }
  }
  const first = resources[0]
  const size = (holder: { readonly requested: ReadonlyMap<string, bigint> }): bigint =>
    first === undefined ? 0n : (holder.requested.get(first) ?? 0n)
  return [...found.values()]
    .filter(({ requested }) => [...requested.values()].some(amount => amount !== 0n))
    .sort((a, b) => (size(a) === size(b) ? byText(a.owner, b.owner) : size(a) > size(b) ? -1 : 1))
    .map(({ requested, lowest, ...holder }) => ({
      ...holder,
      ...(lowest === holder.priority ? {} : { lowestPriority: lowest }),
      requested: Object.fromEntries(
        [...requested].map(([resource, amount]) => [resource, formatAmount(resource, amount)]),
      ),
    }))
}

/** What one pod holds of a resource; of `pods` its slot. */
export function amountHeld(snapshot: ClusterSnapshot, pod: PodIndex, resource: string): bigint {
  if (resource === 'pods') return 1n
  const { cpu, memory, ephemeral, scalars, wide } = snapshot.amountsOf(pod)
  const column = snapshot.resources.names.indexOf(resource)
  if (wide) return wide.values[column] ?? wide.scalars.find(scalar => scalar.column === column)?.amount ?? 0n
  if (column === CPU) return BigInt(cpu)
  if (column === MEMORY) return BigInt(memory)
  if (column === EPHEMERAL_STORAGE) return BigInt(ephemeral)
  return BigInt(scalars.find(scalar => scalar.column === column)?.amount ?? 0)
}

/** Victims for a reader, in the order in which they are deleted. */
export function podRefs(
  snapshot: ClusterSnapshot,
  owners: Owners,
  budgets: DisruptionBudgets,
  pods: readonly PodIndex[],
): readonly PodRef[] {
  const violating = budgets.empty ? undefined : budgets.violating(pods, snapshot)
  return pods.map(index => {
    const pod = snapshot.pod(index)
    const top = owners.topOf(pod)
    const { priorityClassName } = pod.spec
    return {
      namespace: pod.metadata.namespace ?? 'default',
      name: pod.metadata.name ?? '',
      owner: top.text,
      priority: podPriority(pod),
      ...(priorityClassName === undefined || priorityClassName === '' ? {} : { priorityClassName }),
      daemon: top.daemon,
      graceSeconds: graceOf(snapshot, index),
      pdbViolated: violating?.has(index) === true,
    }
  })
}

/** Seconds that a pod may take to go. */
export function graceOf(snapshot: ClusterSnapshot, pod: PodIndex): number {
  return snapshot.pod(pod).spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE
}

/** The order of names in every list of the coverage: by UTF-16 code units. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
