import type { Pod } from '../api/core.ts'
import type { StringMap } from '../api/meta.ts'
import type { KarpenterDifferences } from '../karpenter-versions.ts'
import type { Quantities } from '../pod-requests/quantities.ts'
import { Requirements } from '../requirements/requirements.ts'
import { usesResourceClaims } from './daemon-pod.ts'
import { type HostPort, hostPortsOf } from './host-ports.ts'
import { type AttachedVolumes, hasClaims, isError, type VolumeError, type VolumeObjects } from './pod-volumes.ts'
import { type PlacementTerms, placementTerms, relaxTerms } from './relax.ts'
import { requestsOfPod } from './resource-lists.ts'

/** Namespace and labels, by which selectors tell pods apart. */
export interface LabelSet {
  readonly namespace: string
  readonly labels: StringMap | undefined
}

/**
 * What many pods have in common, so that it is worked out once: all that decides where a pod may go. Pods whose volumes have claims
 * share nothing.
 */
export interface PodShape {
  readonly labelSet: LabelSet
  readonly terms: PlacementTerms
  /** With 1 of `pods`. */
  readonly requests: Quantities
  /** What it requires of its node; under the policy Respect the heaviest preference is required too. */
  readonly requirements: Requirements
  /** Without preferences; the domains that topology may count. */
  readonly strict: Requirements
  readonly hostPorts: readonly HostPort[]
  /** It asks for dynamic resources. */
  readonly resourceClaims: boolean
  /** Where its volumes allow it to run, as alternatives; none where they don't matter. */
  readonly volumeAlternatives: readonly Requirements[] | VolumeError
  readonly attachedVolumes: AttachedVolumes | VolumeError
}

export interface ShapeOptions {
  readonly differences: KarpenterDifferences
  readonly aliases: ReadonlyMap<string, string>
  readonly preferencePolicy: 'Respect' | 'Ignore'
  /** Some NodePool has a PreferNoSchedule taint. */
  readonly toleratePreferNoSchedule: boolean
}

/** The shapes of a cluster's pods. */
export class PodShapes {
  private readonly options: ShapeOptions
  private readonly volumes: VolumeObjects
  private readonly byPod = new WeakMap<Pod, PodShape>()
  private readonly byKey = new Map<string, PodShape>()
  private readonly labelSets = new Map<string, LabelSet>()
  private readonly requirements = new Map<string, Requirements>()
  private readonly relaxed = new Map<PodShape, PodShape | undefined>()

  constructor(volumes: VolumeObjects, options: ShapeOptions) {
    this.volumes = volumes
    this.options = options
  }

  of(pod: Pod): PodShape {
    let shape = this.byPod.get(pod)
    if (shape === undefined) {
      if (hasClaims(pod)) shape = this.read(pod)
      else {
        const key = shapeKey(pod)
        shape = this.byKey.get(key)
        if (shape === undefined) {
          shape = this.read(pod)
          this.byKey.set(key, shape)
        }
      }
      this.byPod.set(pod, shape)
    }
    return shape
  }

  /** The shape less the first thing that can be given up; undefined where nothing can. */
  relax(shape: PodShape): PodShape | undefined {
    let relaxed = this.relaxed.get(shape)
    if (relaxed === undefined && !this.relaxed.has(shape)) {
      const terms = relaxTerms(shape.terms, this.options.toleratePreferNoSchedule)
      relaxed = terms && { ...shape, terms, ...this.requirementsOf(terms) }
      this.relaxed.set(shape, relaxed)
    }
    return relaxed
  }

  labelSet(pod: Pod): LabelSet {
    const { namespace = 'default', labels } = pod.metadata
    const key = JSON.stringify([namespace, labels])
    let set = this.labelSets.get(key)
    if (set === undefined) {
      set = { namespace, labels }
      this.labelSets.set(key, set)
    }
    return set
  }

  private read(pod: Pod): PodShape {
    const terms = placementTerms(pod)
    const { differences } = this.options
    return {
      labelSet: this.labelSet(pod),
      terms,
      requests: requestsOfPod(pod, differences),
      ...this.requirementsOf(terms),
      hostPorts: hostPortsOf(pod),
      resourceClaims: usesResourceClaims(pod, differences),
      volumeAlternatives: this.volumes.alternatives(pod),
      attachedVolumes: this.volumes.attached(pod),
    }
  }

  private requirementsOf(terms: PlacementTerms): Pick<PodShape, 'requirements' | 'strict'> {
    const strict = this.requirement(terms, false)
    const preferring = this.options.preferencePolicy === 'Respect' && terms.preferred.length > 0
    return { strict, requirements: preferring ? this.requirement(terms, true) : strict }
  }

  private requirement({ nodeSelector, preferred, required }: PlacementTerms, preferring: boolean): Requirements {
    const preference = preferring ? preferred[0]?.preference.matchExpressions : undefined
    const first = required[0]?.matchExpressions
    if (nodeSelector === undefined && preference === undefined && first === undefined) return Requirements.EMPTY
    const key = JSON.stringify([nodeSelector, preference, first])
    let made = this.requirements.get(key)
    if (made === undefined) {
      const { aliases } = this.options
      made = Requirements.ofLabels(nodeSelector, aliases)
        .add(Requirements.read(preference, aliases))
        .add(Requirements.read(first, aliases))
      this.requirements.set(key, made)
    }
    return made
  }
}

/** A text that is equal for pods of one shape. */
function shapeKey({ metadata, spec, status }: Pod): string {
  return JSON.stringify([
    metadata.namespace,
    metadata.labels,
    spec.nodeSelector,
    spec.affinity,
    spec.tolerations,
    spec.topologySpreadConstraints,
    spec.containers?.map(({ resources, ports }) => [resources, ports]),
    spec.initContainers?.map(({ resources, restartPolicy }) => [resources, restartPolicy]),
    spec.overhead,
    spec.resources,
    spec.resourceClaims,
    // Resizes are read from here, by container name.
    status?.containerStatuses && [
      status,
      spec.containers?.map(one => one.name),
      spec.initContainers?.map(one => one.name),
    ],
  ])
}

/** Whether what the pod's volumes require could not be found out; Karpenter then goes on as if they required nothing. */
export function isUnresolved({ volumeAlternatives }: PodShape): boolean {
  return isError(volumeAlternatives)
}

/** The alternatives of a pod whose volumes were resolved. */
export function resolvedAlternatives({ volumeAlternatives }: PodShape): readonly Requirements[] {
  return isError(volumeAlternatives) ? [] : volumeAlternatives
}
