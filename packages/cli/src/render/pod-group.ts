import type { PodGroup, PodNodeGroup, PodOutcome, PodRef, ResourceAmount } from '@everynode/engine'
import { type Line, line, painted, type Span, whole } from '../terminal/layout.ts'
import { budgetsText, evictedText, holdersText, INDENT } from './group.ts'
import { glyphOf } from './pod-words.ts'
import { assertUnreachable, count, duration, someOf, thousands } from './words.ts'

const LABEL = 10
const MOST_TYPES = 3

/** How much of the nodes of a group is told: in blocks, then in lines, the rest counted. */
export interface NodeDetail {
  readonly blocks: number
  readonly lines: number
  /** With every node and every pod by name. */
  readonly wide?: boolean
}

/** Pods that fare alike: what becomes of them, then the nodes that say why. */
export function podGroupLines(group: PodGroup, { blocks, lines: told, wide = false }: NodeDetail): readonly Line[] {
  const { outcome, pods, nodes } = group
  const glyph = glyphOf(outcome)
  const lines: Line[] = [
    line(
      [
        painted(glyph.text, glyph.paint),
        ' ',
        whole(count(pods.length, 'pod').padEnd(INDENT - 3), 'bold'),
        ' ',
        ...headOf(group),
      ],
      INDENT,
    ),
  ]
  for (const text of outcomeFacts(outcome, wide)) lines.push(line([' '.repeat(INDENT), text], INDENT))
  if (group.autoscaler !== undefined)
    lines.push(
      labelled(
        group.autoscaler.reason === 'Nominated' || group.autoscaler.reason === 'FailedScheduling'
          ? 'Karpenter'
          : 'autoscaler',
        group.autoscaler.message,
      ),
    )
  // Where the pod lands, the other nodes are no trouble.
  const inFull = outcome.kind === 'lands' && !wide ? 0 : blocks
  nodes.slice(0, inFull).forEach(one => void lines.push(...nodeBlock(one, wide)))
  nodes.slice(inFull, blocks + told).forEach(one => void lines.push(nodeLine(one)))
  const hidden = (outcome.kind === 'lands' ? [] : nodes.slice(blocks + told)).reduce(
    (sum, one) => sum + one.nodes.length,
    0,
  )
  if (hidden > 0) lines.push(line([' '.repeat(INDENT), `and ${count(hidden, 'more node')}: -o wide`], INDENT))
  if (wide && pods.length > 1)
    for (const pod of pods) lines.push(line([' '.repeat(INDENT), whole(`pod/${pod}`)], INDENT))
  return lines
}

function headOf(group: PodGroup): readonly Span[] {
  const { outcome, pods, nodes } = group
  const [first = ''] = pods
  const named = pods.length === 1 ? first : `e.g. ${first}`
  const all = nodes.reduce((sum, one) => sum + one.nodes.length, 0)
  switch (outcome.kind) {
    case 'blocked': {
      if (outcome.reason !== undefined) return [`${named}: ${outcome.reason.text}`]
      return [
        all === 0
          ? `${named}: there is no node`
          : `${named}: none of ${count(all, 'node')} takes ${pods.length === 1 ? 'it' : 'them'}`,
      ]
    }
    case 'lands':
      return [`${named}: would land now on `, whole(outcome.choice.node, 'bold'), landingText(outcome, pods.length)]
    case 'preempts':
      return [`${named}: evictions make room on `, whole(outcome.node, 'bold')]
    case 'waits':
      return [`${named}: waits for ${outcome.node}: ${outcome.detail}`]
    case 'gated':
      return [
        `${named}: held by scheduling ${outcome.gates.length === 1 ? 'gate' : 'gates'} ${outcome.gates.join(', ')}: the scheduler does not look at it`,
      ]
    case 'unknown':
      return [`${named}: cannot tell without ${outcome.needs.join(', ')}: ${outcome.detail}`]
    case 'bound':
      return [boundText(outcome, pods)]
    case 'terminating':
      return [`${named}: being deleted`]
    case 'finished':
      return [`${outcome.phase}${outcome.reason === undefined ? '' : ` (${outcome.reason})`}`]
    default:
      return assertUnreachable(outcome)
  }
}

function landingText({ landing }: Extract<PodOutcome, { kind: 'lands' }>, pods: number): string {
  if (pods === 1) return ''
  return landing === pods
    ? ', the others after it'
    : `; ${thousands(landing)} of ${thousands(pods)} find room, one after the other`
}

function boundText({ ready, reason, nodes }: Extract<PodOutcome, { kind: 'bound' }>, pods: readonly string[]): string {
  const places = nodes.length === 1 ? (nodes[0]?.node ?? '') : count(nodes.length, 'node')
  if (ready) return `ready on ${places}`
  return `${pods.length === 1 ? `${pods[0]}: ` : ''}${reason ?? 'not ready'} on ${someOf(
    nodes.map(({ node }) => node),
    2,
  )}`
}

/** What the head leaves out. */
function outcomeFacts(outcome: PodOutcome, wide: boolean): readonly string[] {
  switch (outcome.kind) {
    case 'blocked': {
      const { reason } = outcome
      return reason?.means === undefined ? [] : [`${reason.plugin}: ${reason.means}`]
    }
    case 'lands':
      return choiceFacts(outcome.choice, wide)
    case 'preempts':
      return [
        `${outcome.candidates === 1 ? 'the only node where that helps' : `the best of ${count(outcome.candidates, 'node')} where that helps`}: evicts ${victimsText(outcome.victims)} · grace ${duration(outcome.graceSeconds)} · ${budgetsText(outcome.pdbViolations)}`,
        ...(outcome.uncertain === undefined ? [] : [`it may be another: ${outcome.uncertain}`]),
      ]
    case 'waits':
    case 'gated':
    case 'unknown':
    case 'bound':
    case 'terminating':
    case 'finished':
      return []
    default:
      return assertUnreachable(outcome)
  }
}

