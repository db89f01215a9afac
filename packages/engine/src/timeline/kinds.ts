import type { ClusterDump, DumpKind } from '../api/cluster-dump.ts'

/** An object of a list of the dump. */
export type ObjectOf<L extends DumpKind> = NonNullable<ClusterDump[L]>[number]

/** Lists by kind and by the plural that stands in paths. */
const KINDS: readonly (readonly [kind: string, plural: string, list: DumpKind])[] = [
  ['Node', 'nodes', 'nodes'],
  ['Pod', 'pods', 'pods'],
  ['DaemonSet', 'daemonsets', 'daemonSets'],
  ['ControllerRevision', 'controllerrevisions', 'controllerRevisions'],
  ['Deployment', 'deployments', 'deployments'],
  ['ReplicaSet', 'replicasets', 'replicaSets'],
  ['StatefulSet', 'statefulsets', 'statefulSets'],
  ['Job', 'jobs', 'jobs'],
  ['PriorityClass', 'priorityclasses', 'priorityClasses'],
  ['PodDisruptionBudget', 'poddisruptionbudgets', 'podDisruptionBudgets'],
  ['LimitRange', 'limitranges', 'limitRanges'],
  ['ResourceQuota', 'resourcequotas', 'resourceQuotas'],
  ['RuntimeClass', 'runtimeclasses', 'runtimeClasses'],
  ['Namespace', 'namespaces', 'namespaces'],
  ['Service', 'services', 'services'],
  ['NodePool', 'nodepools', 'nodePools'],
  ['NodeClaim', 'nodeclaims', 'nodeClaims'],
]

const BY_KIND: ReadonlyMap<string, DumpKind> = new Map(KINDS.map(([kind, , list]) => [kind, list]))
const BY_PLURAL: ReadonlyMap<string, DumpKind> = new Map(KINDS.map(([, plural, list]) => [plural, list]))
const CLUSTER_WIDE: ReadonlySet<DumpKind> = new Set([
  'nodes',
  'priorityClasses',
  'runtimeClasses',
  'namespaces',
  'nodePools',
  'nodeClaims',
])

/** The list that objects of a kind are in; undefined for a kind that the forecast does not keep. */
export function listOfKind(kind: string | undefined): DumpKind | undefined {
  return BY_KIND.get(kind ?? '')
}

/** `namespace/name`, or the name alone where the kind has no namespaces. */
export function objectKey(list: DumpKind, namespace: string | undefined, name: string | undefined): string {
  return CLUSTER_WIDE.has(list) ? (name ?? '') : `${namespace || 'default'}/${name ?? ''}`
}

/** List and key of the object at a path of the API server: `/apis/apps/v1/namespaces/NS/daemonsets/NAME`, `/api/v1/nodes/NAME`. */
export function objectAtPath(path: string): { readonly list: DumpKind; readonly key: string } | undefined {
  const parts = path.split('/').filter(part => part !== '')
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3)
  const isNamespaced = rest[0] === 'namespaces' && rest.length === 4
  const [plural, name] = isNamespaced ? rest.slice(2) : rest
  const list = BY_PLURAL.get(plural ?? '')
  if (list === undefined || name === undefined) return undefined
  return { list, key: objectKey(list, isNamespaced ? rest[1] : undefined, name) }
}
