import type { Coverage } from '@everynode/engine'
import { type Line, line, painted, whole } from '../terminal/layout.ts'
import { count, someOf } from './words.ts'

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

/** Lists that the dump does not hold, and what cannot be said without them; at most `limit` lines, then their names. */
export function unknownLines({ unknown }: Pick<Coverage, 'unknown'>, limit: number): readonly Line[] {
  if (unknown.length > limit && limit <= 1) {
    const names = unknown.map(({ list }) => list)
    return [line([painted('?', 'yellow'), ` not in the dump: ${someOf(names, 4)} (-o wide tells what they decide)`], 2)]
  }
  const shown = unknown.length > limit ? unknown.slice(0, limit - 1) : unknown
  const lines = shown.map(({ list, effect }) => line([painted('?', 'yellow'), ` no ${list} in the dump: ${effect}`], 2))
  if (shown.length < unknown.length)
    lines.push(
      line([painted('?', 'yellow'), ` ${unknown.length - shown.length} more lists are not in the dump: -o wide`], 2),
    )
  const addresses = unknown.flatMap(({ list }) => ADDRESSES[list] ?? [])
  return limit > 1 && addresses.length > 0 ? [...lines, emptyListHint(addresses)] : lines
}

/** Where the API server serves the lists that may well be empty. */
const ADDRESSES: Readonly<Record<string, string>> = {
  priorityClasses: 'apis/scheduling.k8s.io/v1/priorityclasses',
  podDisruptionBudgets: 'apis/policy/v1/poddisruptionbudgets',
  limitRanges: 'api/v1/limitranges',
  resourceQuotas: 'api/v1/resourcequotas',
  runtimeClasses: 'apis/node.k8s.io/v1/runtimeclasses',
  namespaces: 'api/v1/namespaces',
  events: 'api/v1/events',
  nodePools: 'apis/karpenter.sh/v1/nodepools',
}

/** `kubectl get` of several kinds leaves no trace of an empty list; the API server's own answer does. */
function emptyListHint(addresses: readonly string[]): Line {
  const [first] = addresses
  const command =
    addresses.length === 1
      ? `kubectl get --raw /${first}`
      : `for list in ${addresses.join(' ')}; do kubectl get --raw /$list; done`
  return line([whole('  empty? ', 'dim'), whole(`${command} > more.json`), ' tells; name that file too'], 9)
}
