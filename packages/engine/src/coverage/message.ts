import type { KubernetesVersion } from '../versions.ts'
import { meaningOf } from './message-reasons.ts'

/** One entry of the histogram of a FailedScheduling message, with what it means. */
export interface MessageReason {
  /** Nodes with this reason; absent for a reason of the whole pod. */
  readonly count?: number
  readonly text: string
  /** False if no kube-scheduler of 1.34–1.37 writes this text, or if it is cut off. */
  readonly known: boolean
  readonly plugin?: string
  /** `plugins` of `node(s) didn't satisfy plugin(s) [...]`. */
  readonly plugins?: readonly string[]
  readonly evictable?: boolean
  readonly means: string
  readonly helps?: string
}

/** How preemption ended, as the message tells it. */
export type MessagePreemption =
  | { readonly kind: 'victims found'; readonly node?: string; readonly victims?: number }
  | { readonly kind: 'no node helps'; readonly reasons: readonly MessageReason[] }
  | { readonly kind: 'not eligible'; readonly why: string }
  | { readonly kind: 'not tried' }
  | { readonly kind: 'not told' }
  | { readonly kind: 'unknown'; readonly text: string }

/** A FailedScheduling message in parts. */
export type SchedulingMessage =
  | {
      readonly kind: 'failed scheduling'
      /** Nodes in the scheduler's snapshot. */
      readonly nodes: number
      /** Set if a plugin rejected the pod before any node was looked at; `reasons` is empty then. */
      readonly preFilter?: MessageReason
      readonly reasons: readonly MessageReason[]
      readonly preemption: MessagePreemption
      /** True if the text is the event's, cut to 1024 bytes. */
      readonly truncated: boolean
      /** True if all nodes but one were left out by pinning: a DaemonSet pod. */
      readonly pinned: boolean
      /** Versions whose scheduler can have written it, as far as the text tells. */
      readonly versions: readonly KubernetesVersion[]
      readonly explanation: readonly string[]
    }
  | { readonly kind: 'no nodes'; readonly explanation: readonly string[] }
  | { readonly kind: 'not a scheduling message'; readonly explanation: readonly string[] }

const HEAD = /(\d+)\/(\d+) nodes are available:/
const CLAIMS = 'no new claims to deallocate'

/**
 * Reads a FailedScheduling message as kube-scheduler 1.34–1.37 writes it (`framework/types.go` FitError, `defaultpreemption`, v1.36.2),
 * also with what `kubectl describe` prints before it, and cut to 1024 bytes. Text that it does not know is said to be unknown.
 */
export function parseSchedulingMessage(text: string): SchedulingMessage {
  const flat = text.replace(/\s+/g, ' ').trim()
  if (/no nodes available to schedule pods/.test(flat)) {
    return { kind: 'no nodes', explanation: ['The scheduler sees no node at all.'] }
  }
  const head = HEAD.exec(flat)
  if (head?.[1] !== '0') {
    return {
      kind: 'not a scheduling message',
      explanation: [
        'No `0/N nodes are available: …` in it: this is not what kube-scheduler writes when a pod fits nowhere.',
      ],
    }
  }
  const nodes = Number(head[2])
  const body = flat.slice(head.index + head[0].length).trim()
  const truncated = body.endsWith('...')
  const { histogram, tail } = splitTail(truncated ? body.slice(0, -3).trimEnd() : body)
  const entries = histogram === '' ? [] : entriesOf(histogram, truncated && tail === undefined)
  const counted = entries.filter(entry => entry.count !== undefined)
  const preFilter = counted.length === 0 ? entries[0] : undefined
  const preemption = told(outcomeOf(tail, truncated), entries)
  const pinned = isPinned(counted, nodes)
  return {
    kind: 'failed scheduling',
    nodes,
    ...(preFilter === undefined ? {} : { preFilter }),
    reasons: counted,
    preemption,
    truncated,
    pinned,
    versions: versionsOf(flat, preemption, truncated),
    explanation: explain(nodes, counted, preFilter, preemption, pinned, truncated),
  }
}

