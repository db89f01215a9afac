import type { AdmissionPlugins } from '../admission/types.ts'
import type { Taint, Toleration } from '../api/core.ts'

/** A pod named by what matters to a reader: its owner at the top (`Deployment/web`), where it is and what its going costs. */
export interface PodRef {
  readonly namespace: string
  readonly name: string
  /** `Kind/name` of the top owner; `Pod/name` for a bare pod. */
  readonly owner: string
  readonly priority: number
  readonly priorityClassName?: string
  /** True if a DaemonSet owns it: nothing brings it to another node. */
  readonly daemon: boolean
  readonly graceSeconds: number
  /** Namespace/name of budgets that its eviction would break now. */
  readonly pdbViolated: boolean
}

/** Quantities as the API spells them (`200m`, `256Mi`, `1`); `missing` is `0` where the resource suffices. */
export interface ResourceAmount {
  readonly resource: string
  readonly asked: string
  readonly free: string
  readonly allocatable: string
  readonly missing: string
  /** The largest free amount on any node of the group, where its nodes differ; the other fields are those of its first node. */
  readonly mostFree?: string
}

/** Who holds a resource that is missing, summed by owner and priority; largest first. */
export interface Holder {
  /** `Deployment/web`, or `DaemonSets` for all daemons together. */
  readonly owner: string
  readonly priority: number
  /** Where daemons differ in priority: that of the lowest; `priority` is that of the highest. */
  readonly lowestPriority?: number
  readonly pods: number
  readonly requested: Readonly<Record<string, string>>
}

/** Why a node is left out on purpose, by oversight, or nobody said (DESIGN §3, "Intended or gap?"). */
export type Intent = 'meant' | 'stated' | 'likely-gap' | 'unknown' | 'irrelevant'

/** What becomes of one DaemonSet on one node. */
export type Verdict =
  | { readonly kind: 'landed'; readonly ready: boolean; readonly notReadyReason?: string; readonly outdated?: boolean }
  /** No pod yet, or a Pending one, and the scheduler would bind it now. */
  | { readonly kind: 'fits' }
  | {
      readonly kind: 'preempts'
      readonly victims: readonly PodRef[]
      /** Absent where no budgets are known. */
      readonly pdbViolations?: number
      /** The longest of any victim in the group. */
      readonly graceSeconds: number
      readonly amounts: readonly ResourceAmount[]
      readonly reasons: readonly string[]
    }
  | {
      readonly kind: 'waits'
      readonly for: 'victims' | 'old pod' | 'startup taint' | 'node joining' | 'node leaving'
      readonly detail: string
      readonly taint?: Taint
      readonly graceSeconds?: number
    }
  | {
      readonly kind: 'blocked'
      readonly reasons: readonly string[]
      readonly plugins: readonly string[]
      readonly amounts: readonly ResourceAmount[]
      readonly whyNoPreemption?: string
      readonly taint?: Taint
      readonly port?: string
    }
  | { readonly kind: 'refused'; readonly by: string; readonly message: string }
  | {
      readonly kind: 'skipped'
      readonly by: 'selector' | 'affinity' | 'nodeName' | 'untolerated taint'
      readonly intent: Intent
      readonly detail: string
      readonly taint?: Taint
    }
  /** Partial data: the list that is missing decides. */
  | { readonly kind: 'unknown'; readonly needs: readonly string[]; readonly detail: string }

