import type { Node, Taint } from '../api/core.ts'

/** Nodes by their hard taints (NoSchedule, NoExecute): list 0 is the empty one. Few lists, many nodes. */
export interface TaintLists {
  /** By node position: position in `lists`. */
  readonly of: Int32Array
  readonly lists: readonly (readonly Taint[])[]
}

/** Interns the hard taints of all nodes; `timeAdded` is left out of the comparison. */
export function taintLists(nodes: readonly Node[]): TaintLists {
  const lists: (readonly Taint[])[] = [[]]
  const ids = new Map<string, number>([['', 0]])
  const of = new Int32Array(nodes.length)
  for (let i = 0; i < nodes.length; i++) {
    const taints = nodes[i]!.spec?.taints
    if (taints === undefined || taints.length === 0) continue
    const hard = taints.filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute')
    const key = hard.map(({ key, value, effect }) => `${key}\0${value ?? ''}\0${effect}`).join('\n')
    let id = ids.get(key)
    if (id === undefined) {
      id = lists.length
      ids.set(key, id)
      lists.push(hard)
    }
    of[i] = id
  }
  return { of, lists }
}
