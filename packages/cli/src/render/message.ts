import { type MessageReason, parseSchedulingMessage, type SchedulingMessage } from '@everynode/engine'
import { BLANK, type Line, layout, line, painted, whole } from '../terminal/layout.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { count } from './words.ts'

/** A FailedScheduling message explained; `understood` is false for text that is none. */
export function messagePage(
  terminal: Terminal,
  text: string,
): { readonly lines: readonly string[]; readonly understood: boolean; readonly parsed: SchedulingMessage } {
  const parsed = parseSchedulingMessage(text)
  return { lines: layout(terminal, linesOf(parsed)), understood: parsed.kind !== 'not a scheduling message', parsed }
}

function linesOf(message: SchedulingMessage): readonly Line[] {
  const explanation = message.explanation.map(sentence => line(sentence, 2))
  if (message.kind !== 'failed scheduling') return explanation
  const reasons = [...(message.preFilter === undefined ? [] : [message.preFilter]), ...message.reasons]
  return [
    line([painted(headOf(message), 'bold')]),
    ...reasons.map(reasonLine),
    BLANK,
    ...explanation,
    ...(message.versions.length === 0 || message.versions.length === 4
      ? []
      : [line(`Written by kube-scheduler ${alternatives(message.versions)}.`, 2)]),
  ]
}

function alternatives(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`
}

function headOf(message: Extract<SchedulingMessage, { kind: 'failed scheduling' }>): string {
  return `0 of ${count(message.nodes, 'node')}${message.pinned ? ' · a pod that is pinned to one node' : ''}`
}

function reasonLine({ count: nodes, text, plugin, known }: MessageReason): Line {
  const where = nodes === undefined ? 'the pod' : count(nodes, 'node')
  const glyph = known ? painted('✗', 'red') : painted('?', 'yellow')
  return line(
    [glyph, ' ', whole(where.padEnd(10)), ' ', painted(text, 'bold'), plugin === undefined ? '' : `   ${plugin}`],
    13,
  )
}