function splitTail(body: string): { readonly histogram: string; readonly tail: string | undefined } {
  const starts = [CLAIMS, 'preemption: '].map(mark => body.indexOf(mark)).filter(index => index >= 0)
  const notFound = /\. (not found)\.?$/.exec(body)
  if (notFound && starts.length === 0) return { histogram: body.slice(0, notFound.index), tail: 'not found' }
  if (starts.length === 0) return { histogram: withoutStop(body), tail: undefined }
  const start = Math.min(...starts)
  return { histogram: withoutStop(body.slice(0, start).trim()), tail: body.slice(start) }
}

function withoutStop(text: string): string {
  return text.endsWith('.') ? text.slice(0, -1) : text
}

/** Entries are split at a comma that a count follows: reason texts have commas of their own. */
function entriesOf(histogram: string, lastIsCut: boolean): readonly MessageReason[] {
  const parts = histogram.split(/, (?=\d+ )/)
  return parts.map((part, i) => reasonOf(part, lastIsCut && i === parts.length - 1))
}

function reasonOf(part: string, cut: boolean): MessageReason {
  const match = /^(\d+) (.+)$/.exec(part)
  const text = match?.[2] ?? part
  const count = match ? { count: Number(match[1]) } : {}
  const meaning = meaningOf(text)
  if (!meaning) {
    const means = cut
      ? 'the text is cut off here'
      : 'no kube-scheduler of 1.34–1.37 writes this; another scheduler or plugin may'
    return { ...count, text, known: false, means }
  }
  const plugins = /plugin\(s\) \[(.+)\]/.exec(text)?.[1]?.split(' ')
  return { ...count, text, known: true, ...meaning, ...(plugins === undefined ? {} : { plugins }) }
}

function outcomeOf(tail: string | undefined, truncated: boolean): MessagePreemption {
  if (tail === undefined) return truncated ? { kind: 'not told' } : { kind: 'victims found' }
  if (tail === 'not found') return { kind: 'not tried' }
  const at = tail.indexOf('preemption: ')
  if (at < 0)
    return truncated
      ? { kind: 'not told' }
      : tail.startsWith(CLAIMS)
        ? { kind: 'not tried' }
        : { kind: 'unknown', text: tail }
  const text = tail.slice(at + 'preemption: '.length)
  const found = /^found a potential placement for pod on node (\S+), preempting (\d+) victims?\.?$/.exec(text)
  if (found) return { kind: 'victims found', node: found[1]!, victims: Number(found[2]) }
  const never = /^not eligible due to (.+?)\.?$/.exec(text)
  if (never) return { kind: 'not eligible', why: never[1]! }
  const nested = HEAD.exec(text)
  if (nested) {
    const rest = withoutStop(text.slice(nested.index + nested[0].length).trim())
    return { kind: 'no node helps', reasons: rest === '' ? [] : entriesOf(rest, truncated) }
  }
  return truncated ? { kind: 'not told' } : { kind: 'unknown', text: withoutStop(text) }
}

/** Victims are looked for only where a reason can go by evicting; without one, the end of the text is missing. */
function told(preemption: MessagePreemption, entries: readonly MessageReason[]): MessagePreemption {
  const silent = preemption.kind === 'victims found' && preemption.node === undefined
  return silent && !entries.some(({ evictable = true }) => evictable) ? { kind: 'not told' } : preemption
}

function isOtherNodes(reason: MessageReason): boolean {
  return reason.plugins !== undefined || /node affinity\/selector$/.test(reason.text)
}

function isPinned(reasons: readonly MessageReason[], nodes: number): boolean {
  const others = reasons.find(isOtherNodes)?.count
  return others !== undefined && (others === nodes - 1 || others === nodes)
}

