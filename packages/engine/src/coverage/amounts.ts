import type { Reason } from '../framework/status.ts'
import { milliQuantityOf, quantityOf } from '../quantity/arithmetic.ts'
import { formatQuantity } from '../quantity/format.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { type Amounts, CPU, EPHEMERAL_STORAGE, MEMORY } from '../snapshot/resource-columns.ts'
import type { ResourceAmount } from './types.ts'

/** An amount as the API spells it: milli-cpu as `200m`, bytes as `256Mi`, all else in units. */
export function formatAmount(resource: string, amount: bigint): string {
  if (resource === 'cpu') return formatQuantity(milliQuantityOf(amount, 'DecimalSI'))
  const binary = resource === 'memory' || resource === 'ephemeral-storage' || resource.startsWith('hugepages-')
  return formatQuantity(quantityOf(amount, binary ? 'BinarySI' : 'DecimalSI'))
}

/** What a pod asks by resource, zero amounts left out. */
export function formatAsked(snapshot: ClusterSnapshot, asked: Amounts): Readonly<Record<string, string>> {
  const formatted: Record<string, string> = {}
  for (const [column, amount] of askedByColumn(asked)) {
    const resource = snapshot.resources.names[column]!
    if (amount !== 0n) formatted[resource] = formatAmount(resource, amount)
  }
  return formatted
}

/** Every resource that the pod asks for, held against a node; pod slots only where they are what is missing. */
export function resourceAmounts(
  snapshot: ClusterSnapshot,
  node: number,
  asked: Amounts,
  reasons: readonly Reason[],
): readonly ResourceAmount[] {
  const rows: ResourceAmount[] = []
  for (const [column, amount] of askedByColumn(asked)) {
    if (amount === 0n) continue
    const { resource, free, allocatable, missing } = snapshot.resources.amounts(node, column, amount)
    rows.push(row(resource, amount, free, allocatable, missing))
  }
  const slots = reasons.find(reason => reason.amounts?.resource === 'pods')?.amounts
  if (slots) rows.push(row('pods', slots.asked, slots.free, slots.allocatable, slots.missing))
  return rows.sort((a, b) => Number(a.missing === '0') - Number(b.missing === '0'))
}

function row(resource: string, asked: bigint, free: bigint, allocatable: bigint, missing: bigint): ResourceAmount {
  return {
    resource,
    asked: formatAmount(resource, asked),
    free: formatAmount(resource, free),
    allocatable: formatAmount(resource, allocatable),
    missing: missing > 0n ? formatAmount(resource, missing) : '0',
  }
}

function askedByColumn(asked: Amounts): readonly (readonly [column: number, amount: bigint])[] {
  const [cpu, memory, ephemeral] = asked.wide?.values ?? [
    BigInt(asked.cpu),
    BigInt(asked.memory),
    BigInt(asked.ephemeral),
  ]
  const scalars = asked.wide?.scalars ?? asked.scalars
  return [
    [CPU, cpu],
    [MEMORY, memory],
    [EPHEMERAL_STORAGE, ephemeral],
    ...scalars.map(({ column, amount }): readonly [number, bigint] => [column, BigInt(amount)]),
  ]
}
