import type { PodCounts, PodExplanation, PodGroup, PodRemedy } from '@everynode/engine'
import type { Again } from '../again.ts'
import { subjectWords } from '../subject.ts'
import { BLANK, type Line, layout, line, painted, whole } from '../terminal/layout.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { budgetsText, evictedText, INDENT } from './group.ts'
import { unknownLines } from './header.ts'
import { podGroupLines } from './pod-group.ts'
import { isTroubled, worstOfPods } from './pod-words.ts'
import { fitting } from './screen.ts'
import { compareText, count, duration, sinceText, thousands } from './words.ts'

interface Beside {
  /** Part of the input could not be read. */
  readonly partial: boolean
  readonly again: Again
}

/** `everynode why pod/NAME`, `deploy/NAME`: what becomes of the pods, at most a screen; every node and every text with `wide`. */
export function podPage(
  terminal: Terminal,
  explanation: PodExplanation,
  wide: boolean,
  beside: Beside,
): readonly string[] {
  if (wide) return layout(terminal, page(explanation, beside, { blocks: 1e9, lines: 0, message: true, wide }))
  return fitting(terminal, shrinking(explanation, beside))
}

interface Shown {
  /** Node groups told in blocks, and after them in lines, over all groups of pods. */
  readonly blocks: number
  readonly lines: number
  readonly message: boolean
  readonly wide?: boolean
}

/** Fewer and fewer blocks, then no message, then fewer lines. */
function* shrinking(explanation: PodExplanation, beside: Beside): Iterable<readonly Line[]> {
  const all = explanation.groups.reduce((sum, { nodes }) => sum + nodes.length, 0)
  for (let blocks = Math.min(all, 8); blocks >= 1; blocks--)
    for (const message of [true, false]) yield page(explanation, beside, { blocks, lines: all - blocks, message })
  for (let lines = Math.min(all, 20); lines >= 0; lines--)
    yield page(explanation, beside, { blocks: 0, lines, message: false })
}

function page(explanation: PodExplanation, { partial, again }: Beside, shown: Shown): readonly Line[] {
  const { groups, subject, selfCheck } = explanation
  const wide = shown.wide === true
  const lines: Line[] = [titleLine(explanation), countsLine(explanation), BLANK]
  if (subject.notMade !== undefined) lines.push(...notMadeLines(explanation))
  let { blocks, lines: told } = shown
  for (const group of groups) {
    const own = Math.min(blocks, group.nodes.length)
    // Without a node group nothing would say why these pods are blocked.
    const least = own === 0 && group.outcome.kind === 'blocked' && group.outcome.reason === undefined ? 1 : 0
    const ownLines = Math.min(Math.max(told, least), group.nodes.length - own)
    blocks -= own
    told = Math.max(0, told - ownLines)
    lines.push(...podGroupLines(group, { blocks: own, lines: ownLines, wide }))
  }
  const advice = [...waitingLines(groups), ...remedyLines(explanation, wide)]
  if (advice.length > 0) lines.push(BLANK, ...advice)
  lines.push(...(shown.message ? messageLines(groups, wide) : []), BLANK)
  if (partial)
    lines.push(line([painted('?', 'yellow'), ' part of the input could not be read: this answer is without it'], 2))
  lines.push(...nextLines(explanation, again))
  lines.push(...unknownLines(explanation, wide ? Number.POSITIVE_INFINITY : 1))
  const differs = selfCheck.differences.length > 0
  const { agree, of, stale } = selfCheck.messages
  const verb = differs
    ? `differs from your scheduler in ${count(selfCheck.differences.length, 'message')}`
    : of === 0
      ? 'nothing to compare with your scheduler'
      : 'agrees with your scheduler'
  const counted = `: ${thousands(agree)} of ${count(of, 'message')}${stale === 0 ? '' : ` (${thousands(stale)} stale)`}`
  lines.push(
    line([painted(verb, differs ? 'yellow' : of === 0 ? 'dim' : 'green'), of === 0 && stale === 0 ? '' : counted], 2),
  )
  return lines
}

