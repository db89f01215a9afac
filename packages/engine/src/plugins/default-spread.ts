import type { Pod } from '../api/core.ts'
import type { OwnerReference, StringMap } from '../api/meta.ts'
import { compileLabelSelector } from '../labels.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import type { SpreadConstraint } from './spread-constraint.ts'

/** Where pods are spread that do not say it themselves (`systemDefaultConstraints`, kubernetes plugins/podtopologyspread/plugin.go, v1.36.2). */
const DEFAULTS: readonly Pick<SpreadConstraint, 'topologyKey' | 'maxSkew'>[] = [
  { topologyKey: 'kubernetes.io/hostname', maxSkew: 3 },
  { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5 },
]

interface Matcher {
  /** Names the object whose selector it is. */
  readonly key: string
  matches(labels: StringMap): boolean
}

/**
 * The default constraints of a pod: pods of its Services and of its owner are spread; none if it has neither, `unknown` if the
 * owner's list is not there (`buildDefaultConstraints` and `DefaultSelector`, kubernetes plugins/helper/spread.go, v1.36.2).
 */
export function defaultConstraints(pod: Pod, snapshot: ClusterSnapshot): readonly SpreadConstraint[] | 'unknown' {
  const matchers: Matcher[] = servicesOf(pod, snapshot)
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller)
  if (owner) {
    const added = ownerMatcher(owner, pod, snapshot)
    if (added === 'unknown') return 'unknown'
    if (added) matchers.push(added)
  }
  if (matchers.length === 0) return []
  const matches = (labels: StringMap): boolean => matchers.every(matcher => matcher.matches(labels))
  const key = matchers.map(matcher => matcher.key).join('\0')
  return DEFAULTS.map(constraint => ({
    ...constraint,
    minDomains: 1,
    honorAffinity: true,
    honorTaints: false,
    empty: false,
    key,
    matches,
  }))
}

/** Selectors of the Services that select the pod. An empty one adds nothing. */
function servicesOf({ metadata }: Pod, { services }: ClusterSnapshot): Matcher[] {
  if (services.length === 0) return []
  const labels = metadata.labels ?? {}
  return services.flatMap((service, index) => {
    const selector = service.spec?.selector
    const same = (service.metadata.namespace ?? 'default') === (metadata.namespace ?? 'default')
    return same && selector && Object.keys(selector).length > 0 && hasAll(labels, selector)
      ? [
          {
            key: `Service ${index}`,
            matches: (theirs: StringMap) => hasAll(theirs, selector),
          },
        ]
      : []
  })
}

function ownerMatcher(
  { apiVersion, kind, name }: OwnerReference,
  { metadata }: Pod,
  { owners, version }: ClusterSnapshot,
): Matcher | 'unknown' | undefined {
  const isIt = (object: { readonly metadata: { readonly name?: string; readonly namespace?: string } }): boolean =>
    object.metadata.name === name && (object.metadata.namespace ?? 'default') === (metadata.namespace ?? 'default')
  if (apiVersion === 'v1' && kind === 'ReplicationController') {
    if (!owners.replicationControllers) return 'unknown'
    const selector = owners.replicationControllers.find(isIt)?.spec?.selector
    return selector && Object.keys(selector).length > 0
      ? { key: `${kind} ${name}`, matches: labels => hasAll(labels, selector) }
      : undefined
  }
  if (apiVersion !== 'apps/v1' || (kind !== 'ReplicaSet' && kind !== 'StatefulSet')) return undefined
  const list = kind === 'ReplicaSet' ? owners.replicaSets : owners.statefulSets
  if (!list) return 'unknown'
  const selector = compileLabelSelector(list.find(isIt)?.spec?.selector, version)
  if (selector.kind === 'error' || selector.requirements.length === 0) return undefined
  return { key: `${kind} ${name}`, matches: selector.matches }
}

function hasAll(labels: StringMap, wanted: StringMap): boolean {
  for (const key in wanted) if (!Object.hasOwn(labels, key) || labels[key] !== wanted[key]) return false
  return true
}
