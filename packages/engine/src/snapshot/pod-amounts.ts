import type { Pod } from '../api/core.ts'
import { type PlainAmounts, plainAmounts } from '../pod-requests/plain.ts'
import { boundUsage, incomingRequest, type SchedulerAmounts } from '../pod-requests.ts'
import type { KubernetesVersion } from '../versions.ts'
import type { Amounts, ResourceColumns, ScalarAmount } from './resource-columns.ts'

/** Requests that kube-scheduler assumes for scoring where a container names none (pkg/scheduler/util/pod_resources.go, v1.36.2). */
export const DEFAULT_MILLI_CPU = 100
export const DEFAULT_MEMORY = 200 * 1024 * 1024

const NO_SCALARS: readonly ScalarAmount[] = []

/**
 * The amounts of pods in the columns of one snapshot. Nearly all pods are summed in doubles, exactly; a pod with scalars, pod-level
 * requests or long numbers goes through the exact arithmetic of `pod-requests.ts`.
 */
export class PodAmounts {
  private readonly resources: ResourceColumns
  private readonly version: KubernetesVersion

  constructor(resources: ResourceColumns, version: KubernetesVersion) {
    this.resources = resources
    this.version = version
  }

  /** What a bound pod takes from its node. */
  bound(pod: Pod): Amounts {
    const plain = plainAmounts(pod, true, this.version)
    return plain ? inColumns(plain) : this.exact(boundUsage(pod, this.version))
  }

  /** What the scheduler asks for a pod that is not bound. */
  incoming(pod: Pod): Amounts {
    const plain = plainAmounts(pod, false, this.version)
    return plain ? inColumns(plain) : this.exact(incomingRequest(pod, this.version))
  }

  private exact(amounts: SchedulerAmounts): Amounts {
    const scalars = [...amounts.scalar].map(([name, amount]) => ({ column: this.resources.column(name), amount }))
    const all = [
      amounts.milliCPU,
      amounts.memory,
      amounts.ephemeralStorage,
      amounts.nonZeroMilliCPU,
      amounts.nonZeroMemory,
      ...scalars.map(({ amount }) => amount),
    ]
    const narrow: Amounts = {
      cpu: Number(amounts.milliCPU),
      memory: Number(amounts.memory),
      ephemeral: Number(amounts.ephemeralStorage),
      nonZeroCpu: Number(amounts.nonZeroMilliCPU),
      nonZeroMemory: Number(amounts.nonZeroMemory),
      scalars: scalars.map(({ column, amount }) => ({ column, amount: Number(amount) })),
    }
    const exact = all.every(value => value >= 0n && value <= 9007199254740991n)
    if (exact) return narrow
    return {
      ...narrow,
      wide: {
        values: [amounts.milliCPU, amounts.memory, amounts.ephemeralStorage],
        nonZero: [amounts.nonZeroMilliCPU, amounts.nonZeroMemory],
        scalars,
      },
    }
  }
}

function inColumns({ cpu, memory, ephemeral, nonZeroCpu, nonZeroMemory }: PlainAmounts): Amounts {
  return { cpu, memory, ephemeral, nonZeroCpu, nonZeroMemory, scalars: NO_SCALARS }
}
