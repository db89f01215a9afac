import type { Node, Taint } from '../api/core.ts'
import { Interner } from './interner.ts'

/** Different taints with effect NoSchedule or NoExecute, and by node the positions of its own in list order; absent for a node without. */
interface TaintIds {
  readonly taints: readonly Taint[]
  readonly ids: readonly (Int32Array | undefined)[]
}

/** Numbers the hard taints of nodes, equal ones alike, in order of first sight. */
export function internTaints(nodes: readonly Node[]): TaintIds {
  const interner = new Interner()
  const taints: Taint[] = []
  const ids = nodes.map(node => {
    const hard = (node.spec?.taints ?? []).filter(
      taint => taint.effect === 'NoSchedule' || taint.effect === 'NoExecute',
    )
    if (hard.length === 0) return undefined
    return Int32Array.from(hard, taint => {
      const id = interner.id(`${taint.effect}\0${taint.key}\0${taint.value ?? ''}`)
      if (id === taints.length) taints.push(taint)
      return id
    })
  })
  return { taints, ids }
}
