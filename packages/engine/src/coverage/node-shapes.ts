import type { Node, Taint } from '../api/core.ts'
import { type NodeFacts, taintRole } from './node-facts.ts'

/**
 * Nodes that nothing but their own name tells apart for a DaemonSet: same pool, type, permanent taints. A shape is a small number, so
 * that grouping millions of verdicts hashes no text.
 */
export interface NodeShapes {
  /** By node position. */
  readonly of: Int32Array
  readonly count: number
  /** By shape: position of its first node. */
  readonly first: readonly number[]
}

/** A taint as kubectl writes it: `key=value:Effect`, without `=` where it has no value. */
export function formatTaint(taint: Taint): string {
  return `${taint.key}${taint.value === undefined || taint.value === '' ? '' : `=${taint.value}`}:${taint.effect}`
}

/** Shapes in order of first sight. */
export function nodeShapes(nodes: readonly Node[], facts: readonly NodeFacts[]): NodeShapes {
  const ids = new Map<string, number>()
  const first: number[] = []
  const of = new Int32Array(nodes.length)
  for (let i = 0; i < nodes.length; i++) {
    const fact = facts[i]!
    const key = `${fact.pool ?? ''}\0${fact.instanceType ?? ''}\0${fact.os}\0${fact.arch}\0${fact.virtual?.key ?? ''}\0${permanentText(nodes[i]!, fact)}`
    let id = ids.get(key)
    if (id === undefined) {
      id = first.length
      ids.set(key, id)
      first.push(i)
    }
    of[i] = id
  }
  return { of, count: first.length, first }
}

function permanentText(node: Node, facts: NodeFacts): string {
  const taints = node.spec?.taints
  if (taints === undefined || taints.length === 0) return ''
  return taints
    .filter(taint => taint.effect !== 'PreferNoSchedule' && taintRole(taint, facts) === 'permanent')
    .map(formatTaint)
    .join()
}
