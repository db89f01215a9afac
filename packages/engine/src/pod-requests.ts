import type { Pod } from './api/core.ts'
import { aggregateRequests, hasPodLevelRequests, type RequestOptions } from './pod-requests/aggregate.ts'
import { type PlainAmounts, plainAmounts } from './pod-requests/plain.ts'
import type { Quantities, QuantitySums } from './pod-requests/quantities.ts'
import { isScalarResourceName } from './pod-requests/resource-names.ts'
import { milliQuantityOf, quantityOf } from './quantity/arithmetic.ts'
import type { Quantity } from './quantity/types.ts'
import { quantityMilliValue, quantityValue } from './quantity/value.ts'
import { DEFAULT_VERSION, type KubernetesVersion } from './versions.ts'

export type { Quantities } from './pod-requests/quantities.ts'
export { isExtendedResourceName, isPodLevelResourceName, isScalarResourceName } from './pod-requests/resource-names.ts'

/** Amounts as kube-scheduler holds them (`framework.Resource`, kubernetes `pkg/scheduler/framework/types.go`, v1.36.2): int64, cpu in thousandths, all else in units. */
export interface SchedulerAmounts {
  readonly milliCPU: bigint
  readonly memory: bigint
  readonly ephemeralStorage: bigint
  /** Hugepages, extended resources and other names that the scheduler counts; zero where zero is asked for. */
  readonly scalar: ReadonlyMap<string, bigint>
  /** For scoring: with 100m cpu and 200Mi memory for each container that names none. */
  readonly nonZeroMilliCPU: bigint
  readonly nonZeroMemory: bigint
}

const NONE: Quantities = new Map()
const NO_SCALARS: ReadonlyMap<string, bigint> = new Map()
const DEFAULT_CPU = milliQuantityOf(100n, 'DecimalSI')
const DEFAULT_MEMORY = quantityOf(200n * 1024n * 1024n, 'DecimalSI')

/**
 * What a pod asks for, exactly, by resource: the spec alone (`PodRequests`, component-helpers `resource/helpers.go`, v0.36.2).
 * A text that is no quantity counts as if it were absent.
 */
export function podRequests(pod: Pod): Quantities {
  return aggregateRequests(pod, { useStatus: false, missing: NONE, version: DEFAULT_VERSION })
}

/** What NodeResourcesFit asks for a pod that is not bound; an amount below zero counts as zero (`SetMaxResource`, kubernetes `pkg/scheduler/framework/types.go`, v1.36.2). */
export function incomingRequest(pod: Pod, version: KubernetesVersion = DEFAULT_VERSION): SchedulerAmounts {
  const plain = plainAmounts(pod, false, version)
  if (plain) return { ...wide(plain), ...nonZeroRequest(pod, version) }
  const amounts = schedulerAmounts(podRequests(pod), value => (value < 0n ? 0n : value))
  return { ...amounts, ...nonZeroRequest(pod, version) }
}

/** What a bound pod asks for, exactly, by resource: what its statuses report of a resize counts (`PodRequests` with `UseStatusResources`, component-helpers `resource/helpers.go`, v0.36.2). */
export function boundRequests(pod: Pod, version: KubernetesVersion = DEFAULT_VERSION): Quantities {
  return aggregateRequests(pod, { useStatus: true, missing: NONE, version })
}

/**
 * What a bound pod takes from its node. What statuses report of a resize counts; how differs since 1.37
 * (`CalculateResource`, kubernetes `pkg/scheduler/framework/types.go`, v1.36.2).
 */
export function boundUsage(pod: Pod, version: KubernetesVersion = DEFAULT_VERSION): SchedulerAmounts {
  const plain = plainAmounts(pod, true, version)
  if (plain) return wide(plain)
  const requests = aggregateRequests(pod, { useStatus: true, missing: NONE, version })
  return { ...schedulerAmounts(requests, value => value), ...nonZeroOf(pod, requests, version) }
}

/** The two amounts that scoring takes for a pod, with defaults for what its containers leave out (`getNonMissingContainerRequests`, as above). */
export function nonZeroRequest(
  pod: Pod,
  version: KubernetesVersion = DEFAULT_VERSION,
): Pick<SchedulerAmounts, 'nonZeroMilliCPU' | 'nonZeroMemory'> {
  const plain = plainAmounts(pod, true, version)
  if (plain) return { nonZeroMilliCPU: BigInt(plain.nonZeroCpu), nonZeroMemory: BigInt(plain.nonZeroMemory) }
  return nonZeroOf(pod, aggregateRequests(pod, { useStatus: true, missing: NONE, version }), version)
}

function nonZeroOf(
  pod: Pod,
  requests: Quantities,
  version: KubernetesVersion,
): Pick<SchedulerAmounts, 'nonZeroMilliCPU' | 'nonZeroMemory'> {
  const podLevel = hasPodLevelRequests(pod)
  const missing: QuantitySums = new Map()
  if (!podLevel || !requests.has('cpu')) missing.set('cpu', DEFAULT_CPU)
  if (!podLevel || !requests.has('memory')) missing.set('memory', DEFAULT_MEMORY)
  const options: RequestOptions = { useStatus: true, missing, version }
  const filled = missing.size === 0 ? requests : aggregateRequests(pod, options)
  return { nonZeroMilliCPU: milli(filled.get('cpu')), nonZeroMemory: units(filled.get('memory')) }
}

function schedulerAmounts(
  requests: Quantities,
  taken: (value: bigint) => bigint,
): Pick<SchedulerAmounts, 'milliCPU' | 'memory' | 'ephemeralStorage' | 'scalar'> {
  const scalar = new Map<string, bigint>()
  for (const [name, quantity] of requests) {
    if (isScalarResourceName(name)) scalar.set(name, taken(quantityValue(quantity)))
  }
  return {
    milliCPU: taken(milli(requests.get('cpu'))),
    memory: taken(units(requests.get('memory'))),
    ephemeralStorage: taken(units(requests.get('ephemeral-storage'))),
    scalar,
  }
}

function wide(plain: PlainAmounts): SchedulerAmounts {
  return {
    milliCPU: BigInt(plain.cpu),
    memory: BigInt(plain.memory),
    ephemeralStorage: BigInt(plain.ephemeral),
    scalar: NO_SCALARS,
    nonZeroMilliCPU: BigInt(plain.nonZeroCpu),
    nonZeroMemory: BigInt(plain.nonZeroMemory),
  }
}

function milli(quantity: Quantity | undefined): bigint {
  return quantity === undefined ? 0n : quantityMilliValue(quantity)
}

function units(quantity: Quantity | undefined): bigint {
  return quantity === undefined ? 0n : quantityValue(quantity)
}