/** The question about all pods of the owner; the DaemonSet of a daemon pod has the remedy too. */
function nextLines({ subject, groups }: PodExplanation, again: Again): readonly Line[] {
  const [kind, name] = subject.owner?.split('/') ?? []
  if (kind === undefined || name === undefined || subject.kind !== 'Pod') return []
  const daemon = kind === 'DaemonSet' && groups.some(isTroubled)
  if (!daemon && (subject.ownerPods?.pods ?? 0) < 2) return []
  const words = daemon ? name : subjectWords({ kind: kind as typeof subject.kind, name })
  return [line([whole('next    ', 'dim'), whole(again(`why -n ${subject.namespace} ${words}`))], 8)]
}

/** `Deployment apps/web   asks 1400m cpu, 512Mi memory   priority 0 (no class)   Helm release web`. */
function titleLine({ subject, groups }: PodExplanation): Line {
  const first = groups[0]
  const asks = Object.entries(first?.asks ?? {})
    .sort(([a], [b]) => compareText(a, b))
    .map(([resource, amount]) => `${amount} ${resource}`)
  const never = first?.preemptionPolicy === 'Never' ? ', never preempts' : ''
  const source = subject.source
  const facts = [
    ...(first === undefined
      ? []
      : [
          `asks ${asks.join(', ') || 'nothing'}`,
          `priority ${first.priority} (${first.priorityClassName ?? 'no class'}${never})`,
        ]),
    ...(source === undefined || source.kind === 'unknown' ? [] : [source.text]),
  ]
  return line(
    [
      painted(`${subject.kind} ${subject.namespace}/${subject.name}`, 'bold'),
      ...facts.flatMap(fact => ['   ', whole(fact)]),
    ],
    2,
  )
}

function countsLine(explanation: PodExplanation): Line {
  const { subject, cluster, groups } = explanation
  const since = sinceText(
    groups
      .filter(isTroubled)
      .flatMap(group => group.since ?? [])
      .sort(compareText)[0],
    cluster.takenAt,
  )
  const troubled = [...worstOfPods(explanation)].some(trouble => ['missing', 'unknown', 'waits'].includes(trouble))
  const words = waitingWord(groups)
  const counts =
    subject.kind === 'Pod'
      ? [
          podWord(groups[0]),
          ...(subject.owner === undefined ? ['no owner'] : [`of ${subject.owner}${ownText(subject.ownerPods)}`]),
        ]
      : [readyText(subject), ...(subject.pending === 0 ? [] : [`${thousands(subject.pending)} Pending`])]
  return line(
    [
      troubled ? '' : painted('✓ ', 'green'),
      painted([...counts, ...(since === undefined ? [] : [since])].join(', '), 'bold'),
      words === undefined ? '' : ` · ${words}`,
    ],
    2,
  )
}

function podWord(group: PodGroup | undefined): string {
  if (group === undefined) return 'gone'
  const { outcome } = group
  if (outcome.kind === 'bound') return outcome.ready ? 'ready' : 'bound, not ready'
  if (outcome.kind === 'terminating') return 'being deleted'
  return outcome.kind === 'finished' ? outcome.phase : 'Pending'
}

function ownText(counts: (PodCounts & { readonly wanted?: number }) | undefined): string {
  return counts === undefined ? '' : ` (${readyText(counts)})`
}

function readyText({ ready, pods, wanted }: PodCounts & { readonly wanted?: number }): string {
  return `${thousands(ready)} of ${count(wanted ?? pods, 'pod')} ready`
}

function waitingWord(groups: readonly PodGroup[]): string | undefined {
  const words = new Set(groups.map(({ waiting }) => waiting).filter(waiting => waiting !== 'needless'))
  if (words.size !== 1) return undefined
  const [word] = words
  return word === 'helps' ? 'waiting helps' : word === 'does not help' ? 'waiting does not help' : undefined
}

