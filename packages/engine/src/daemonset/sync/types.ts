import type { ControllerRevision, DaemonSet, DaemonSetStatus } from '../../api/apps.ts'
import type { Node, Pod } from '../../api/core.ts'
import type { KubernetesVersion } from '../../versions.ts'

/**
 * Takes `n` different names of `from`, where the controller takes the first `n` of a Go map's random order; `n` is less than
 * the length of `from`. Any answer is one that the real controller may give.
 */
export type Choose = (n: number, from: readonly string[]) => readonly string[]

/** What the DaemonSet controller's informers know before a sync; objects are as the API server stores them, with all defaults. */
export interface DaemonSetSyncInput {
  readonly daemonSet: DaemonSet
  readonly controllerRevisions: readonly ControllerRevision[]
  /** Creates are told in this order, and so are deletes. */
  readonly nodes: readonly Node[]
  readonly pods: readonly Pod[]
  /** RFC 3339. */
  readonly now: string
  /**
   * When the controller killed failed pods of the DaemonSet's present `status.observedGeneration`, by node; RFC 3339, the oldest
   * first. Each sync tells in `kills` which nodes to add at `now`.
   */
  readonly kills?: Readonly<Record<string, readonly string[]>>
  /** Hash of the revision that is the present template, where the caller keeps the revisions: they are left alone. */
  readonly hash?: string
  /** Decides the hash of a revision that is made, and the words about an unreadable selector. */
  readonly version?: KubernetesVersion
}

/** Names that the controller takes, where the order of a Go map decides between some of them. */
export interface Drawn {
  /** Taken in any case; by name. */
  readonly forced: readonly string[]
  /** How many of `from` are taken, fewer than there are. */
  readonly chooseN: number
  /** By name. Of several failed pods of a node one is taken, otherwise any may be. */
  readonly from: readonly string[]
  /** One outcome: all that are forced and what was chosen, in the order of the input. */
  readonly taken: readonly string[]
}

/** An event about the DaemonSet, without those that creates and deletes imply. */
export interface DaemonSetEvent {
  readonly type: 'Normal' | 'Warning'
  readonly reason: 'FailedDaemonPod' | 'SucceededDaemonPod' | 'SelectingAll'
  readonly message: string
  /** True if it is about a pod that was chosen: with another choice it is about another. */
  readonly drawn?: true
}

/** A write to a ControllerRevision, in the order in which they are written. */
export type RevisionWrite =
  | { readonly kind: 'adopt' | 'release' | 'delete'; readonly name: string }
  | { readonly kind: 'create' | 'update'; readonly name: string; readonly revision: ControllerRevision }

/** What one sync of the DaemonSet controller writes. */
export interface DaemonSetSync {
  /** Names of nodes. */
  readonly creates: Drawn
  /** Names of pods. */
  readonly deletes: Drawn
  /** Names of pods that get the DaemonSet's controller reference. */
  readonly adopts: readonly string[]
  /** Names of pods that lose it, since the selector no longer selects them. */
  readonly releases: readonly string[]
  /** Hash of the present template, which created pods have as a label; undefined if the sync did not come that far. */
  readonly hash?: string
  readonly revisions: readonly RevisionWrite[]
  /** Names of pods that get `hash` as their label, since their revision is a duplicate of the present one. */
  readonly relabels: readonly string[]
  /** Nodes whose failed pod was killed now, also if the burst limit kept it. */
  readonly kills: readonly string[]
  /** Undefined if it is not written. It counts the pods before the sync. */
  readonly status?: DaemonSetStatus
  /** Seconds until the DaemonSet is to be looked at again. */
  readonly requeueAfter?: number
  readonly events: readonly DaemonSetEvent[]
  /** What the sync failed with, after which it is tried again with a rate limit. */
  readonly error?: string
}
