import {
  FITS,
  type FilterCode,
  type FilterPlugin,
  type PreparedFilter,
  UNRESOLVABLE,
  UNSCHEDULABLE,
} from '../framework/filter-plugin.ts'
import type { Reason, ReasonAmounts } from '../framework/status.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import { type Amounts, CPU, EPHEMERAL_STORAGE, MEMORY } from '../snapshot/resource-columns.ts'

const NAME = 'NodeResourcesFit'
/** Reasons without amounts: full in bit 0, too little cpu in bit 1, too little memory in bit 2. */
const TEXTS: readonly (readonly string[])[] = Array.from({ length: 8 }, (_, bits) =>
  ['Too many pods', 'Insufficient cpu', 'Insufficient memory'].filter((_text, bit) => (bits >> bit) & 1),
)

/** Pod slots, cpu, memory, ephemeral storage and scalar resources (`fitsRequest`, kubernetes plugins/noderesources/fit.go, v1.36.2). */
export const nodeResourcesFit: FilterPlugin = {
  name: NAME,
  prepare(pod, snapshot) {
    return { kind: 'filter', filter: new PreparedFit(snapshot, snapshot.incoming(pod)) }
  },
}

/** The request of one pod; `asked` is public so that preemption can count without asking for a verdict. */
export class PreparedFit implements PreparedFilter {
  readonly plugin = NAME
  readonly simple: boolean
  private readonly allocatableCpu: Float64Array
  private readonly allocatableMemory: Float64Array
  private readonly requestedCpu: Float64Array
  private readonly requestedMemory: Float64Array
  private readonly podCount: Int32Array
  private readonly allowedPods: Float64Array
  private readonly wide: Uint8Array

  private readonly snapshot: ClusterSnapshot
  readonly asked: Amounts

  constructor(snapshot: ClusterSnapshot, asked: Amounts) {
    this.snapshot = snapshot
    this.asked = asked
    const { ephemeral, scalars, wide } = asked
    this.simple = !wide && ephemeral === 0 && scalars.length === 0
    const { allocatable, requested } = snapshot.resources
    this.allocatableCpu = allocatable[CPU]!
    this.allocatableMemory = allocatable[MEMORY]!
    this.requestedCpu = requested[CPU]!
    this.requestedMemory = requested[MEMORY]!
    this.podCount = snapshot.podCount
    this.allowedPods = snapshot.allowedPods
    this.wide = snapshot.resources.wide
  }

  filter(node: number): FilterCode {
    if (!this.simple || this.wide[node] === 1) return this.filterAny(node)
    let code: FilterCode = this.podCount[node]! + 1 > this.allowedPods[node]! ? UNSCHEDULABLE : FITS
    const { cpu, memory } = this.asked
    if (cpu > 0) {
      const allocatable = this.allocatableCpu[node]!
      if (cpu > allocatable - this.requestedCpu[node]!) code = cpu > allocatable ? UNRESOLVABLE : UNSCHEDULABLE
    }
    if (memory > 0 && code !== UNRESOLVABLE) {
      const allocatable = this.allocatableMemory[node]!
      if (memory > allocatable - this.requestedMemory[node]!) code = memory > allocatable ? UNRESOLVABLE : UNSCHEDULABLE
    }
    return code
  }

  texts(node: number): readonly string[] {
    if (this.wide[node] === 1 || this.asked.wide) return this.explain(node).map(({ text }) => text)
    const full = this.podCount[node]! + 1 > this.allowedPods[node]!
    const { cpu, memory, ephemeral, scalars } = this.asked
    const lacksCpu = cpu > 0 && cpu > this.allocatableCpu[node]! - this.requestedCpu[node]!
    const lacksMemory = memory > 0 && memory > this.allocatableMemory[node]! - this.requestedMemory[node]!
    const texts = TEXTS[(full ? 1 : 0) + (lacksCpu ? 2 : 0) + (lacksMemory ? 4 : 0)]!
    if (this.simple) return texts
    const { allocatable, requested, names } = this.snapshot.resources
    const more = [...texts]
    const check = (column: number, asked: number): void => {
      if (asked > 0 && asked > allocatable[column]![node]! - requested[column]![node]!)
        more.push(`Insufficient ${names[column]}`)
    }
    check(EPHEMERAL_STORAGE, ephemeral)
    for (const { column, amount } of scalars) check(column, amount)
    return more
  }