function notMadeLines({ subject }: PodExplanation): readonly Line[] {
  const { notMade, wanted = 0, pods } = subject
  if (notMade === undefined) return []
  const missing = wanted - pods
  return [
    line(
      [
        painted('✗', 'red'),
        ' ',
        whole(count(missing, 'pod').padEnd(INDENT - 3), 'bold'),
        ' ',
        `not made: refused by ${notMade.by}: ${notMade.message}`,
      ],
      INDENT,
    ),
  ]
}

/** Why waiting helps or does not, each reason once. */
function waitingLines(groups: readonly PodGroup[]): readonly Line[] {
  const reasons = new Map<string, string>()
  for (const { waiting, waitingWhy } of groups) {
    if (waiting === 'needless' || waitingWhy === '') continue
    reasons.set(`${waiting} ${waitingWhy}`, `${waiting}: ${waitingWhy}`)
  }
  return [...reasons.values()].map((text, index) =>
    line([whole((index === 0 ? 'waiting' : '').padEnd(INDENT), 'dim'), text], INDENT),
  )
}

function remedyLines({ remedy, noRemedy, subject }: PodExplanation, wide: boolean): readonly Line[] {
  if (noRemedy !== undefined && subject.owner?.startsWith('DaemonSet/') === true)
    return [line([whole('remedy'.padEnd(INDENT), 'dim'), noRemedy], INDENT)]
  if (remedy === undefined)
    return noRemedy === undefined
      ? []
      : [line([whole('remedy'.padEnd(INDENT), 'dim'), `none that was proved: ${noRemedy}`], INDENT)]
  const plain = /^(nowhere|spec\.[A-Za-z.]+)$/.test(remedy.where)
  return [
    line(
      [whole('remedy'.padEnd(INDENT), 'bold'), painted(remedy.change, 'bold'), plain ? '' : `   in ${remedy.where}`],
      INDENT,
    ),
    line([' '.repeat(INDENT), `→ ${priceOf(remedy, wide)}`], INDENT + 2),
    ...(remedy.caution === undefined ? [] : [line([' '.repeat(INDENT), `but: ${remedy.caution}`], INDENT)]),
  ]
}

function priceOf(remedy: PodRemedy, wide: boolean): string {
  const fact = (text: string): string => (wide ? text : (text.split(': ')[0] ?? text))
  const evicted = remedy.evictions.reduce((sum, { pods }) => sum + pods, 0)
  const evictions =
    evicted === 0
      ? 'evicts nobody'
      : `evicts ${count(evicted, 'pod')} (${evictedText(remedy.evictions)}; ${budgetsText(remedy.pdbViolations)}), ≤ ${duration(remedy.graceSeconds)} of grace`
  return [
    `${thousands(remedy.landing)} of ${count(remedy.of, 'Pending pod')} ${remedy.landing === 1 ? 'lands' : 'land'}`,
    evictions,
    remedy.restarts === 0 ? 'restarts nothing' : `restarts ${count(remedy.restarts, 'pod')}`,
    ...(remedy.newNodes === remedy.costPerHour
      ? [`new nodes, cost: ${fact(remedy.newNodes)}`]
      : [`new nodes: ${fact(remedy.newNodes)}`, `cost: ${fact(remedy.costPerHour)}`]),
  ].join(' · ')
}

/** The scheduler's words beside the engine's, where there are any. */
function messageLines(groups: readonly PodGroup[], wide: boolean): readonly Line[] {
  const lines: Line[] = []
  const label = (name: string, text: string): void =>
    void lines.push(line([whole(name.padEnd(INDENT), 'dim'), text], INDENT))
  for (const { message } of wide ? groups : groups.slice(0, 1)) {
    if (message === undefined) continue
    label('scheduler', message.theirs)
    if (message.verdict === 'agrees') label('everynode', 'the same')
    else if (message.verdict === 'not compared') label('everynode', 'not compared: the dump lacks what it reads')
    else
      label(
        'everynode',
        `${message.ours ?? 'it fits'}${message.verdict === 'stale' ? ' (the cluster has changed since)' : ''}`,
      )
  }
  return lines.length === 0 ? [] : [BLANK, ...lines]
}
