// npm run demo: the story of a log agent that misses most nodes. Every number and reason is the engine's answer to the demo's cluster.
// Exit 1 if the last chapter does not cover every node, or if the engine differs from the scheduler's messages in the cluster.
import { afterForecast, DEMO_VARIANTS, type DemoVariant, demoCluster } from '@everynode/demo'
import {
  type ClusterDump,
  type Coverage,
  cover,
  type DaemonSetCoverage,
  type Remedy,
  type VerdictGroup,
} from '@everynode/engine'
import type { Io } from '../packages/cli/src/io.ts'
import { budgetsText, groupLines, INDENT } from '../packages/cli/src/render/group.ts'
import { headerLine } from '../packages/cli/src/render/header.ts'
import { count, thousands, troubleGroups, troubleOf } from '../packages/cli/src/render/words.ts'
import { BLANK, type Line, layout, line, painted, whole } from '../packages/cli/src/terminal/layout.ts'
import { terminalOf } from '../packages/cli/src/terminal/terminal.ts'
import { placeDisplaced } from './demo/displaced.ts'
import { displacedLines, pricesText } from './demo/new-node-lines.ts'
import { karpenterAnswer, regionOf } from './demo/new-nodes.ts'

const AGENT = 'logging/log-agent'
const ONLY: ReadonlySet<string> = new Set([AGENT])

/** The manifest of examples/qovery/ that stands in the cluster of each chapter. */
const MANIFESTS: Readonly<Record<DemoVariant, string>> = {
  problem: 'log-agent.yaml',
  class: 'log-agent-class.yaml',
  equal: 'log-agent-class.yaml',
  remedy: 'log-agent-remedy.yaml',
}

/** A chapter's cluster as it is, and when the engine's forecast has come true on the nodes that exist. */
interface Played {
  readonly variant: DemoVariant
  readonly dump: ClusterDump
  readonly before: Coverage
  readonly agent: DaemonSetCoverage
  readonly byNode: DaemonSetCoverage
  readonly after: DaemonSetCoverage
  /** What becomes of evicted pods. */
  readonly displaced: readonly Line[]
}

function agentOf(coverage: Coverage): DaemonSetCoverage {
  const found = coverage.daemonSets.find(one => `${one.namespace}/${one.name}` === AGENT)
  if (found === undefined) throw new Error(`the engine's answer has no ${AGENT}`)
  return found
}

function play(variant: DemoVariant): Played {
  const dump = demoCluster(variant)
  const before = cover(dump, { only: ONLY })
  const byNode = agentOf(cover(dump, { only: ONLY, grouping: 'node', remedies: false }))
  const then = afterForecast(dump, byNode)
  const after = agentOf(cover(then, { only: ONLY, remedies: false }))
  const rehoused = placeDisplaced(dump, then)
  const { daemonSets } = cover(rehoused.dump, { remedies: false })
  const displaced = displacedLines(rehoused, karpenterAnswer(rehoused.dump), daemonSets)
  return { variant, dump, before, agent: agentOf(before), byNode, after, displaced }
}

function titleLine({ variant, dump, agent }: Played, number: number): Line {
  const service = (dump.deployments ?? []).find(one => one.metadata.namespace === 'shop')?.spec?.template?.spec
  const value = (dump.priorityClasses ?? []).find(one => one.metadata.name === service?.priorityClassName)?.value ?? 0
  const title = `${number}. ${agent.priorityClassName ?? 'No class'} (${agent.priority}), user services at ${value}`
  return line([whole(title, 'bold'), '   ', painted(MANIFESTS[variant], 'dim')], 3)
}

/** Which nodes stay without the agent, the first chapter's worst group in full; then the nodes that its template leaves out. */
function nodeLines({ variant, agent }: Played): readonly Line[] {
  const first = variant === 'problem'
  const missed = troubleGroups(agent).filter(group => troubleOf(group) === 'missing')
  const lines = missed.flatMap((group, index) => {
    if (first && index === 0)
      return [...groupLines(group, 'block'), line([' '.repeat(INDENT), `waiting   ${waitingText(group)}`], INDENT + 10)]
    const told = groupLines(group, 'line')
    const why = !first && index === 0 && group.verdict.kind === 'blocked' ? group.verdict.whyNoPreemption : undefined
    return why === undefined ? told : [...told, line([' '.repeat(INDENT), `victims   none: ${why}`], INDENT + 10)]
  })
  return [...lines, ...agent.groups.flatMap(leftOutLine)]
}