  sweep(codes: Uint8Array): void {
    const { cpu, memory } = this.asked
    const { allocatableCpu, allocatableMemory, requestedCpu, requestedMemory, podCount, allowedPods, wide, simple } =
      this
    for (let node = 0; node < codes.length; node++) {
      if (codes[node] !== FITS) continue
      if (!simple || wide[node] === 1) {
        codes[node] = this.filterAny(node)
        continue
      }
      const freeCpu = allocatableCpu[node]! - requestedCpu[node]!
      const freeMemory = allocatableMemory[node]! - requestedMemory[node]!
      const slots = allowedPods[node]! - podCount[node]!
      if (slots >= 1 && (cpu <= 0 || cpu <= freeCpu) && (memory <= 0 || memory <= freeMemory)) continue
      codes[node] = this.filter(node)
    }
  }

  explain(node: number): readonly Reason[] {
    const reasons: Reason[] = []
    const used = this.podCount[node]!
    const allowed = this.allowedPods[node]!
    if (used + 1 > allowed) {
      const amounts = {
        resource: 'pods',
        asked: 1n,
        requested: BigInt(used),
        allocatable: BigInt(allowed),
        free: BigInt(allowed) - BigInt(used),
        missing: 1n - (BigInt(allowed) - BigInt(used)),
      }
      reasons.push({ plugin: NAME, text: 'Too many pods', unresolvable: false, amounts })
    }
    for (const amounts of this.insufficient(node)) {
      const unresolvable = amounts.asked > amounts.allocatable
      reasons.push({ plugin: NAME, text: `Insufficient ${amounts.resource}`, unresolvable, amounts })
    }
    return reasons
  }

  private filterAny(node: number): FilterCode {
    const { resources } = this.snapshot
    if (this.wide[node] === 1 || this.asked.wide) {
      const reasons = this.explain(node)
      if (reasons.length === 0) return FITS
      return reasons.some(reason => reason.unresolvable) ? UNRESOLVABLE : UNSCHEDULABLE
    }
    let code: FilterCode = this.podCount[node]! + 1 > this.allowedPods[node]! ? UNSCHEDULABLE : FITS
    const check = (column: number, asked: number): void => {
      if (asked <= 0 || code === UNRESOLVABLE) return
      const allocatable = resources.allocatable[column]![node]!
      if (asked > allocatable - resources.requested[column]![node]!)
        code = asked > allocatable ? UNRESOLVABLE : UNSCHEDULABLE
    }
    const { cpu, memory, ephemeral, scalars } = this.asked
    check(CPU, cpu)
    check(MEMORY, memory)
    check(EPHEMERAL_STORAGE, ephemeral)
    for (const { column, amount } of scalars) check(column, amount)
    return code
  }

  /** Resources of which there is too little. A scalar that is asked for in a negative, wrapped amount is compared too, as upstream does. */
  private insufficient(node: number): readonly ReasonAmounts[] {
    const { asked } = this
    const { resources } = this.snapshot
    const values = asked.wide?.values ?? [BigInt(asked.cpu), BigInt(asked.memory), BigInt(asked.ephemeral)]
    const scalars =
      asked.wide?.scalars ?? asked.scalars.map(({ column, amount }) => ({ column, amount: BigInt(amount) }))
    const main = values.flatMap((value, column) => (value > 0n ? [resources.amounts(node, column, value)] : []))
    const rest = scalars.flatMap(({ column, amount }) =>
      amount === 0n ? [] : [resources.amounts(node, column, amount)],
    )
    return [...main, ...rest].filter(({ asked: wanted, free }) => wanted > free)
  }
}
