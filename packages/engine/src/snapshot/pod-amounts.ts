import type { Container, Pod } from '../api/core.ts'
import type { ResourceList } from '../api/meta.ts'
import { boundUsage, incomingRequest, type SchedulerAmounts } from '../pod-requests.ts'
import type { KubernetesVersion } from '../versions.ts'
import type { Amounts, ResourceColumns, ScalarAmount } from './resource-columns.ts'

/** Requests that kube-scheduler assumes for scoring where a container names none (pkg/scheduler/util/pod_resources.go, v1.36.2). */
export const DEFAULT_MILLI_CPU = 100
export const DEFAULT_MEMORY = 200 * 1024 * 1024

const SHORT = /^(\d{1,12})(m|Ki|Mi|Gi|k|M|G)?$/
const FACTORS: Readonly<Record<string, number>> = { Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, k: 1e3, M: 1e6, G: 1e9 }
const NO_SCALARS: readonly ScalarAmount[] = []

/**
 * The amounts of pods in the columns of one snapshot. A pod of plain containers with short numbers (nearly all pods) is summed in
 * doubles, exactly; everything else goes through the exact arithmetic of `pod-requests.ts`.
 */
export class PodAmounts {
  private readonly units = new Map<string, number>()
  private readonly millis = new Map<string, number>()

  private readonly resources: ResourceColumns
  private readonly version: KubernetesVersion

  constructor(resources: ResourceColumns, version: KubernetesVersion) {
    this.resources = resources
    this.version = version
  }

  /** What a bound pod takes from its node. */
  bound(pod: Pod): Amounts {
    return this.plain(pod) ?? this.exact(boundUsage(pod, this.version))
  }

  /** What the scheduler asks for a pod that is not bound. */
  incoming(pod: Pod): Amounts {
    return this.plain(pod) ?? this.exact(incomingRequest(pod))
  }

  private plain({ spec, status }: Pod): Amounts | undefined {
    if (spec.initContainers?.length || spec.overhead || spec.resources || status?.resources) return undefined
    if (status?.containerStatuses?.some(container => container.resources ?? container.allocatedResources))
      return undefined
    let cpu = 0
    let memory = 0
    let ephemeral = 0
    let nonZeroCpu = 0
    let nonZeroMemory = 0
    for (const container of spec.containers ?? []) {
      const sums = this.container(container)
      if (!sums) return undefined
      cpu += sums.cpu
      memory += sums.memory
      ephemeral += sums.ephemeral
      nonZeroCpu += sums.nonZeroCpu
      nonZeroMemory += sums.nonZeroMemory
    }
    return { cpu, memory, ephemeral, nonZeroCpu, nonZeroMemory, scalars: NO_SCALARS }
  }

  private container(container: Container): Amounts | undefined {
    const requests: ResourceList = container.resources?.requests ?? {}
    let cpu = 0
    let memory = 0
    let ephemeral = 0
    let nonZeroCpu = DEFAULT_MILLI_CPU
    let nonZeroMemory = DEFAULT_MEMORY
    for (const name in requests) {
      const text = requests[name]
      if (name === 'cpu') {
        cpu = this.short(String(text), this.millis, 1000)
        if (cpu < 0) return undefined
        nonZeroCpu = cpu
      } else if (name === 'memory') {
        memory = this.short(String(text), this.units, 1)
        if (memory < 0) return undefined
        nonZeroMemory = memory
      } else if (name === 'ephemeral-storage') {
        ephemeral = this.short(String(text), this.units, 1)
        if (ephemeral < 0) return undefined
      } else return undefined
    }
    return { cpu, memory, ephemeral, nonZeroCpu, nonZeroMemory, scalars: NO_SCALARS }
  }

  /** A short text in thousandths (`per` 1000) or units, exactly; −1 where it takes the exact arithmetic. */
  private short(text: string, memo: Map<string, number>, per: 1 | 1000): number {
    const known = memo.get(text)
    if (known !== undefined) return known
    const value = readShort(text, per)
    if (memo.size < 100_000) memo.set(text, value)
    return value
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

function readShort(text: string, per: 1 | 1000): number {
  const match = SHORT.exec(text)
  if (!match) return -1
  const number = Number(match[1])
  if (match[2] === 'm') return per === 1000 ? number : -1
  const value = number * (match[2] === undefined ? 1 : (FACTORS[match[2]] ?? Number.NaN)) * per
  return value <= 2 ** 50 ? value : -1
}
