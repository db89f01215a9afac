// npm run demo: the story of a log agent that misses most nodes, told by the engine. Exit 1 if its last chapter does not cover all.
import { afterForecast, type DemoVariant, demoCluster } from '@everynode/demo'
import { type Coverage, cover, type DaemonSetCoverage } from '@everynode/engine'
import { groupLines } from '../packages/cli/src/render/group.ts'
import { headerLine } from '../packages/cli/src/render/header.ts'
import { remedyLines } from '../packages/cli/src/render/remedy.ts'
import { countsText } from '../packages/cli/src/render/self-check.ts'
import { count, troubleGroups } from '../packages/cli/src/render/words.ts'
import { BLANK, type Line, layout, line, painted, whole } from '../packages/cli/src/terminal/layout.ts'
import { terminalOf } from '../packages/cli/src/terminal/terminal.ts'

const AGENT = 'logging/log-agent'
const ONLY = new Set([AGENT])

interface Chapter {
  readonly variant: DemoVariant
  readonly title: string
  readonly file: string
  /** Blocks tell who holds what; lines only what happens. */
  readonly detail: 'block' | 'line'
}

const CHAPTERS: readonly Chapter[] = [
  { variant: 'problem', title: 'A log agent without a class', file: 'log-agent.yaml', detail: 'block' },
  {
    variant: 'class',
    title: 'With qovery-standard-priority, user services at 0',
    file: 'log-agent-class.yaml',
    detail: 'line',
  },
  { variant: 'equal', title: 'The same, user services at 1000 too', file: 'log-agent-class.yaml', detail: 'block' },
  { variant: 'remedy', title: 'The remedy that works', file: 'log-agent-remedy.yaml', detail: 'line' },
]

function agentOf(coverage: Coverage): DaemonSetCoverage {
  const found = coverage.daemonSets.find(one => `${one.namespace}/${one.name}` === AGENT)
  if (found === undefined) throw new Error(`the engine's answer has no ${AGENT}`)
  return found
}

/** One chapter's cluster as it is, and as the engine forecasts it on the nodes that exist. */
function played(variant: DemoVariant) {
  const dump = demoCluster(variant)
  const before = cover(dump, { only: ONLY })
  const byNode = cover(dump, { only: ONLY, grouping: 'node', remedies: false })
  const after = cover(afterForecast(dump, agentOf(byNode)), { only: ONLY, remedies: false })
  return { before, agent: agentOf(before), after: agentOf(after) }
}

const io = {
  stdout: {
    write: (text: string) => void process.stdout.write(text),
    isTTY: process.stdout.isTTY === true,
    columns: process.stdout.columns ?? 0,
  },
  stderr: { write: (text: string) => void process.stderr.write(text), isTTY: false, columns: 0 },
  stdin: () => process.stdin,
  env: process.env,
  cwd: process.cwd(),
}
const terminal = terminalOf(io, io.stdout)
const print = (lines: readonly Line[]) => io.stdout.write(`${layout(terminal, lines).join('\n')}\n`)

const stories = CHAPTERS.map(chapter => ({ chapter, ...played(chapter.variant) }))
const first = stories[0]
const last = stories.at(-1)
if (first === undefined || last === undefined) throw new Error('the demo has no chapters')

print([headerLine(first.before)])
stories.forEach(({ chapter, before, agent, after }, index) => {
  const lines: Line[] = [
    BLANK,
    line([whole(`${index + 1}  ${chapter.title}`, 'bold'), `   examples/qovery/${chapter.file}`], 3),
  ]
  for (const group of troubleGroups(agent)) lines.push(...groupLines(group, chapter.detail))
  if (chapter === first.chapter) lines.push(...remedyLines(agent))
  const fine = after.landed === after.should
  lines.push(
    line(
      [
        painted('→ ', fine ? 'green' : 'red'),
        whole(`${after.landed} of ${count(after.should, 'node')}`, 'bold'),
        ` · agrees with the scheduler: ${countsText(before.selfCheck)}`,
      ],
      2,
    ),
  )
  print(lines)
})

const differences = stories.flatMap(({ before }) => before.selfCheck.differences)
const whole_ = last.after.should
const covered = last.after.landed === whole_ && first.after.should === whole_ && differences.length === 0
print([
  BLANK,
  line(
    `demo: ${first.agent.landed} of ${first.agent.should} → ${last.after.landed} of ${last.after.should} nodes covered`,
  ),
])
process.exitCode = covered ? 0 : 1
