import type { Namespace } from '../../api/core.ts'
import type { VersionDifferences } from '../../versions.ts'
import type { FullPod } from '../pod-model.ts'
import type { AdmissionPlugins, OptionalPlugin, Refused } from '../types.ts'
import { tolerationErrors } from '../validation/tolerations.ts'
import { applyExtendedResourceTolerations } from './extended-resource-toleration.ts'
import { applyPodNodeSelector, NODE_SELECTOR, podNodeSelectorViolation } from './pod-node-selector.ts'
import {
  applyPodTolerationRestriction,
  DEFAULT_TOLERATIONS,
  podTolerationRestrictionViolation,
  TOLERATIONS_WHITELIST,
} from './pod-toleration-restriction.ts'

/** Admission plugins that are modelled and off by default (kubernetes `pkg/kubeapiserver/options/plugins.go`, v1.36.2). */
export const OPTIONAL_PLUGINS: readonly OptionalPlugin[] = [
  'PodNodeSelector',
  'PodTolerationRestriction',
  'ExtendedResourceToleration',
]

const READERS: readonly (readonly [annotation: string, plugin: OptionalPlugin])[] = [
  [NODE_SELECTOR, 'PodNodeSelector'],
  [DEFAULT_TOLERATIONS, 'PodTolerationRestriction'],
  [TOLERATIONS_WHITELIST, 'PodTolerationRestriction'],
]

/** Annotations of the namespace that nobody but an optional plugin reads, with that plugin. */
export function annotationsOfPlugins(
  namespace: Namespace | undefined,
): readonly { readonly annotation: string; readonly plugin: OptionalPlugin }[] {
  const annotations = namespace?.metadata.annotations ?? {}
  return READERS.flatMap(([annotation, plugin]) =>
    annotations[annotation] === undefined ? [] : [{ annotation, plugin }],
  )
}

/** Optional plugins of one API server, each at its place among those that are always on. */
export class PluginChain {
  readonly #given: AdmissionPlugins
  readonly #on: ReadonlySet<OptionalPlugin>
  readonly #words: VersionDifferences

  constructor(given: AdmissionPlugins | undefined, words: VersionDifferences) {
    this.#given = given ?? { on: [] }
    this.#on = new Set(this.#given.on)
    this.#words = words
  }

  /** Comes before Priority. */
  beforePriority(pod: FullPod, namespace: Namespace | undefined): FullPod | Refused {
    if (!this.#on.has('PodNodeSelector')) return pod
    return applyPodNodeSelector(pod, namespace, this.#given.podNodeSelector ?? {}, this.#words)
  }

  /** Comes after DefaultTolerationSeconds. */
  afterDefaultTolerations(pod: FullPod, namespace: Namespace | undefined): FullPod | Refused {
    const restricted = this.#on.has('PodTolerationRestriction')
      ? applyPodTolerationRestriction(pod, namespace, this.#given.podTolerationRestriction ?? {})
      : pod
    if (isRefused(restricted) || !this.#on.has('ExtendedResourceToleration')) return restricted
    return applyExtendedResourceTolerations(restricted)
  }

  /** Field errors of a pod whose own fields are known to be valid: what plugins have added is not. */
  addedErrors(pod: FullPod): readonly string[] {
    return this.#on.has('PodTolerationRestriction') ? tolerationErrors(pod.spec.tolerations, 'spec.tolerations') : []
  }

  /** The refusal of the first plugin that does not allow the pod, once all have changed it. */
  violation(pod: FullPod, namespace: Namespace | undefined): Refused | undefined {
    const selectorRefusal = this.#on.has('PodNodeSelector')
      ? podNodeSelectorViolation(pod, namespace, this.#given.podNodeSelector ?? {}, this.#words)
      : undefined
    if (selectorRefusal !== undefined || !this.#on.has('PodTolerationRestriction')) return selectorRefusal
    return podTolerationRestrictionViolation(pod, namespace, this.#given.podTolerationRestriction ?? {})
  }
}

/** Whether a plugin refused the pod. */
export function isRefused(outcome: FullPod | Refused): outcome is Refused {
  return outcome.kind === 'refused'
}
