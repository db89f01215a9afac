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

/** How many nodes give a reason; the number as text. */
interface Counted {
  readonly count: string
  readonly reason: string
}

/** `0/5 nodes are available: 1 Insufficient cpu, 4 …`: reasons counted and sorted as text (`FitError.Error`, kubernetes pkg/scheduler/framework/types.go, v1.36.2). */
export function fitErrorText(nodes: FitErrorNodes, preFilterMessage?: string, postFilterMessage?: string): string {
  let text = `0/${nodes.total} nodes are available:`
  if (preFilterMessage) text += ` ${preFilterMessage}.`
  else {
    const histogram = histogramOf(nodes)
    for (let index = 0; index < histogram.length; index++) {
      const { count, reason } = histogram[index]!
      text += `${index === 0 ? ' ' : ', '}${count} ${reason}`
    }
    if (histogram.length > 0) text += '.'
  }
  return postFilterMessage ? `${text} ${postFilterMessage}` : text
}

function histogramOf({ explicit, total, absent }: FitErrorNodes): readonly Counted[] {
  const histogram =
    explicit.length === 1 ? ofOneNode(explicit[0]!, total, absent) : ofManyNodes(explicit, total, absent)
  if (histogram.length === 2 && byText(histogram[0]!, histogram[1]!) > 0) histogram.reverse()
  return histogram.length < 3 ? histogram : histogram.sort(byText)
}

/** As `count reason` compares: behind a number that ends comes a space, which is less than any digit. */
function byText(a: Counted, b: Counted): number {
  return a.count === b.count ? byCodeUnit(a.reason, b.reason) : byCodeUnit(a.count, b.count)
}

/** The reasons of one node are all different, and differ from the reason that the others share. */
function ofOneNode(texts: readonly string[], total: number, absent: string | undefined): Counted[] {
  if (absent !== undefined && total > 1 && texts.includes(absent)) return ofManyNodes([texts], total, absent)
  const histogram: Counted[] = []
  for (const reason of texts) histogram.push({ count: '1', reason })
  if (absent !== undefined && total > 1) histogram.push({ count: String(total - 1), reason: absent })
  return histogram
}

function ofManyNodes(explicit: readonly (readonly string[])[], total: number, absent: string | undefined): Counted[] {
  const counts = new Map<string, number>()
  const count = (reason: string, by: number) => counts.set(reason, (counts.get(reason) ?? 0) + by)
  for (const reasons of explicit) for (const reason of reasons) count(reason, 1)
  if (absent !== undefined && explicit.length < total) count(absent, total - explicit.length)
  return Array.from(counts, ([reason, times]) => ({ count: String(times), reason }))
}

/** What the PostFilter phase says in all: DynamicResources has its own sentence until 1.36 (kubernetes#140222), DefaultPreemption follows. */
export function postFilterText(preemption: string, { claimsSentence }: VersionDifferences): string {
  const said = preemption === '' ? '' : `preemption: ${preemption}`
  if (!claimsSentence) return said
  return said === '' ? CLAIMS : `${CLAIMS}, ${said}`
}
