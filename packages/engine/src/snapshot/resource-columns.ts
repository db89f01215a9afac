import type { ReasonAmounts } from '../framework/status.ts'

/** Positions of the resources that every node has; extended and huge-page resources follow them. */
export const CPU = 0
export const MEMORY = 1
export const EPHEMERAL_STORAGE = 2

/** An amount of an extended, huge-page or attachable-volume resource, by its column. */
export interface ScalarAmount {
  readonly column: number
  readonly amount: number
}

/** The same amounts as int64, for a pod whose numbers leave the exact range of a double. */
export interface WideAmounts {
  readonly values: readonly [bigint, bigint, bigint]
  readonly nonZero: readonly [bigint, bigint]
  readonly scalars: readonly { readonly column: number; readonly amount: bigint }[]
}

/** What a pod adds to its node: milli-cpu, bytes, units; `nonZero…` with the scheduler's defaults for scoring. */
export interface Amounts {
  readonly cpu: number
  readonly memory: number
  readonly ephemeral: number
  readonly nonZeroCpu: number
  readonly nonZeroMemory: number
  readonly scalars: readonly ScalarAmount[]
  /** Set if a number above is not exact; then only these count. */
  readonly wide?: WideAmounts
}

interface WideRow {
  readonly allocatable: bigint[]
  readonly requested: bigint[]
  readonly nonZero: [bigint, bigint]
}

/** One node's cells as they were, for `restore`. */
export interface ResourceRow {
  readonly requested: readonly number[]
  readonly nonZero: readonly [number, number]
  readonly wide: { readonly requested: readonly bigint[]; readonly nonZero: readonly [bigint, bigint] } | undefined
}

const int64 = (value: bigint): bigint => BigInt.asIntN(64, value)

/**
 * Allocatable and requested resources of all nodes. A cell is upstream's int64 (milli-cpu, bytes, units) held exactly in a double;
 * a node with any number beyond 2^53 is flagged `wide`, its numbers stand in a row of bigints that wraps as int64 does
 * (kubernetes pkg/scheduler/framework/types.go, v1.36.2).
 */
export class ResourceColumns {
  readonly names: string[] = ['cpu', 'memory', 'ephemeral-storage']
  readonly allocatable: Float64Array[]
  readonly requested: Float64Array[]
  readonly nonZeroCpu: Float64Array
  readonly nonZeroMemory: Float64Array
  /** 1 where the row of bigints counts instead of the columns. */
  readonly wide: Uint8Array
  private readonly wideRows = new Map<number, WideRow>()
  private readonly columns = new Map<string, number>()

  readonly nodeCount: number

  constructor(nodeCount: number) {
    this.nodeCount = nodeCount
    const column = () => new Float64Array(nodeCount)
    this.allocatable = [column(), column(), column()]
    this.requested = [column(), column(), column()]
    this.nonZeroCpu = column()
    this.nonZeroMemory = column()
    this.wide = new Uint8Array(nodeCount)
    this.names.forEach((name, index) => {
      this.columns.set(name, index)
    })
  }

  /** The column of a resource; a new one, 0 everywhere, if no node and no pod has named it yet. */
  column(name: string): number {
    const known = this.columns.get(name)
    if (known !== undefined) return known
    const index = this.names.length
    this.names.push(name)
    this.allocatable.push(new Float64Array(this.nodeCount))
    this.requested.push(new Float64Array(this.nodeCount))
    for (const row of this.wideRows.values()) {
      row.allocatable.push(0n)
      row.requested.push(0n)
    }
    this.columns.set(name, index)
    return index
  }

  /** Sets what a node offers; called once for each resource before any pod is added. */
  offer(node: number, column: number, amount: bigint): void {
    if (!isExact(amount)) this.widen(node)
    const row = this.wideRows.get(node)
    if (row) row.allocatable[column] = amount
    else this.allocatable[column]![node] = Number(amount)
  }

  add(node: number, amounts: Amounts): void {
    this.apply(node, amounts, 1)
  }

  subtract(node: number, amounts: Amounts): void {
    this.apply(node, amounts, -1)
  }

  /** Cells of a node, to be put back by `restore`. */
  save(node: number): ResourceRow {
    const row = this.wideRows.get(node)
    return {
      requested: this.requested.map(column => column[node]!),
      nonZero: [this.nonZeroCpu[node]!, this.nonZeroMemory[node]!],
      wide: row && { requested: [...row.requested], nonZero: [...row.nonZero] },
    }
  }

