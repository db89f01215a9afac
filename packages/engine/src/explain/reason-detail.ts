import type { NodeSelectorTerm, Pod } from '../api/core.ts'
import type { SelectorRequirement, StringMap } from '../api/meta.ts'
import { formatAmount } from '../coverage/amounts.ts'
import { formatTaint } from '../coverage/node-shapes.ts'
import type { Reason } from '../framework/status.ts'
import { podPriority } from '../snapshot/cluster-snapshot.ts'
import type { PodWorld } from './pod-world.ts'
import type { Opponents } from './types.ts'

/** A reason with its names and numbers, about one node: what the scheduler's own words leave out. Undefined where amounts tell it all. */
export function detailOf(
  world: PodWorld,
  pod: Pod,
  node: number,
  reason: Reason,
  opponents: readonly Opponents[],
): string | undefined {
  const { taint, port, claim, skew, volumes, amounts, plugin } = reason
  const labels = world.nodes[node]!.metadata.labels ?? {}
  if (amounts !== undefined) {
    const { resource, asked, allocatable } = amounts
    if (!reason.unresolvable) return undefined
    return `${resource}: ${formatAmount(resource, asked)} asked, a node has ${formatAmount(resource, allocatable)} in all`
  }
  if (taint !== undefined) return `taint ${formatTaint(taint)} is not tolerated`
  if (port !== undefined) return portText(world, node, port)
  if (skew !== undefined)
    return `spread over ${skew.topologyKey}: ${skew.domain} would have ${skew.count}, the least has ${skew.lowest}: more than maxSkew ${skew.maxSkew} apart`
  if (volumes !== undefined)
    return `${volumes.driver}: ${volumes.asked} more ${volumes.asked === 1 ? 'volume' : 'volumes'}, ${volumes.attached} attached, at most ${volumes.limit}`
  if (claim !== undefined) return `claim ${claim}: ${volumeText(world, pod, claim) ?? reason.text}`
  switch (plugin) {
    case 'NodeUnschedulable':
      return 'the node is cordoned'
    case 'NodeAffinity':
      return selectorText(pod, labels)
    case 'InterPodAffinity':
      return opponents.length > 0 ? opponentsText(opponents) : affinityText(pod)
    case 'PodTopologySpread':
      return `the node has no label ${missingKey(pod, labels) ?? 'that a spread constraint names'}`
    default:
      return undefined
  }
}

function portText({ snapshot, owners }: PodWorld, node: number, port: NonNullable<Reason['port']>): string {
  const wanted = port.hostPort ?? port.containerPort
  const protocol = port.protocol ?? 'TCP'
  const holders = snapshot
    .podsOn(node)
    .filter(index => snapshot.hostPortsOf(index).some(one => one.port === wanted && one.protocol === protocol))
    .map(index => snapshot.pod(index))
    .map(pod => `${owners.topOf(pod).text} (priority ${podPriority(pod)})`)
  const by = holders.length === 0 ? 'taken' : `held by ${[...new Set(holders)].join(', ')}`
  return `port ${wanted}/${protocol} is ${by}`
}

/** Where the claim's volume may be used. */
function volumeText({ snapshot }: PodWorld, pod: Pod, claim: string): string | undefined {
  const object = snapshot.storage.claims?.get(`${pod.metadata.namespace ?? 'default'}/${claim}`)
  const name = object?.spec?.volumeName
  const volume = name === undefined || name === '' ? undefined : snapshot.storage.volumes?.get(name)
  const terms = volume?.spec?.nodeAffinity?.required?.nodeSelectorTerms
  if (name === undefined || terms === undefined || terms.length === 0) return undefined
  return `its volume ${name} may only be used where ${terms.map(termText).join(', or ')}`
}

function selectorText({ spec }: Pod, labels: StringMap): string {
  const wrong = Object.entries(spec.nodeSelector ?? {}).filter(([key, value]) => labels[key] !== value)
  if (wrong.length > 0) {
    const texts = wrong.map(
      ([key, value]) =>
        `${key}=${value} (the node has ${labels[key] === undefined ? 'no such label' : `${key}=${labels[key]}`})`,
    )
    return `nodeSelector ${texts.join(', ')}`
  }
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []
  return `required node affinity: ${terms.map(termText).join(', or ') || 'no term, which matches no node'}`
}

function termText({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): string {
  return [...matchFields, ...matchExpressions].map(requirementText).join(' and ') || 'nothing'
}

function requirementText({ key, operator, values = [] }: SelectorRequirement): string {
  return values.length === 0 ? `${key} ${operator}` : `${key} ${operator} [${values.join(', ')}]`
}

function opponentsText(opponents: readonly Opponents[]): string {
  const [first] = opponents
  if (first === undefined) return ''
  const who = opponents
    .slice(0, 3)
    .map(({ owner, pods, example }) =>
      pods === 1 && owner !== `Pod/${example}` ? `${owner} (${example})` : `${owner} ${pods}`,
    )
  const more = opponents.length > 3 ? `, ${opponents.length - 3} more` : ''
  return `anti-affinity on ${first.topologyKey} ${first.domain} with ${who.join(', ')}${more}`
}

function affinityText({ spec }: Pod): string {
  const terms = spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
  const texts = terms.map(({ labelSelector, topologyKey }) => {
    const labels = Object.entries(labelSelector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`)
    const others = (labelSelector?.matchExpressions ?? []).map(requirementText)
    return `${[...labels, ...others].join(' and ') || 'any pod'} in the same ${topologyKey}`
  })
  return `pod affinity asks for ${texts.join(', and ')}`
}

function missingKey({ spec }: Pod, labels: StringMap): string | undefined {
  return spec.topologySpreadConstraints?.find(
    ({ topologyKey, whenUnsatisfiable }) =>
      whenUnsatisfiable === 'DoNotSchedule' && !Object.hasOwn(labels, topologyKey),
  )?.topologyKey
}
