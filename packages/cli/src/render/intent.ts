import type { IntentQuestion } from '@everynode/engine'
import type { Again } from '../again.ts'
import { BLANK, type Line, layout, line, painted, whole } from '../terminal/layout.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { count } from './words.ts'

/** The open questions, and how each is answered. */
export function intentPage(
  terminal: Terminal,
  questions: readonly IntentQuestion[],
  again: Again = words => `everynode ${words}`,
): readonly string[] {
  const [first] = questions
  if (first === undefined)
    return layout(terminal, [
      line(
        [
          painted('✓', 'green'),
          ' No open question: every taint that keeps a DaemonSet out is tolerated, explained or of no matter.',
        ],
        2,
      ),
    ])
  return layout(terminal, [
    line(
      `${count(questions.length, 'taint')} ${questions.length === 1 ? 'keeps' : 'keep'} daemons out, and nobody said whether that is meant:`,
    ),
    BLANK,
    ...questions.flatMap(questionLines),
    BLANK,
    line([whole('meant?    ', 'dim'), whole(again(`intent ${narrowedTo(first)} --reason "…" --write`))], 10),
    line([whole('a gap?    ', 'dim'), whole(again(`intent ${narrowedTo(first)} --reason "…" --gap --write`))], 10),
  ])
}

function questionLines(question: IntentQuestion): readonly Line[] {
  const pool = question.pool === undefined ? '' : `pool ${question.pool}, `
  return [
    line([painted('?', 'cyan'), ' ', whole(question.taint, 'bold'), `   ${pool}${count(question.nodes, 'node')}`], 4),
    line(`    ${count(question.daemonSets.length, 'DaemonSet')}: ${question.daemonSets.join(', ')}`, 6),
  ]
}

function narrowedTo(question: IntentQuestion): string {
  return `--taint ${question.taint}${question.pool === undefined ? '' : ` --pool ${question.pool}`}`
}
