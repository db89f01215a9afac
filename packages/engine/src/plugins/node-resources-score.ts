import type { Pod } from '../api/core.ts'
import type { PreparedScore, ScorePlugin } from '../framework/score-plugin.ts'
import { aggregateRequests } from '../pod-requests/aggregate.ts'
import { plainAmounts } from '../pod-requests/plain.ts'
import type { Quantities } from '../pod-requests/quantities.ts'
import { milliQuantityOf, quantityMilliValue, quantityOf, quantityValue } from '../quantity.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { DEFAULT_MEMORY, DEFAULT_MILLI_CPU } from '../snapshot/pod-amounts.ts'
import { CPU, MEMORY } from '../snapshot/resource-columns.ts'
import { DIFFERENCES } from '../versions.ts'

/** Cpu and memory: milli-cpu, bytes. */
type Pair = readonly [bigint, bigint]

/** Up to here a hundred times a number is exact in a double. */
const EXACT_HUNDREDFOLD = 2 ** 46
const isSmall = (amount: number): boolean => Math.abs(amount) < EXACT_HUNDREDFOLD
const int64 = (value: bigint): bigint => BigInt.asIntN(64, value)
const NO_DEFAULTS: Quantities = new Map()
const DEFAULTS: Quantities = new Map([
  ['cpu', milliQuantityOf(BigInt(DEFAULT_MILLI_CPU), 'DecimalSI')],
  ['memory', quantityOf(BigInt(DEFAULT_MEMORY), 'DecimalSI')],
])

/**
 * Room left for cpu and memory, defaults of containers without requests included. It leaves pod-level requests of the incoming
 * pod out, as upstream builds this scorer without its feature flags (`NewFit`, kubernetes plugins/noderesources/fit.go, v1.36.2).
 */
export const leastAllocated: ScorePlugin = {
  name: 'NodeResourcesFit',
  weight: 1,
  prepare(pod, snapshot) {
    const plain = plainAmounts(withoutPodLevel(pod), true, snapshot.version)
    return new LeastAllocated(
      snapshot,
      plain
        ? [BigInt(plain.nonZeroCpu), BigInt(plain.nonZeroMemory)]
        : requestOf(withoutPodLevel(pod), snapshot, DEFAULTS),
    )
  },
}

function withoutPodLevel(pod: Pod): Pod {
  if (!pod.spec.resources) return pod
  const { resources: _, ...spec } = pod.spec
  return { ...pod, spec }
}

class LeastAllocated implements PreparedScore {
  private readonly snapshot: ClusterSnapshot
  private readonly asked: Pair

  constructor(snapshot: ClusterSnapshot, asked: Pair) {
    this.snapshot = snapshot
    this.asked = asked
  }

  score(nodes: readonly number[], scores: Float64Array): void {
    const { allocatable, nonZeroCpu, nonZeroMemory, wide } = this.snapshot.resources
    const cpu = Number(this.asked[0])
    const memory = Number(this.asked[1])
    const cpuOffered = allocatable[CPU]!
    const memoryOffered = allocatable[MEMORY]!
    const small = isSmall(cpu) && isSmall(memory)
    for (let index = 0; index < nodes.length; index++) {
      const node = nodes[index]!
      const cpuThere = cpuOffered[node]!
      const memoryThere = memoryOffered[node]!
      if (wide[node] === 1 || !small || !isSmall(cpuThere) || !isSmall(memoryThere)) {
        scores[index] = Number(this.exact(node))
        continue
      }
      let sum = 0
      let weights = 0
      if (cpuThere !== 0) {
        sum += share(nonZeroCpu[node]! + cpu, cpuThere)
        weights++
      }
      if (memoryThere !== 0) {
        sum += share(nonZeroMemory[node]! + memory, memoryThere)
        weights++
      }
      scores[index] = weights === 0 ? 0 : Math.trunc(sum / weights)
    }
  }

  exact(node: number): bigint {
    const requested = this.snapshot.resources.nonZero(node)
    let sum = 0n
    let weights = 0n
    for (const [index, allocatable] of allocatableOf(this.snapshot, node).entries()) {
      if (allocatable === 0n) continue
      sum += wideShare(int64(requested[index]! + this.asked[index]!), allocatable)
      weights += 1n
    }
    return weights === 0n ? 0n : int64(sum) / weights
  }
}