/** Equal verdicts on equal nodes, told once. */
export interface VerdictGroup {
  readonly verdict: Verdict
  readonly pool?: string
  readonly instanceType?: string
  /** All nodes of the group, sorted by name. */
  readonly nodes: readonly string[]
  /** Set where `should` does not count these nodes: left out on purpose, joining, leaving, or nobody said what is meant. */
  readonly uncounted?: true
  /** Holders of the missing resources on the first node of the group. */
  readonly heldBy: readonly Holder[]
  /** Of `preempts`: the victims on all nodes of the group by owner, most pods first; the verdict names those of the first node. */
  readonly evictions?: readonly {
    readonly owner: string
    readonly priority: number
    readonly pods: number
    readonly daemon: boolean
  }[]
  /** The scheduler's message as this engine writes it for the first node. */
  readonly message?: string
  /** RFC 3339: the oldest Pending pod or refusal of the group. */
  readonly since?: string
  /** Can it get better by itself? `false` for a full node without victims, `true` for a node that joins. */
  readonly waitingHelps: boolean
  readonly waitingWhy: string
}

/** One change that was proved by forecasting again; never a guess. */
export interface Remedy {
  readonly kind:
    | 'wait'
    | 'toleration'
    | 'exclude'
    | 'class'
    | 'create class'
    | 'lower request'
    | 'fix class name'
    | 'raise quota'
    | 'label namespace'
    | 'replace nodes'
  /** One line in the words of the manifest: `priorityClassName: qovery-high-priority (1000000)`. */
  readonly change: string
  /** Where to write it: `spec.template.spec.tolerations`, `agents.priorityClassName in the values of release datadog`. */
  readonly where: string
  readonly tolerations?: readonly Toleration[]
  readonly priorityClassName?: string
  readonly priority?: number
  /** Proved on existing nodes. */
  readonly coveredBefore: number
  readonly coveredAfter: number
  readonly of: number
  readonly evictions: readonly { readonly owner: string; readonly pods: number; readonly daemon: boolean }[]
  /** Absent where no budgets are known and somebody is evicted. */
  readonly pdbViolations?: number
  /** Evicted daemon pods that find no room on their node again: coverage that other DaemonSets lose. */
  readonly daemonsLost?: number
  /** Running pods of the DaemonSet that the template change replaces. */
  readonly restarts: number
  /** Longest grace of a victim: what a node waits at most. */
  readonly graceSeconds: number
  /** New nodes and $: a fact that is not known says so, with the reason. */
  readonly newNodes: string
  readonly costPerHour: string
  readonly caution?: string
}

/** Who wrote the DaemonSet and where a change belongs (DESIGN §2). */
export interface Source {
  readonly kind: 'argocd' | 'flux' | 'helm' | 'operator' | 'eks-addon' | 'manifest' | 'unknown'
  /** `Helm release datadog, chart datadog-3.150.1`. */
  readonly text: string
}

export interface StatusCounts {
  readonly desired: number
  readonly current: number
  readonly ready: number
  readonly available: number
  readonly updated: number
  readonly misscheduled: number
}

export interface DaemonSetCoverage {
  readonly namespace: string
  readonly name: string
  /** What the API server would store for its pod, by resource. */
  readonly asks: Readonly<Record<string, string>>
  readonly priority: number
  readonly priorityClassName?: string
  readonly preemptionPolicy: string
  readonly source: Source
  /** Current revision and its age, where ControllerRevisions are known. */
  readonly revision?: { readonly number: number; readonly since?: string }
  /** Nodes that should have it: desired by the controller, plus gaps that are likely not meant. Leaving nodes are not counted. */
  readonly should: number
  readonly landed: number
  readonly ready: number
  readonly status?: StatusCounts
  /** Set where the status hides trouble: `status says 3 of 3, without 3 nodes tainted …` (F08, F31). */
  readonly statusLies?: string
  readonly groups: readonly VerdictGroup[]
  /** At most one, proved; absent if none helps, then `noRemedy` says why. */
  readonly remedy?: Remedy
  readonly noRemedy?: string
}

