import type { Pod, PodAffinityTerm } from '../api/core.ts'
import { affinityTerms } from '../plugins/affinity-term.ts'
import { hasClaim, isDisk, isInTree } from '../plugins/pod-volumes.ts'
import { sameDisk } from '../plugins/same-disk.ts'
import { spreadConstraints } from '../plugins/spread-constraint.ts'
import { hostPorts, portConflict, portKey } from '../snapshot/host-ports.ts'
import { DEFAULT_VERSION, DIFFERENCES, type KubernetesVersion } from '../versions.ts'

/** What happens to another pod that may let a rejected one fit. A nomination that ends counts as a pod that is gone. */
export interface PodEvent {
  readonly kind: 'pod bound' | 'pod gone'
  readonly pod: Pod
}

type Hint = (rejected: Pod, event: PodEvent, version: KubernetesVersion) => boolean

const samePod = (a: Pod, b: Pod): boolean =>
  a.metadata.name === b.metadata.name && namespaceOf(a) === namespaceOf(b) && a.metadata.uid === b.metadata.uid
const namespaceOf = ({ metadata }: Pod): string => metadata.namespace ?? 'default'
const holdsNode = ({ spec, status }: Pod): boolean => Boolean(spec.nodeName || status?.nominatedNodeName)
const holdsNodeForAffinity = (pod: Pod, version: KubernetesVersion): boolean =>
  DIFFERENCES[version].fullAffinityHints ? holdsNode(pod) : Boolean(pod.spec.nodeName)

/** By plugin that rejected a pod: may the event change that? Plugins that are not here hear of nodes, volumes and classes only. */
const HINTS: ReadonlyMap<string, Hint> = new Map<string, Hint>([
  ['NodeResourcesFit', (_, { kind, pod }) => kind === 'pod gone' && holdsNode(pod)],
  ['NodePorts', (rejected, { kind, pod }) => kind === 'pod gone' && holdsNode(pod) && wantsPortsOf(rejected, pod)],
  [
    'VolumeRestrictions',
    (rejected, { kind, pod }) =>
      kind === 'pod gone' &&
      namespaceOf(rejected) === namespaceOf(pod) &&
      (sharesDisk(rejected, pod) || sharesClaim(rejected, pod)),
  ],
  [
    'NodeVolumeLimits',
    (_, { kind, pod }) =>
      kind === 'pod gone' &&
      holdsNode(pod) &&
      (pod.spec.volumes ?? []).some(volume => hasClaim(volume) || isInTree(volume)),
  ],
  ['PodTopologySpread', (rejected, { pod }, version) => isSpreadWith(rejected, pod, version)],
  [
    'InterPodAffinity',
    (rejected, { kind, pod }, version) =>
      holdsNodeForAffinity(pod, version) &&
      (kind === 'pod bound'
        ? matchesAll(rejected, required(rejected, 'podAffinity'), pod)
        : repels(rejected, pod, version) || (DIFFERENCES[version].fullAffinityHints && repels(pod, rejected, version))),
  ],
])

/**
 * Is it worth to try a rejected pod again after what happened? True if it was not a plugin that rejected it
 * (`isPodWorthRequeuing`, kubernetes pkg/scheduler/backend/queue/scheduling_queue.go, and the plugins' `EventsToRegister`, v1.36.2).
 */
export function mayHelp(
  rejected: Pod,
  rejectedBy: ReadonlySet<string>,
  event: PodEvent,
  version: KubernetesVersion = DEFAULT_VERSION,
): boolean {
  if (rejectedBy.size === 0) return true
  for (const plugin of rejectedBy) if (HINTS.get(plugin)?.(rejected, event, version)) return true
  return false
}

function wantsPortsOf(rejected: Pod, gone: Pod): boolean {
  const free = new Set(hostPorts(gone).map(portKey))
  return free.size > 0 && hostPorts(rejected).some(port => portConflict(free, port))
}

function sharesDisk(a: Pod, b: Pod): boolean {
  const disks = (a.spec.volumes ?? []).filter(isDisk)
  return disks.length > 0 && (b.spec.volumes ?? []).some(theirs => disks.some(disk => sameDisk(disk, theirs)))
}

function sharesClaim(a: Pod, b: Pod): boolean {
  const claims = new Set((a.spec.volumes ?? []).flatMap(volume => volume.persistentVolumeClaim?.claimName ?? []))
  return (b.spec.volumes ?? []).some(volume => claims.has(volume.persistentVolumeClaim?.claimName ?? ''))
}

function isSpreadWith(rejected: Pod, other: Pod, version: KubernetesVersion): boolean {
  const involved =
    samePod(rejected, other) || (holdsNodeForAffinity(other, version) && namespaceOf(rejected) === namespaceOf(other))
  if (!involved) return false
  const read = spreadConstraints(rejected, 'DoNotSchedule', version)
  return read.kind === 'error' || read.constraints.some(({ matches }) => matches(other.metadata.labels ?? {}))
}

const required = (pod: Pod, kind: 'podAffinity' | 'podAntiAffinity'): readonly PodAffinityTerm[] =>
  pod.spec.affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? []

/** Does the other pod match the required anti-affinity of this one, all terms or any of them? A bad term counts as a match. */
function repels(pod: Pod, other: Pod, version: KubernetesVersion): boolean {
  const terms = required(pod, 'podAntiAffinity')
  if (DIFFERENCES[version].antiAffinityWakes === 'all') return matchesAll(pod, terms, other)
  const read = affinityTerms(pod, terms)
  return read.kind === 'error' || read.terms.some(term => term.matches(other, undefined))
}

/** Does the other pod match all terms? Namespaces of a selector are not looked up. A bad term counts as a match. */
function matchesAll(pod: Pod, terms: readonly PodAffinityTerm[], other: Pod): boolean {
  const read = affinityTerms(pod, terms)
  if (read.kind === 'error') return true
  return read.terms.length > 0 && read.terms.every(term => term.matches(other, undefined))
}