function choiceFacts(choice: Extract<PodOutcome, { kind: 'lands' }>['choice'], wide: boolean): readonly string[] {
  const { score, feasible, tied, others, byPlugin, uncertain } = choice
  const parts = Object.entries(byPlugin).map(([plugin, part]) => `${plugin} ${part}`)
  const next = others.slice(0, wide ? others.length : 1).map(({ node, score: other }) => `${node} ${other}`)
  return [
    ...(score === undefined
      ? [feasible === 1 ? 'the only node that fits' : 'it was nominated to that node, and fits']
      : [
          `score ${score}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}, ${tied === 0 ? 'the best' : `one of ${tied + 1} best`} of ${count(feasible, 'node')} that fit${feasible === 1 ? 's' : ''}${next.length === 0 ? '' : `; next ${next.join(', ')}`}`,
        ]),
    ...(uncertain === undefined ? [] : [`it may be another: ${uncertain}`]),
  ]
}

function victimsText(victims: readonly PodRef[]): string {
  const byOwner = new Map<string, { owner: string; priority: number; pods: number }>()
  for (const { owner, priority } of victims) {
    const known = byOwner.get(`${owner} ${priority}`)
    if (known === undefined) byOwner.set(`${owner} ${priority}`, { owner, priority, pods: 1 })
    else known.pods++
  }
  const daemons = victims.filter(({ daemon }) => daemon).length
  return `${evictedText([...byOwner.values()])}${daemons === 0 ? '' : ` · ${count(daemons, 'daemon')} among them`}`
}

function labelled(name: string, text: string): Line {
  return line([' '.repeat(INDENT), whole(name.padEnd(LABEL), 'dim'), text], INDENT + LABEL)
}

function placeOf({ pool, types }: PodNodeGroup, wide: boolean): string {
  const names =
    types.length === 1
      ? (types[0]?.instanceType ?? '')
      : someOf(
          types.map(({ instanceType, nodes }) => `${instanceType} ${thousands(nodes)}`),
          wide ? types.length : MOST_TYPES,
        )
  return [pool, names].filter(part => part !== undefined && part !== '').join(' · ') || 'no pool'
}

function nodeHead(group: PodNodeGroup): readonly Span[] {
  return [
    '  ',
    whole(count(group.nodes.length, 'node').padEnd(INDENT - 3), group.kind === 'fits' ? 'green' : 'bold'),
    ' ',
  ]
}

function nodeLine(group: PodNodeGroup): Line {
  return line([...nodeHead(group), `${placeOf(group, false)}: ${summaryOf(group)}`], INDENT)
}

function nodeBlock(group: PodNodeGroup, wide: boolean): readonly Line[] {
  const { nodes, example, heldBy, amounts, victims, whyNoPreemption, kind } = group
  if (!wide && (kind === 'fits' || kind === 'not looked at')) return [nodeLine(group)]
  const lines: Line[] = [
    line([...nodeHead(group), `${placeOf(group, wide)}, ${nodes.length === 1 ? '' : 'e.g. '}`, whole(example)], INDENT),
  ]
  const say = (text: string): void => void lines.push(line([' '.repeat(INDENT), text], INDENT))
  if (kind === 'fits' || kind === 'not looked at') say(summaryOf(group))
  else {
    if (group.detail !== undefined) say(group.detail)
    const short = group.detail === undefined ? missingOf(amounts) : []
    for (const amount of short) say(amountText(amount, nodes.length))
    if (group.detail === undefined && short.length === 0) say(group.reasons.join('; '))
    if (heldBy.length > 0) lines.push(labelled('held by', holdersText(heldBy, amounts)))
    if (victims.length > 0)
      lines.push(labelled('victims', `${victimsText(victims)}${nodes.length === 1 ? '' : ` on ${example}`}`))
    else if (whyNoPreemption !== undefined) lines.push(labelled('victims', `none: ${whyNoPreemption}`))
  }
  if (wide && nodes.length > 1) for (const node of nodes) lines.push(line([' '.repeat(INDENT), whole(node)], INDENT))
  return lines
}

function summaryOf(group: PodNodeGroup): string {
  const short = missingOf(group.amounts)
  switch (group.kind) {
    case 'fits':
      return 'room is there'
    case 'not looked at':
      return `not looked at: the pod may only run elsewhere (${group.plugins.join(', ')})`
    case 'evictions help':
    case 'blocked': {
      const why =
        group.detail ??
        (short.length > 0 ? short.map(one => amountText(one, group.nodes.length)).join('; ') : group.reasons.join('; '))
      return group.kind === 'blocked' ? why : `${why}; evicts ${victimsText(group.victims)}`
    }
    default:
      return assertUnreachable(group.kind)
  }
}

const missingOf = (amounts: readonly ResourceAmount[]): readonly ResourceAmount[] =>
  amounts.filter(({ missing }) => missing !== '0')

/** The numbers are those of the node that comes nearest. */
function amountText({ resource, asked, free, missing }: ResourceAmount, nodes: number): string {
  return `${resource}: ${asked} asked, ${nodes === 1 ? '' : 'at most '}${free} free, ${missing} missing`
}
