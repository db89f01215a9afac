import type { Coverage } from '@everynode/engine'
import { type Line, line, painted } from '../terminal/layout.ts'
import { count } from './words.ts'

/** `prod-eu · Kubernetes 1.36.2 · Karpenter · 214 nodes, 30 DaemonSets`. */
export function headerLine({ cluster, unknown }: Coverage): Line {
  const missing = (name: string): boolean => unknown.some(({ list }) => list === name)
  const parts = [
    cluster.name,
    `Kubernetes ${cluster.kubernetesVersion.replace(/^v/, '')}${modelText(cluster)}`,
    cluster.karpenter ? 'Karpenter' : undefined,
    [
      missing('nodes') ? 'nodes not known' : count(cluster.nodes, 'node'),
      missing('daemonSets') ? 'DaemonSets not known' : count(cluster.daemonSets, 'DaemonSet'),
    ].join(', '),
  ]
  return line([painted(parts.filter(part => part !== undefined).join(' · '), 'bold')], 2)
}

function modelText(cluster: Coverage['cluster']): string {
  const notes: string[] = []
  if (cluster.kubernetesVersionFrom === 'default') notes.push('assumed')
  if (cluster.kubernetesVersionFrom === 'kubelets') notes.push('by its kubelets')
  if (!cluster.kubernetesVersion.replace(/^v/, '').startsWith(cluster.model))
    notes.push(`answered by the model of ${cluster.model}`)
  return notes.length === 0 ? '' : ` (${notes.join('; ')})`
}

/** Lists that the dump does not hold, and what cannot be said without them; at most `limit` lines. */
export function unknownLines({ unknown }: Coverage, limit: number): readonly Line[] {
  const shown = unknown.length > limit ? unknown.slice(0, limit - 1) : unknown
  const lines = shown.map(({ list, effect }) => line([painted('?', 'yellow'), ` no ${list} in the dump: ${effect}`], 2))
  if (shown.length < unknown.length)
    lines.push(
      line([painted('?', 'yellow'), ` ${unknown.length - shown.length} more lists are not in the dump: -o wide`], 2),
    )
  return lines
}