function waitingText({ waitingHelps, waitingWhy }: VerdictGroup): string {
  return `${waitingHelps ? 'helps' : 'does not help'}: ${waitingWhy}`
}

function leftOutLine({ verdict, nodes }: VerdictGroup): readonly Line[] {
  if (verdict.kind !== 'skipped' || verdict.by !== 'affinity') return []
  const example = `${nodes.length > 1 ? 'e.g. ' : ''}${nodes[0]}`
  return [line(`· ${count(nodes.length, 'node').padEnd(INDENT - 2)}${example}: left out (${verdict.intent})`, INDENT)]
}

function forecastLine({ agent, byNode, after }: Played): Line {
  const victims = new Map<string, number>()
  for (const { verdict } of byNode.groups)
    if (verdict.kind === 'preempts')
      for (const { owner } of verdict.victims) victims.set(owner, (victims.get(owner) ?? 0) + 1)
  const owners = [...victims].sort(([a], [b]) => (a < b ? -1 : 1)).map(([owner, pods]) => `${owner} ${pods}`)
  const waiting = agent.groups.some(group => troubleOf(group) === 'missing' && group.waitingHelps)
  const evicted = owners.length > 0 ? owners.join(', ') : `nobody, and waiting ${waiting ? 'helps' : 'does not help'}`
  const fine = after.landed === after.should
  return line(
    [painted(`→ ${after.landed} of ${count(after.should, 'node')}`, fine ? 'green' : 'red'), ` · evicts ${evicted}`],
    2,
  )
}

function proposalLines({ remedy }: DaemonSetCoverage): readonly Line[] {
  if (remedy === undefined || remedy.kind === 'wait') return []
  return [
    line(
      [
        whole('proved'.padEnd(INDENT), 'bold'),
        `${remedy.change} → ${remedy.coveredAfter} of ${remedy.of}, ${priceOf(remedy)}`,
      ],
      INDENT,
    ),
  ]
}

function priceOf({ evictions, pdbViolations, restarts }: Remedy): string {
  const pods = evictions.reduce((sum, one) => sum + one.pods, 0)
  return `evicts ${count(pods, 'pod')}, ${budgetsText(pdbViolations)}, restarts ${count(restarts, 'daemon')}`
}

const out = process.stdout
const io: Pick<Io, 'stdout' | 'env'> = {
  stdout: { write: text => void out.write(text), isTTY: out.isTTY === true, columns: out.columns ?? 0 },
  env: process.env,
}
const terminal = terminalOf(io as Io, io.stdout)

const played = DEMO_VARIANTS.map(play)
const first = played[0]
const last = played.at(-1)
if (first === undefined || last === undefined) throw new Error('the demo has no chapters')

const lines: Line[] = [
  headerLine(first.before),
  line(
    `A log agent, applied in four ways: on which nodes does it land? Pool stable is tainted, most nodes are full.`,
    0,
  ),
]
played.forEach((chapter, index) => {
  lines.push(BLANK, titleLine(chapter, index + 1), ...nodeLines(chapter), forecastLine(chapter), ...chapter.displaced)
  if (chapter.after.landed === chapter.agent.landed) lines.push(...proposalLines(chapter.agent))
})

const checks = played.map(({ before }) => before.selfCheck)
const agree = (of: 'messages' | 'placements') =>
  `${thousands(checks.reduce((sum, one) => sum + one[of].agree, 0))} of ${thousands(checks.reduce((sum, one) => sum + one[of].of, 0))} ${of}`
const differences = checks.flatMap(one => one.differences)
lines.push(BLANK, line(pricesText(regionOf(first.dump)), 2))
lines.push(line(`agrees with the cluster's scheduler: ${agree('messages')}, ${agree('placements')}`, 2))
const sum = `demo: ${first.agent.landed} of ${first.agent.should} → ${last.after.landed} of ${last.after.should} nodes covered`
// Programs read the last line: it is the same on a terminal that shows ASCII only.
io.stdout.write(`${[...layout(terminal, lines), sum].join('\n')}\n`)

const all = last.after.landed === last.after.should && last.after.should === first.agent.should
process.exitCode = all && differences.length === 0 ? 0 : 1