/** Percent of the allocatable amount that is left. */
function share(requested: number, allocatable: number): number {
  return requested > allocatable ? 0 : Math.trunc(((allocatable - requested) * 100) / allocatable)
}

function wideShare(requested: bigint, allocatable: bigint): bigint {
  return requested > allocatable ? 0n : int64(int64(allocatable - requested) * 100n) / allocatable
}

/** How evenly cpu and memory are used with the pod; since 1.36 against how evenly they are used without (plugins/noderesources/balanced_allocation.go, v1.36.2). */
export const balancedAllocation: ScorePlugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  prepare(pod, snapshot) {
    const plain = plainAmounts(pod, true, snapshot.version)
    const asked: Pair = plain ? [BigInt(plain.cpu), BigInt(plain.memory)] : requestOf(pod, snapshot, NO_DEFAULTS)
    if (asked[0] === 0n && asked[1] === 0n) return undefined
    return new BalancedAllocation(snapshot, asked)
  },
}

class BalancedAllocation implements PreparedScore {
  private readonly snapshot: ClusterSnapshot
  private readonly asked: Pair

  constructor(snapshot: ClusterSnapshot, asked: Pair) {
    this.snapshot = snapshot
    this.asked = asked
  }

  score(nodes: readonly number[], scores: Float64Array): void {
    const { allocatable, requested, wide } = this.snapshot.resources
    const compare = DIFFERENCES[this.snapshot.version].balancedWithAndWithout
    const cpu = Number(this.asked[0])
    const memory = Number(this.asked[1])
    const small = isSmall(cpu) && isSmall(memory)
    for (let index = 0; index < nodes.length; index++) {
      const node = nodes[index]!
      if (wide[node] === 1 || !small) {
        scores[index] = Number(this.exact(node))
        continue
      }
      const cpuThere = allocatable[CPU]![node]!
      const memoryThere = allocatable[MEMORY]![node]!
      const cpuUsed = requested[CPU]![node]!
      const memoryUsed = requested[MEMORY]![node]!
      const withPod = balance(cpuUsed + cpu, memoryUsed + memory, cpuThere, memoryThere)
      scores[index] = compare ? gain(withPod, balance(cpuUsed, memoryUsed, cpuThere, memoryThere)) : withPod
    }
  }

  exact(node: number): bigint {
    const [cpuThere, memoryThere] = allocatableOf(this.snapshot, node)
    const used = [CPU, MEMORY].map(column => this.snapshot.resources.amounts(node, column, 0n).requested)
    const after = used.map((value, index) => int64(value + this.asked[index]!))
    const balanceOf = ([cpu, memory]: readonly bigint[]): bigint =>
      BigInt(balance(Number(cpu), Number(memory), Number(cpuThere), Number(memoryThere)))
    const withPod = balanceOf(after)
    if (!DIFFERENCES[this.snapshot.version].balancedWithAndWithout) return withPod
    return 50n + (50n + withPod - balanceOf(used)) / 2n
  }
}

const gain = (withPod: number, without: number): number => 50 + Math.trunc((50 + withPod - without) / 2)

function balance(cpu: number, memory: number, cpuThere: number, memoryThere: number): number {
  if (cpuThere === 0 || memoryThere === 0) return MAX
  const deviation = Math.abs((Math.min(1, cpu / cpuThere) - Math.min(1, memory / memoryThere)) / 2)
  return Math.trunc((1 - deviation) * MAX)
}

const MAX = 100

function allocatableOf(snapshot: ClusterSnapshot, node: number): Pair {
  return [
    snapshot.resources.amounts(node, CPU, 0n).allocatable,
    snapshot.resources.amounts(node, MEMORY, 0n).allocatable,
  ]
}

function requestOf(pod: Pod, snapshot: ClusterSnapshot, missing: Quantities): Pair {
  const requests = aggregateRequests(pod, { useStatus: true, missing, version: snapshot.version })
  const cpu = requests.get('cpu')
  const memory = requests.get('memory')
  return [cpu ? quantityMilliValue(cpu) : 0n, memory ? quantityValue(memory) : 0n]
}