  restore(node: number, saved: ResourceRow): void {
    this.requested.forEach((column, index) => {
      column[node] = saved.requested[index] ?? 0
    })
    this.nonZeroCpu[node] = saved.nonZero[0]
    this.nonZeroMemory[node] = saved.nonZero[1]
    const row = this.wideRows.get(node)
    if (!row) return
    if (!saved.wide) {
      this.wideRows.delete(node)
      this.wide[node] = 0
      return
    }
    row.requested.forEach((_, index) => {
      row.requested[index] = saved.wide?.requested[index] ?? 0n
    })
    row.nonZero[0] = saved.wide.nonZero[0]
    row.nonZero[1] = saved.wide.nonZero[1]
  }

  /** What a request of `asked` meets on a node; free wraps as int64 does. */
  amounts(node: number, column: number, asked: bigint): ReasonAmounts {
    const row = this.wideRows.get(node)
    const allocatable = row ? row.allocatable[column]! : BigInt(this.allocatable[column]![node]!)
    const requested = row ? row.requested[column]! : BigInt(this.requested[column]![node]!)
    const free = int64(allocatable - requested)
    return { resource: this.names[column]!, asked, requested, allocatable, free, missing: asked - free }
  }

  /** Requested amounts with the defaults for scoring, milli-cpu and bytes. */
  nonZero(node: number): readonly [bigint, bigint] {
    return this.wideRows.get(node)?.nonZero ?? [BigInt(this.nonZeroCpu[node]!), BigInt(this.nonZeroMemory[node]!)]
  }

  private apply(node: number, amounts: Amounts, sign: 1 | -1): void {
    if (this.wide[node] === 1 || amounts.wide !== undefined) {
      this.applyWide(node, amounts, sign)
      return
    }
    const cpu = this.requested[CPU]!
    const memory = this.requested[MEMORY]!
    const ephemeral = this.requested[EPHEMERAL_STORAGE]!
    cpu[node]! += sign * amounts.cpu
    memory[node]! += sign * amounts.memory
    ephemeral[node]! += sign * amounts.ephemeral
    this.nonZeroCpu[node]! += sign * amounts.nonZeroCpu
    this.nonZeroMemory[node]! += sign * amounts.nonZeroMemory
    let largest = Math.max(
      cpu[node]!,
      memory[node]!,
      ephemeral[node]!,
      this.nonZeroCpu[node]!,
      this.nonZeroMemory[node]!,
    )
    for (const scalar of amounts.scalars) {
      const column = this.requested[scalar.column]!
      column[node]! += sign * scalar.amount
      largest = Math.max(largest, column[node]!)
    }
    if (largest <= Number.MAX_SAFE_INTEGER) return
    cpu[node]! -= sign * amounts.cpu
    memory[node]! -= sign * amounts.memory
    ephemeral[node]! -= sign * amounts.ephemeral
    this.nonZeroCpu[node]! -= sign * amounts.nonZeroCpu
    this.nonZeroMemory[node]! -= sign * amounts.nonZeroMemory
    for (const scalar of amounts.scalars) this.requested[scalar.column]![node]! -= sign * scalar.amount
    this.applyWide(node, amounts, sign)
  }

  private applyWide(node: number, amounts: Amounts, sign: 1 | -1): void {
    const row = this.widen(node)
    const wide = amounts.wide ?? widened(amounts)
    const by = BigInt(sign)
    wide.values.forEach((value, column) => {
      row.requested[column] = int64(row.requested[column]! + by * value)
    })
    for (const { column, amount } of wide.scalars) row.requested[column] = int64(row.requested[column]! + by * amount)
    row.nonZero[0] = int64(row.nonZero[0] + by * wide.nonZero[0])
    row.nonZero[1] = int64(row.nonZero[1] + by * wide.nonZero[1])
  }

  private widen(node: number): WideRow {
    const known = this.wideRows.get(node)
    if (known) return known
    const row: WideRow = {
      allocatable: this.allocatable.map(column => BigInt(column[node]!)),
      requested: this.requested.map(column => BigInt(column[node]!)),
      nonZero: [BigInt(this.nonZeroCpu[node]!), BigInt(this.nonZeroMemory[node]!)],
    }
    this.wideRows.set(node, row)
    this.wide[node] = 1
    return row
  }
}

const isExact = (value: bigint): boolean => value <= 9007199254740991n && value >= -9007199254740991n

function widened(amounts: Amounts): WideAmounts {
  return {
    values: [BigInt(amounts.cpu), BigInt(amounts.memory), BigInt(amounts.ephemeral)],
    nonZero: [BigInt(amounts.nonZeroCpu), BigInt(amounts.nonZeroMemory)],
    scalars: amounts.scalars.map(({ column, amount }) => ({ column, amount: BigInt(amount) })),
  }
}
