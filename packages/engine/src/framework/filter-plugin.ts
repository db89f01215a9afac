import type { Pod } from '../api/core.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import type { Reason, StatusCode } from './status.ts'

/** What `filter` returns: 0, or why not. Numbers so that a sweep over nodes allocates nothing. */
export const FITS = 0
export const UNSCHEDULABLE = 1
export const UNRESOLVABLE = 2
export type FilterCode = typeof FITS | typeof UNSCHEDULABLE | typeof UNRESOLVABLE

/** The API's word for a filter code. */
export function statusCode(code: FilterCode): StatusCode {
  if (code === FITS) return 'Success'
  return code === UNSCHEDULABLE ? 'Unschedulable' : 'UnschedulableAndUnresolvable'
}

/** A plugin that has read one pod; asked node by node. */
export interface PreparedFilter {
  /** The plugin's public name, as in kube-scheduler's messages. */
  readonly plugin: string
  /** The verdict on a node. Allocates nothing. */
  filter(node: number): FilterCode
  /** `filter` for every node whose code is still FITS, in one pass; absent where a loop over `filter` is as good. */
  sweep?(codes: Uint8Array): void
  /** The reasons of that verdict as text only: cheaper than `explain`. */
  texts(node: number): readonly string[]
  /** Every reason of that verdict; empty exactly when `filter` says FITS. */
  explain(node: number): readonly Reason[]
  /** Present if the verdict depends on counts over other pods: told of each pod that preemption takes or puts back (PreFilterExtensions). */
  readonly counts?: PodCounts | undefined
}

export interface PodCounts {
  podAdded(pod: Pod, node: number): void
  podRemoved(pod: Pod, node: number): void
  /** Remembers the counts; the function that it returns puts them back. */
  save(): () => void
}

/** What a plugin's PreFilter says of a pod (`PreFilter`, k8s.io/kube-scheduler framework/interface.go, v1.36.2). */
export type PreFilterResult =
  | { readonly kind: 'skip' }
  /** `nodes`: names of the only nodes that need to be looked at. */
  | { readonly kind: 'filter'; readonly filter: PreparedFilter; readonly nodes?: ReadonlySet<string> }
  /** The pod is rejected as a whole. */
  | {
      readonly kind: 'rejected'
      readonly code: 'Unschedulable' | 'UnschedulableAndUnresolvable'
      readonly message: string
    }
  | { readonly kind: 'error'; readonly message: string }
  /** The plugin would judge this pod, but a list that it reads is not there, or it is not modelled. */
  | { readonly kind: 'unknown' }

/** One filter of the default profile. */
export interface FilterPlugin {
  readonly name: string
  /** Set on a plugin that skips a pod without claims and in-tree disks. */
  readonly reads?: 'volumes'
  prepare(pod: Pod, snapshot: ClusterSnapshot): PreFilterResult
}

export const SKIP: PreFilterResult = { kind: 'skip' }
