import type { Taint, Toleration } from '../api/core.ts'
import type { Coverage, Holder, PodRef, ResourceAmount, SelfCheck, Source } from '../coverage/types.ts'
import type { Skew, VolumeCount } from '../framework/status.ts'

/** What may be asked about: a pod, or an object that makes pods. */
export type SubjectKind = 'Pod' | 'Deployment' | 'ReplicaSet' | 'StatefulSet' | 'Job'

/** One object, named as kubectl names it. */
export interface Subject {
  readonly kind: SubjectKind
  readonly namespace: string
  readonly name: string
}

/** How many pods there are, and how they do. */
export interface PodCounts {
  readonly pods: number
  readonly ready: number
  readonly pending: number
}

/** The object that was asked about, with the pods that it has. */
export interface ExplainedSubject extends Subject, PodCounts {
  /** `Deployment/web`: who is at the top; absent for an object of its own. */
  readonly owner?: string
  /** Who wrote the object and where a change belongs; absent where that object is not in the dump. */
  readonly source?: Source
  /** Pods that the spec asks for. */
  readonly wanted?: number
  /** Of a pod with an owner: how all pods of that owner do, itself among them. */
  readonly ownerPods?: PodCounts & { readonly wanted?: number }
  /** Pods that the API server refused to make, in its newest words. */
  readonly notMade?: { readonly by: string; readonly message: string; readonly since?: string }
}

/** A node that the scheduler would take now. */
export interface NodeChoice {
  readonly node: string
  /** Weighted sum of all score plugins; absent where one node fits and none is scored. */
  readonly score?: number
  /** Weighted score by plugin, those that give all nodes the same left out. */
  readonly byPlugin: Readonly<Record<string, number>>
  /** Nodes that fit. */
  readonly feasible: number
  /** Other nodes of the same score. */
  readonly tied: number
  /** The next best nodes. */
  readonly others: readonly { readonly node: string; readonly score: number }[]
  /** Why it may be another node of those that fit. */
  readonly uncertain?: string
}

/** What becomes of a pod. */
export type PodOutcome =
  | {
      readonly kind: 'bound'
      readonly ready: boolean
      readonly reason?: string
      readonly nodes: readonly { readonly node: string; readonly pods: number }[]
    }
  | { readonly kind: 'finished'; readonly phase: string; readonly reason?: string }
  | { readonly kind: 'terminating' }
  /** Pending, and the scheduler would bind it now; `landing` of the group's pods find room one after the other. */
  | { readonly kind: 'lands'; readonly choice: NodeChoice; readonly landing: number }
  /** No node takes it as it is; the scheduler would evict these pods of `node`. */
  | {
      readonly kind: 'preempts'
      readonly node: string
      /** Nodes on which evictions make room. */
      readonly candidates: number
      readonly victims: readonly PodRef[]
      /** Absent where no budgets are known. */
      readonly pdbViolations?: number
      readonly graceSeconds: number
      /** Why it may be another of the candidates. */
      readonly uncertain?: string
    }
  | {
      readonly kind: 'waits'
      readonly for: 'victims'
      readonly node: string
      readonly detail: string
      readonly graceSeconds: number
    }
  | { readonly kind: 'gated'; readonly gates: readonly string[] }
  /** No node takes it, whoever goes; `reason` is set where the pod was rejected before any node was looked at. */
  | {
      readonly kind: 'blocked'
      readonly reason?: {
        readonly plugin: string
        readonly text: string
        readonly means?: string
        readonly helps?: string
      }
    }
  | { readonly kind: 'unknown'; readonly needs: readonly string[]; readonly detail: string }

/** Pods that stand against a pod by affinity rules, in one topology domain. */
export interface Opponents {
  readonly owner: string
  readonly pods: number
  readonly example: string
  readonly topologyKey: string
  readonly domain: string
}

