import { Admission } from '../admission/admission.ts'
import type { AdmissionPlugins } from '../admission/types.ts'
import type { DaemonSet } from '../api/apps.ts'
import type { ClusterDump } from '../api/cluster-dump.ts'
import type { Pod } from '../api/core.ts'
import { daemonPod } from '../daemonset/daemon-pod.ts'
import type { KubernetesVersion } from '../versions.ts'
import { refusedBy, SOMEBODY } from './refusals.ts'

/** What the API server makes of a DaemonSet's next pod. `pod` is the best that is known of it in any case. */
export type AdmissionOutcome =
  /** `assumed`: lists that the dump lacks and that could have refused it or changed it. */
  | { readonly kind: 'admitted'; readonly pod: Pod; readonly assumed: readonly string[] }
  | { readonly kind: 'refused'; readonly pod: Pod; readonly by: string; readonly message: string }
  /** Lists that the dump lacks decide. */
  | { readonly kind: 'unknown'; readonly pod: Pod; readonly needs: readonly string[]; readonly detail: string }

/** Stands for the node that the pod is made for, and for the random end of its name; neither decides admission. */
const ANY_NODE = 'node'
const ANY_SUFFIX = '*'

/** A live pod proves what these lists do to the template; a quota may be full since. */
const PROVED_BY_LIVE_PODS: ReadonlySet<string> = new Set([
  'limitRanges',
  'namespaces',
  'priorityClasses',
  'runtimeClasses',
])
const DECISIVE: ReadonlySet<string> = new Set([...PROVED_BY_LIVE_PODS, 'resourceQuotas'])

/** Admission plugins of one cluster, for its DaemonSets. */
export class DaemonAdmission {
  readonly #admission: Admission
  readonly #lax: () => Admission

  constructor(dump: ClusterDump, version: KubernetesVersion, admissionPlugins: AdmissionPlugins | undefined) {
    const { priorityClasses, limitRanges, resourceQuotas, runtimeClasses, namespaces, others } = dump
    const lists = { priorityClasses, limitRanges, runtimeClasses, admissionPlugins }
    this.#admission = new Admission(
      known({ ...lists, resourceQuotas, namespaces, others, policies: others, version }),
      {
        suffix: ANY_SUFFIX,
        stored: true,
      },
    )
    // What the pod looks like if no list that is missing, no quota and no policy says no.
    this.#lax = () =>
      new Admission(
        known({ ...lists, runtimeClasses: runtimeClasses ?? [], priorityClasses: priorityClasses ?? [], version }),
        { stored: true },
      )
  }

  /**
   * Admits the pod that the controller would send now. Where a list is missing that decides, a live pod of the current revision tells
   * what admission made of the same template; without one the outcome is unknown.
   */
  of(daemonSet: DaemonSet, livePod: () => Pod | undefined): AdmissionOutcome {
    const pod = daemonPod(daemonSet, ANY_NODE)
    const answer = this.#admission.admitPod(pod)
    if (answer.kind === 'admitted') {
      const assumed = answer.assumed.filter(name => DECISIVE.has(name))
      const live = assumed.length === 0 ? undefined : livePod()
      if (live === undefined) return { kind: 'admitted', pod: answer.pod, assumed }
      return { kind: 'admitted', pod: like(pod, live), assumed: assumed.filter(name => !PROVED_BY_LIVE_PODS.has(name)) }
    }
    const live = livePod()
    const best = live === undefined ? this.#withoutObjections(pod) : like(pod, live)
    if (answer.kind === 'unknown') {
      if (live !== undefined) return { kind: 'admitted', pod: best, assumed: [] }
      return { kind: 'unknown', pod: best, needs: answer.needs, detail: answer.detail }
    }
    // A pod of this template stands in the cluster: what the dump has of the template is not all of it.
    if (live !== undefined && (answer.by === 'decoding' || answer.by === 'validation'))
      return { kind: 'admitted', pod: best, assumed: [] }
    const told = refusedBy(answer.message)
    return { kind: 'refused', pod: best, by: told === SOMEBODY ? answer.by : told, message: answer.message }
  }

  #withoutObjections(pod: Pod): Pod {
    const answer = this.#lax().admitPod(pod)
    if (answer.kind === 'admitted') return answer.pod
    const { priorityClassName: _, runtimeClassName: __, ...spec } = pod.spec
    const bare = this.#lax().admitPod({ ...pod, spec })
    return bare.kind === 'admitted' ? { ...bare.pod, spec: { ...bare.pod.spec, ...classNameOf(pod) } } : pod
  }
}

function classNameOf({ spec }: Pod): { readonly priorityClassName?: string } {
  return spec.priorityClassName === undefined ? {} : { priorityClassName: spec.priorityClassName }
}

/** The pod to be made with what admission gave to its sibling. */
function like(pod: Pod, live: Pod): Pod {
  const { nodeName: _, ...spec } = live.spec
  return { ...pod, spec }
}

/** Absent lists are left out: to admission they are unknown then. */
function known<T extends object>(lists: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
