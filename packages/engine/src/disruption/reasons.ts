/** Why a node is disrupted, as budgets name it (sigs.k8s.io/karpenter `pkg/apis/v1/nodepool.go`, v1.14.1). */
export type DisruptionReason = 'Empty' | 'Underutilized' | 'Drifted'

/** `graceful` respects PodDisruptionBudgets and do-not-disrupt; `eventual` may pass over them where a terminationGracePeriod ends the wait. */
export type DisruptionClass = 'graceful' | 'eventual'
