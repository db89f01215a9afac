import type { Pod, PodStatus } from '../api/core.ts'
import type { Condition } from '../api/meta.ts'

export const isBound = (pod: Pod): boolean => Boolean(pod.spec.nodeName)
export const isTerminating = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined
export const isFinished = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'

export const isReady = (pod: Pod): boolean => conditionOf(pod, 'Ready')?.status === 'True'

export function conditionOf(pod: Pod, type: string): Condition | undefined {
  return pod.status?.conditions?.find(condition => condition.type === type)
}

export function withStatus(pod: Pod, status: Partial<PodStatus>): Pod {
  return { ...pod, status: { ...pod.status, ...status } }
}

/** The pod with this condition in place of the one of its type. */
export function withCondition(pod: Pod, condition: Condition): Pod {
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== condition.type)
  return withStatus(pod, { conditions: [...others, condition] })
}

export function withoutNomination(pod: Pod): Pod {
  if (pod.status?.nominatedNodeName === undefined) return pod
  const { nominatedNodeName: _, ...status } = pod.status
  return { ...pod, status }
}

/** Whether a change of a pod can make its controller do something: it went, ends, ended, turned ready or not, or has other labels. */
export function matters(before: Pod | undefined, after: Pod | undefined): boolean {
  if (before === undefined || after === undefined) return after === undefined || isFinished(after)
  return (
    isTerminating(before) !== isTerminating(after) ||
    isFinished(before) !== isFinished(after) ||
    isReady(before) !== isReady(after) ||
    before.metadata.labels !== after.metadata.labels
  )
}
