import type { LabelSelector, Pod, PodAffinityTerm } from '@everynode/engine'
import { askSelector } from './labels.ts'
import { labelsOf, type NodeInfo, namespaceOf, type World } from './node-info.ts'

/** Required pod affinity and anti-affinity, every pair of pod and node looked at anew. */
export function interPodAffinity(pod: Pod, info: NodeInfo, world: World) {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {}
  const wanted = podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
  const shunned = podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
  if (!affinityHolds(pod, wanted, info, world))
    return { code: 'UnschedulableAndUnresolvable', reasons: ["node(s) didn't match pod affinity rules"] } as const
  const near = (term: PodAffinityTerm): boolean =>
    podsNear(term.topologyKey, info, world).some(other => ownTermMatches(term, pod, other, world))
  if (shunned.some(near))
    return { code: 'Unschedulable', reasons: ["node(s) didn't match pod anti-affinity rules"] } as const
  if (shunnedByOthers(pod, info, world))
    return { code: 'Unschedulable', reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"] } as const
  return undefined
}

function affinityHolds(pod: Pod, terms: readonly PodAffinityTerm[], info: NodeInfo, world: World): boolean {
  if (terms.length === 0) return true
  if (terms.some(({ topologyKey }) => labelsOf(info.node)[topologyKey] === undefined)) return false
  const matchesAll = (other: Pod): boolean => terms.every(term => ownTermMatches(term, pod, other, world))
  if (terms.every(({ topologyKey }) => podsNear(topologyKey, info, world).some(matchesAll))) return true
  const anywhere = world.nodes.some(
    ({ node, pods }) =>
      terms.some(({ topologyKey }) => labelsOf(node)[topologyKey] !== undefined) && pods.some(matchesAll),
  )
  // The first pod of a group that wants to be with itself may go anywhere.
  return !anywhere && matchesAll(pod)
}

/** Pods of all nodes in the node's domain; none if the node is in none. */
function podsNear(topologyKey: string, { node }: NodeInfo, world: World): readonly Pod[] {
  const domain = labelsOf(node)[topologyKey]
  if (domain === undefined) return []
  return world.nodes.filter(other => labelsOf(other.node)[topologyKey] === domain).flatMap(({ pods }) => pods)
}

function shunnedByOthers(pod: Pod, { node }: NodeInfo, world: World): boolean {
  const namespace = world.namespaces.find(({ metadata }) => metadata.name === namespaceOf(pod))
  return world.nodes.some(other =>
    other.pods.some(one => {
      const terms = one.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
      return terms.some(term => {
        const domain = labelsOf(other.node)[term.topologyKey]
        const isNear = domain !== undefined && domain === labelsOf(node)[term.topologyKey]
        const inNamespace =
          namesOf(term, one).includes(namespaceOf(pod)) ||
          selects(term.namespaceSelector, namespace?.metadata.labels ?? {})
        return isNear && inNamespace && selects(term.labelSelector, labelsOf(pod))
      })
    }),
  )
}

/** Until 1.36 the namespace selector is also held against no labels at all (kubernetes#138198). */
function ownTermMatches(term: PodAffinityTerm, pod: Pod, other: Pod, world: World): boolean {
  const selected = world.namespaces
    .filter(
      ({ metadata }) => !isEverything(term.namespaceSelector) && selects(term.namespaceSelector, metadata.labels ?? {}),
    )
    .map(({ metadata }) => metadata.name ?? '')
  const names = [...namesOf(term, pod), ...selected]
  const inNamespace = names.includes(namespaceOf(other)) || selects(term.namespaceSelector, {})
  return inNamespace && selects(term.labelSelector, labelsOf(other))
}

function namesOf({ namespaces = [], namespaceSelector }: PodAffinityTerm, pod: Pod): readonly string[] {
  return namespaces.length === 0 && namespaceSelector === undefined ? [namespaceOf(pod)] : namespaces
}

function isEverything(selector: LabelSelector | undefined): boolean {
  if (selector === undefined) return false
  return Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0
}

function selects(selector: LabelSelector | undefined, labels: Readonly<Record<string, string>>): boolean {
  return askSelector(selector, labels).matches
}
