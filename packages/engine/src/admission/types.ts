import type { DaemonSet, PriorityClass, RuntimeClass } from '../api/apps.ts'
import type { LimitRange, Namespace, Pod, ResourceQuota, Toleration } from '../api/core.ts'
import type { KubeObject, StringMap } from '../api/meta.ts'
import type { KubernetesVersion } from '../versions.ts'

/**
 * What admission knows of a cluster; a ClusterDump is one. A list that is absent is *unknown*: it refuses nothing, and the answer
 * says that it was taken to be empty. Objects of other namespaces than the pod's don't matter.
 */
export interface AdmissionWorld {
  readonly version?: KubernetesVersion
  readonly namespaces?: readonly Namespace[]
  readonly priorityClasses?: readonly PriorityClass[]
  readonly limitRanges?: readonly LimitRange[]
  /** Their `status.used` is what pods have taken so far; without a status the quota is as its spec says, and nothing is used. */
  readonly resourceQuotas?: readonly ResourceQuota[]
  readonly runtimeClasses?: readonly RuntimeClass[]
  readonly serviceAccounts?: readonly KubeObject[]
  /** Mutating admission policies and their bindings, whole. */
  readonly policies?: readonly KubeObject[]
  /** Webhooks and policies that are known to be there, and not what they do. */
  readonly others?: readonly KubeObject[]
  /** Plugins that are on beside those that are on by default. Absent: not known, which matters where a namespace has annotations for one. */
  readonly admissionPlugins?: AdmissionPlugins
}

/** An admission plugin that is off by default and modelled. */
export type OptionalPlugin = 'PodNodeSelector' | 'PodTolerationRestriction' | 'ExtendedResourceToleration'

/** Optional plugins of an API server that are on, with their configuration files (kubernetes `plugin/pkg/admission`, v1.36.2). */
export interface AdmissionPlugins {
  readonly on: readonly OptionalPlugin[]
  /** `podNodeSelectorPluginConfig`: selectors such as `a=b,c=d` by `clusterDefaultNodeSelector` and by namespace. */
  readonly podNodeSelector?: StringMap
  readonly podTolerationRestriction?: TolerationConfiguration
}

/** The cluster's tolerations, for namespaces that have no such annotation. */
export interface TolerationConfiguration {
  readonly default?: readonly Toleration[]
  readonly whitelist?: readonly Toleration[]
}

/** What the API server makes of an object. */
export type AdmissionAnswer<T = Pod> = Admitted<T> | Refused | Unknown

/** The object is stored. */
export interface Admitted<T = Pod> {
  readonly kind: 'admitted'
  /** As it is stored, and read again. */
  readonly pod: T
  /** Lists that are not known and were taken to be empty, and webhooks that were taken to do nothing. */
  readonly assumed: readonly string[]
}

/** The server refuses the object. */
export interface Refused {
  readonly kind: 'refused'
  /** The admission plugin, `decoding` or `validation`. */
  readonly by: string
  /** HTTP status; 0 if the server panics, so that there is none. */
  readonly code: number
  /** The server's text in full. */
  readonly message: string
}

/** A list that is not known decides, or a policy that cannot be evaluated. */
export interface Unknown {
  readonly kind: 'unknown'
  /** Lists by the names of `AdmissionWorld`, or `--admission-plugins`; empty where nothing that could be added tells. */
  readonly needs: readonly string[]
  readonly detail: string
}

/** What the API server makes of a DaemonSet, and then of its pod. */
export type DaemonSetAdmission =
  | {
      readonly kind: 'stored'
      /** With the API's defaults. */
      readonly daemonSet: DaemonSet
      /** What comes of the pod that the controller makes of it. */
      readonly pod: AdmissionAnswer
    }
  | Refused
  | Unknown
