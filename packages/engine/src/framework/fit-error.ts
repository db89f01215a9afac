import type { VersionDifferences } from '../versions.ts'
import { byCodeUnit } from './prepared-pod.ts'

/** One node's part of a failure: its own reasons, or none if it was never looked at. */
export interface FitErrorNodes {
  /** Reasons of the nodes that were looked at, one list a node. */
  readonly explicit: readonly (readonly string[])[]
  readonly total: number
  /** Reason shared by the nodes that were not looked at. */
  readonly absent: string | undefined
}

const CLAIMS = 'no new claims to deallocate'

/** `0/5 nodes are available: 1 Insufficient cpu, 4 …`: reasons counted and sorted as text (`FitError.Error`, kubernetes pkg/scheduler/framework/types.go, v1.36.2). */
export function fitErrorText(
  { explicit, total, absent }: FitErrorNodes,
  preFilterMessage?: string,
  postFilterMessage?: string,
): string {
  const parts = [`0/${total} nodes are available:`]
  if (preFilterMessage) parts.push(`${preFilterMessage}.`)
  else {
    const histogram =
      explicit.length === 1 ? ofOneNode(explicit[0]!, total, absent) : ofManyNodes(explicit, total, absent)
    if (histogram.length > 0) parts.push(`${histogram.join(', ')}.`)
  }
  if (postFilterMessage) parts.push(postFilterMessage)
  return parts.join(' ')
}

/** The reasons of one node are all different, and differ from the reason that the others share. */
function ofOneNode(texts: readonly string[], total: number, absent: string | undefined): readonly string[] {
  const histogram = texts.map(text => `1 ${text}`)
  if (absent !== undefined && total > 1) {
    if (texts.includes(absent)) return ofManyNodes([texts], total, absent)
    histogram.push(`${total - 1} ${absent}`)
  }
  return histogram.length < 2 ? histogram : histogram.sort(byCodeUnit)
}

function ofManyNodes(
  explicit: readonly (readonly string[])[],
  total: number,
  absent: string | undefined,
): readonly string[] {
  const counts = new Map<string, number>()
  const count = (reason: string, by: number) => counts.set(reason, (counts.get(reason) ?? 0) + by)
  for (const reasons of explicit) for (const reason of reasons) count(reason, 1)
  if (absent !== undefined && explicit.length < total) count(absent, total - explicit.length)
  return [...counts].map(([reason, times]) => `${times} ${reason}`).sort(byCodeUnit)
}

/** What the PostFilter phase says in all: DynamicResources has its own sentence until 1.36 (kubernetes#140222), DefaultPreemption follows. */
export function postFilterText(preemption: string, { claimsSentence }: VersionDifferences): string {
  const said = preemption === '' ? '' : `preemption: ${preemption}`
  if (!claimsSentence) return said
  return said === '' ? CLAIMS : `${CLAIMS}, ${said}`
}