function versionsOf(flat: string, preemption: MessagePreemption, truncated: boolean): readonly KubernetesVersion[] {
  if (/untolerated taint \{/.test(flat)) return ['1.34']
  if (flat.includes(CLAIMS)) return ['1.34', '1.35', '1.36']
  if (flat.includes('found a potential placement')) return ['1.37']
  if (['victims found', 'not tried', 'not told'].includes(preemption.kind) || truncated)
    return ['1.34', '1.35', '1.36', '1.37']
  return ['1.37']
}

function explain(
  nodes: number,
  reasons: readonly MessageReason[],
  preFilter: MessageReason | undefined,
  preemption: MessagePreemption,
  pinned: boolean,
  truncated: boolean,
): readonly string[] {
  const lines: string[] = []
  if (preFilter) lines.push(`No node was looked at: ${preFilter.text}: ${preFilter.means}.`)
  const own = reasons.filter(reason => !isOtherNodes(reason))
  if (pinned && own.length > 0)
    lines.push(`The pod may run on one node only (a DaemonSet pod); the other ${nodes - 1} are not at fault.`)
  else if (pinned && reasons.some(reason => reason.count === nodes))
    lines.push('The pod is pinned to a node that is not there any more.')
  else if (reasons.length > 0)
    lines.push(nodes === 1 ? 'The one node does not take the pod.' : `None of ${nodes} nodes takes the pod.`)
  for (const reason of own)
    lines.push(`${reason.text}: ${reason.means}.${reason.helps === undefined ? '' : ` Helps: ${reason.helps}.`}`)
  const also = reasons.flatMap(reason => reason.plugins ?? []).filter(plugin => plugin !== 'NodeAffinity')
  if (also.length > 0) lines.push(`The pod was nominated to a node once: ${also.join(', ')} rejected it there.`)
  lines.push(...preemptionLines(preemption, own, truncated))
  if (truncated)
    lines.push('The message is cut off: an event holds 1024 bytes; the pod’s PodScheduled condition holds all of it.')
  return lines
}

const NO_VICTIMS = 'No preemption victims found for incoming pod'
const NOT_HELPFUL = 'Preemption is not helpful'

function preemptionLines(
  preemption: MessagePreemption,
  own: readonly MessageReason[],
  truncated: boolean,
): readonly string[] {
  switch (preemption.kind) {
    case 'victims found':
      return preemption.node === undefined
        ? ['Preemption: the message ends without a reason, so victims were found; the pod is bound when they are gone.']
        : [
            `Preemption: ${preemption.victims} pods are evicted on ${preemption.node}; the pod is bound when they are gone.`,
          ]
    case 'not eligible':
      return preemption.why === 'preemptionPolicy=Never'
        ? [
            'Preemption: its PriorityClass forbids it (preemptionPolicy Never): the pod waits for room. Value and policy of a class are immutable: use another class.',
          ]
        : [
            'Preemption: victims of an earlier round are still terminating on the nominated node: wait for their grace period.',
          ]
    case 'not tried':
      return ['Preemption was not tried: the pod was rejected before any node was looked at.']
    case 'not told':
      return truncated
        ? []
        : ['Preemption: not told: the end of the message is missing. No eviction changes these reasons.']
    case 'unknown':
      return [`Preemption: ${preemption.text}: no kube-scheduler of 1.34–1.37 writes this.`]
    case 'no node helps': {
      const texts = preemption.reasons.map(reason => reason.text)
      const cut = truncated ? texts.at(-1) : undefined
      const tells = (whole: string): boolean =>
        texts.some(text => text.startsWith(whole)) || (cut !== undefined && cut.length > 8 && whole.startsWith(cut))
      if (tells(NO_VICTIMS))
        return ['Preemption: no pod there has a lower priority than this one; equal priority is not enough.']
      const still = texts.filter(
        text => !text.startsWith(NOT_HELPFUL) && !(text === cut && NOT_HELPFUL.startsWith(text)),
      )
      if (still.length > 0) return [`Preemption: even without all pods of lower priority: ${still.join(', ')}.`]
      return own.some(reason => reason.text.startsWith('Insufficient'))
        ? ['Preemption: not helpful: the request is above what the node can allocate at all.']
        : ['Preemption: not helpful: no eviction changes this reason.']
    }
  }
}
