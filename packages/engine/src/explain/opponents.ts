import type { Pod, PodAffinityTerm } from '../api/core.ts'
import { byText } from '../coverage/holders.ts'
import { affinityTerms } from '../plugins/affinity-term.ts'
import type { PodIndex } from '../snapshot/indices.ts'
import type { PodWorld } from './pod-world.ts'
import type { Opponents } from './types.ts'

/** Pods in the node's domains that the pod's own required anti-affinity excludes, or that exclude it (kubernetes plugins/interpodaffinity/filtering.go, v1.36.2). */
export function opponentsOn(world: PodWorld, pod: Pod, node: number): readonly Opponents[] {
  const { snapshot, nodes } = world
  const found = new Map<string, { owner: string; pods: number; example: string; topologyKey: string; domain: string }>()
  const note = (index: PodIndex, topologyKey: string, domain: string): void => {
    const other = snapshot.pod(index)
    const owner = world.owners.topOf(other).text
    const key = `${topologyKey}\0${other.metadata.namespace ?? ''}\0${owner}`
    const known = found.get(key)
    if (known === undefined) found.set(key, { owner, pods: 1, example: other.metadata.name ?? '', topologyKey, domain })
    else known.pods++
  }
  const labels = nodes[node]!.metadata.labels ?? {}
  const own = affinityTerms(pod, antiTerms(pod))
  const ownTerms = own.kind === 'terms' ? own.terms : []
  const namespaceLabels = (of: Pod) =>
    snapshot.namespaces.get(of.metadata.namespace ?? 'default')?.metadata.labels ?? {}
  for (const term of ownTerms) {
    const domain = labels[term.topologyKey]
    if (domain === undefined) continue
    for (const at of sameDomain(world, term.topologyKey, domain)) {
      for (const index of snapshot.podsOn(at)) {
        const other = snapshot.pod(index)
        if (term.matches(other, namespaceLabels(other))) note(index, term.topologyKey, domain)
      }
    }
  }
  if (found.size > 0) return sorted(found.values())
  for (const index of snapshot.withRequiredAntiAffinity) {
    const at = snapshot.nodeOf(index)
    const other = snapshot.pod(index)
    const theirs = affinityTerms(other, antiTerms(other))
    if (at === undefined || theirs.kind === 'error') continue
    for (const term of theirs.terms) {
      const domain = labels[term.topologyKey]
      const same = domain !== undefined && nodes[at]!.metadata.labels?.[term.topologyKey] === domain
      if (same && term.matches(pod, namespaceLabels(pod))) note(index, term.topologyKey, domain)
    }
  }
  return sorted(found.values())
}

const antiTerms = ({ spec }: Pod): readonly PodAffinityTerm[] | undefined =>
  spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution

function sameDomain({ nodes }: PodWorld, key: string, domain: string): readonly number[] {
  return nodes.flatMap(({ metadata }, index) => (metadata.labels?.[key] === domain ? [index] : []))
}

function sorted(found: Iterable<Opponents>): readonly Opponents[] {
  return [...found].sort((a, b) => b.pods - a.pods || byText(a.owner, b.owner) || byText(a.topologyKey, b.topologyKey))
}
