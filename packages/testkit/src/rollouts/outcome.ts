/** What became of one DaemonSet on one node. */
export interface DaemonPlace {
  readonly state: 'landed' | 'pending' | 'none'
  readonly message?: string
}

export interface OutcomeDaemonSet {
  readonly namespace: string
  readonly name: string
  readonly status: Readonly<Record<string, number>>
  readonly failedCreate: readonly string[]
  readonly perNode: Readonly<Record<string, DaemonPlace>>
}

export interface OutcomeNode {
  readonly pool?: string
  readonly instanceType?: string
  readonly capacityType?: string
  readonly before?: boolean
  readonly after?: boolean
}

/** The parts of an `outcome.json` that its canonical form is made of. */
export interface Outcome {
  readonly scenario: string
  readonly daemonSets: readonly OutcomeDaemonSet[]
  readonly preempted: readonly { readonly owner?: string; readonly priority?: number; readonly node?: string }[]
  readonly newNodeClaims: readonly {
    readonly nodePool: string
    readonly instanceType: string
    readonly capacityType: string
    readonly pods: readonly { readonly owner: string; readonly count: number }[]
  }[]
  readonly nodesRemoved: readonly { readonly node: string }[]
  readonly pendingPods: readonly { readonly owner: string; readonly count: number }[]
  readonly nodes: Readonly<Record<string, OutcomeNode>>
}

/** Counts and sets instead of names and times; fields of DaemonSets are kept by `namespace/name`. */
export interface CanonicalOutcome {
  readonly daemonSets: Readonly<Record<string, unknown>>
  readonly status: Readonly<Record<string, unknown>>
  readonly messages: Readonly<Record<string, readonly string[]>>
  readonly failedCreate: Readonly<Record<string, readonly string[]>>
  readonly victims: Counts
  readonly victimsPerNode: readonly string[]
  readonly victimsOnNewNodes: Counts
  readonly newNodeClaims: Counts
  readonly newNodeClaimPods: readonly string[]
  readonly nodesRemoved: Counts
  readonly nodesAfter: Counts
  readonly pendingPods: Counts
}

export type Counts = Readonly<Record<string, number>>

/** A recorded outcome: what happened, what it comes to, what other runs came to. */
export interface RecordedOutcome extends Outcome {
  readonly canonical: CanonicalOutcome
  readonly runs: readonly CanonicalOutcome[]
  /** Names of fields that are decided by lot. */
  readonly random: readonly string[]
  /** Of these, fields with too many outcomes to demand one. */
  readonly open?: readonly string[]
}
