import { byText } from './holders.ts'
import { formatTaint } from './node-shapes.ts'
import type { DaemonSetCoverage, IntentQuestion } from './types.ts'

/** One question for each pool and taint that keeps DaemonSets away and about which nobody said what is meant. */
export function questionsOf(daemonSets: readonly DaemonSetCoverage[]): readonly IntentQuestion[] {
  const found = new Map<string, { taint: string; pool: string | undefined; nodes: Set<string>; daemonSets: string[] }>()
  for (const { namespace, name, groups } of daemonSets) {
    for (const { verdict, pool, nodes } of groups) {
      if (verdict.kind !== 'skipped' || verdict.intent !== 'unknown' || verdict.taint === undefined) continue
      const taint = formatTaint(verdict.taint)
      const key = `${pool ?? ''}\0${taint}`
      let question = found.get(key)
      if (question === undefined) {
        question = { taint, pool, nodes: new Set(), daemonSets: [] }
        found.set(key, question)
      }
      for (const node of nodes) question.nodes.add(node)
      const daemonSet = `${namespace}/${name}`
      if (!question.daemonSets.includes(daemonSet)) question.daemonSets.push(daemonSet)
    }
  }
  return [...found.values()]
    .map(({ taint, pool, nodes, daemonSets: keys }) => ({
      taint,
      ...(pool === undefined ? {} : { pool }),
      nodes: nodes.size,
      daemonSets: keys.sort(byText),
    }))
    .sort((a, b) => b.nodes - a.nodes || byText(a.taint, b.taint) || byText(a.pool ?? '', b.pool ?? ''))
}
