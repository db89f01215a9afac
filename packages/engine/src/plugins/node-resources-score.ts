import type { Pod } from '../api/core.ts'
import type { ScorePlugin } from '../framework/score-plugin.ts'
import { aggregateRequests } from '../pod-requests/aggregate.ts'
import type { Quantities } from '../pod-requests/quantities.ts'
import { milliQuantityOf, quantityMilliValue, quantityOf, quantityValue } from '../quantity.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { DEFAULT_MEMORY, DEFAULT_MILLI_CPU } from '../snapshot/pod-amounts.ts'
import { CPU, MEMORY } from '../snapshot/resource-columns.ts'
import { DIFFERENCES } from '../versions.ts'

type Pair = readonly [bigint, bigint]

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
  weight: 1n,
  prepare(pod, snapshot) {
    const { resources: _, ...spec } = pod.spec
    const asked = requestOf({ ...pod, spec }, snapshot, DEFAULTS)
    return {
      score: node => {
        const requested = snapshot.resources.nonZero(node)
        let sum = 0n
        let weights = 0n
        for (const [index, allocatable] of allocatableOf(snapshot, node).entries()) {
          if (allocatable === 0n) continue
          sum += leastRequested(int64(requested[index]! + asked[index]!), allocatable)
          weights += 1n
        }
        return weights === 0n ? 0n : int64(sum) / weights
      },
    }
  },
}

function leastRequested(requested: bigint, allocatable: bigint): bigint {
  return requested > allocatable ? 0n : int64(int64(allocatable - requested) * 100n) / allocatable
}

/** How evenly cpu and memory are used with the pod; since 1.36 against how evenly they are used without (plugins/noderesources/balanced_allocation.go, v1.36.2). */
export const balancedAllocation: ScorePlugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1n,
  prepare(pod, snapshot) {
    const asked = requestOf(pod, snapshot, NO_DEFAULTS)
    if (asked[0] === 0n && asked[1] === 0n) return undefined
    const compare = DIFFERENCES[snapshot.version].balancedWithAndWithout
    return {
      score: node => {
        const allocatable = allocatableOf(snapshot, node)
        const before = [CPU, MEMORY].map(column => snapshot.resources.amounts(node, column, 0n).requested)
        const withPod = balance(
          before.map((value, index) => int64(value + asked[index]!)),
          allocatable,
        )
        return compare ? 50n + (50n + withPod - balance(before, allocatable)) / 2n : withPod
      },
    }
  },
}

function balance(requested: readonly bigint[], allocatable: Pair): bigint {
  const fractions = allocatable.flatMap((capacity, index) =>
    capacity === 0n ? [] : [Math.min(1, Number(requested[index]) / Number(capacity))],
  )
  const [first, second] = fractions
  const deviation = first !== undefined && second !== undefined ? Math.abs((first - second) / 2) : 0
  return BigInt(Math.trunc((1 - deviation) * 100))
}

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