/** Nodes that answer a pod alike; numbers and names are those of `example`, the node that comes nearest. */
export interface PodNodeGroup {
  readonly kind: 'fits' | 'evictions help' | 'blocked' | 'not looked at'
  readonly pool?: string
  /** Nodes by instance type, most first. */
  readonly types: readonly { readonly instanceType: string; readonly nodes: number }[]
  /** Sorted by name. */
  readonly nodes: readonly string[]
  readonly example: string
  /** The scheduler's words; empty where the pod fits. */
  readonly reasons: readonly string[]
  readonly plugins: readonly string[]
  /** The reason with its names and numbers, where the amounts do not tell it. */
  readonly detail?: string
  readonly amounts: readonly ResourceAmount[]
  readonly heldBy: readonly Holder[]
  readonly taint?: Taint
  readonly port?: string
  readonly claim?: string
  readonly skew?: Skew
  readonly volumes?: VolumeCount
  readonly opponents: readonly Opponents[]
  /** Who would go on the example node, where evictions make room. */
  readonly victims: readonly PodRef[]
  readonly whyNoPreemption?: string
}

/** What the scheduler wrote into the pod, beside what this engine writes. */
export interface MessageBeside {
  readonly theirs: string
  /** Absent where the engine finds that the pod fits, or cannot tell. */
  readonly ours?: string
  readonly verdict: 'agrees' | 'differs' | 'stale' | 'not compared'
}

/** Pods of one subject that fare alike. */
export interface PodGroup {
  readonly outcome: PodOutcome
  /** Sorted by name. */
  readonly pods: readonly string[]
  readonly asks: Readonly<Record<string, string>>
  readonly priority: number
  readonly priorityClassName?: string
  readonly preemptionPolicy: string
  /** RFC 3339: since when the first of them is like this. */
  readonly since?: string
  readonly nominatedNode?: string
  /** All nodes, of a Pending pod that was held against them. */
  readonly nodes: readonly PodNodeGroup[]
  readonly message?: MessageBeside
  /** What Karpenter or the cluster-autoscaler said of them last. */
  readonly autoscaler?: { readonly reason: string; readonly message: string; readonly helps: boolean }
  readonly waiting: 'helps' | 'does not help' | 'cannot tell' | 'needless'
  readonly waitingWhy: string
}

/** One change that was proved by placing the Pending pods again, one after the other. */
export interface PodRemedy {
  readonly kind: 'wait' | 'toleration' | 'spread' | 'anti-affinity' | 'class' | 'create class'
  readonly change: string
  readonly where: string
  readonly tolerations?: readonly Toleration[]
  readonly priorityClassName?: string
  readonly priority?: number
  /** Of the `of` Pending pods, those that land with the change. */
  readonly landing: number
  readonly of: number
  readonly evictions: readonly { readonly owner: string; readonly pods: number; readonly daemon: boolean }[]
  /** Evicted pods, daemons aside, that find no room on the nodes that are there. */
  readonly homeless: number
  /** Absent where no budgets are known and somebody is evicted. */
  readonly pdbViolations?: number
  readonly graceSeconds: number
  /** Running pods that the change of their template replaces. */
  readonly restarts: number
  readonly newNodes: string
  readonly costPerHour: string
  readonly caution?: string
}

/** Why the pods of one subject are where they are, or are not. */
export interface PodExplanation {
  readonly apiVersion: 'everynode.dev/v1alpha1'
  readonly kind: 'PodExplanation'
  readonly cluster: Coverage['cluster']
  readonly subject: ExplainedSubject
  /** Trouble first. */
  readonly groups: readonly PodGroup[]
  /** At most one, proved; absent if nothing is wrong or none helps, then `noRemedy` says why. */
  readonly remedy?: PodRemedy
  readonly noRemedy?: string
  readonly unknown: Coverage['unknown']
  readonly selfCheck: {
    readonly messages: SelfCheck['messages']
    readonly differences: SelfCheck['differences']
  }
}

/** What the caller knows besides the dump. */
export interface ExplainOptions {
  readonly kubernetesVersion?: string
  readonly clusterName?: string
  /** RFC 3339; what ages are counted from where the dump has no `takenAt`. */
  readonly now?: string
  /** `cause` (default) tells the nodes of a pool once for each cause; `shape` also keeps instance types apart. */
  readonly grouping?: 'cause' | 'shape'
}