/** One cause across all DaemonSets: a line of `everynode why`. */
export interface Cause {
  readonly kind:
    | 'full'
    | 'taint'
    | 'refused'
    | 'port'
    | 'affinity'
    | 'too big'
    | 'pod slots'
    | 'waiting'
    | 'joining'
    | 'leaving'
    | 'not ready'
    | 'fits'
    | 'preempting'
    | 'unknown'
    | 'other'
  /** `34 nodes of default are full`. */
  readonly text: string
  readonly nodes: number
  readonly daemonSets: readonly { readonly namespace: string; readonly name: string; readonly nodes: number }[]
  readonly since?: string
  readonly waitingHelps: boolean
  readonly severity: 'missing' | 'waits' | 'unknown'
}

/** An untolerated taint of a pool about which nobody said what is meant. */
export interface IntentQuestion {
  readonly taint: string
  readonly pool?: string
  readonly nodes: number
  readonly daemonSets: readonly string[]
}

/** The engine's answers against what this cluster's own scheduler said and did. */
export interface SelfCheck {
  readonly messages: { readonly agree: number; readonly of: number; readonly stale: number }
  readonly placements: { readonly agree: number; readonly of: number }
  readonly differences: readonly {
    readonly pod: string
    readonly node?: string
    readonly theirs: string
    readonly ours: string
  }[]
}

export interface Coverage {
  readonly apiVersion: 'everynode.dev/v1alpha1'
  readonly kind: 'Coverage'
  readonly cluster: {
    readonly name?: string
    readonly kubernetesVersion: string
    /** Where the version comes from. */
    readonly kubernetesVersionFrom: 'dump' | 'kubelets' | 'option' | 'default'
    /** The version whose model answers: 1.34, 1.35, 1.36 or 1.37. */
    readonly model: string
    readonly karpenter: boolean
    readonly nodes: number
    readonly daemonSets: number
    readonly takenAt?: string
  }
  readonly daemonSets: readonly DaemonSetCoverage[]
  readonly causes: readonly Cause[]
  readonly questions: readonly IntentQuestion[]
  /** Lists that the dump does not hold and what the answer cannot say without them. */
  readonly unknown: readonly { readonly list: string; readonly effect: string }[]
  readonly selfCheck: SelfCheck
  /** Statements of intent whose `expires` has passed. */
  readonly expiredIntent?: readonly IntentStatement[]
}

/**
 * What somebody said about nodes that a taint keeps DaemonSets from: `meant` leaves them out on purpose, `gap` wants them covered.
 * A part that is absent matches everything; names may hold `*`.
 */
export interface IntentStatement {
  readonly says: 'meant' | 'gap'
  /** Key of the taint, or `key:Effect`. */
  readonly taint?: string
  readonly pool?: string
  /** `namespace/name`. */
  readonly daemonSets?: readonly string[]
  readonly reason: string
  /** RFC 3339 date or time; from then on the statement says nothing and is listed in `Coverage.expiredIntent`. */
  readonly expires?: string
}

/** What the caller of `cover` knows besides the dump. */
export interface CoverOptions {
  /** Overrides the dump's server version: `1.36`, `v1.36.2`. */
  readonly kubernetesVersion?: string
  /** Name of the cluster for the header. */
  readonly clusterName?: string
  /** Admission plugins that are on beside the defaults; without it, what a namespace's annotations say to them is unknown. */
  readonly admissionPlugins?: AdmissionPlugins
  /** DaemonSets to answer for, as `namespace/name`; all of them without it. The self-check takes the whole dump always. */
  readonly only?: ReadonlySet<string>
  /** NodePools outside this list are left out on purpose. */
  readonly onlyPools?: readonly string[]
  /** NodePools of this list are left out on purpose. */
  readonly exceptPools?: readonly string[]
  readonly intent?: readonly IntentStatement[]
  /** Nodes to answer for, by name; all of them without it. */
  readonly nodes?: ReadonlySet<string>
  /** RFC 3339; what ages are counted from where the dump has no `takenAt`. */
  readonly now?: string
  /** `cause` (default) tells nodes of one cause once; `node` makes a group of each node that is not covered. */
  readonly grouping?: 'cause' | 'node'
  /** `false` leaves out the search for remedies. */
  readonly remedies?: boolean
}
