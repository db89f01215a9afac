import type { IntentStatement } from '@everynode/engine'
import { isMap, isSeq, type Node, parseDocument, stringify } from 'yaml'
import { parseSettings } from './settings.ts'

/** The text of a settings file with statements added to `intent`; comments, order and spelling of the rest stay. */
export function withStatements(text: string, statements: readonly IntentStatement[]): string {
  const before = parseSettings(text).settings.intent.length
  const spliced = splice(text, statements)
  if (spliced !== undefined && holds(spliced, before, statements)) return spliced
  const document = parseDocument(text === '' ? '{}' : text)
  const list = [...(document.toJS()?.intent ?? []), ...statements]
  document.setIn(['intent'], document.createNode(list))
  return document.toString({ lineWidth: 0 })
}

/** Puts lines into the text where `intent` is, or is to be, a list in block style; undefined for any other shape. */
function splice(text: string, statements: readonly IntentStatement[]): string | undefined {
  const root = parseDocument(text).contents as Node | null
  const ended = text === '' || text.endsWith('\n') ? text : `${text}\n`
  if (root === null) return `${ended}${block(statements, 0)}`
  if (!isMap(root) || root.flow === true) return undefined
  const list = root.get('intent', true) as Node | undefined
  if (list === undefined) return `${ended}${block(statements, 0)}`
  if (!isSeq(list) || list.flow === true || list.items.length === 0) return undefined
  const start = list.range?.[0] ?? 0
  const indent = start - (text.lastIndexOf('\n', start - 1) + 1)
  const last = (list.items.at(-1) as Node).range?.[1] ?? 0
  const end = ended[last - 1] === '\n' ? last : ended.indexOf('\n', last) + 1
  return `${ended.slice(0, end)}${items(statements, indent)}${ended.slice(end)}`
}

function block(statements: readonly IntentStatement[], indent: number): string {
  return `intent:\n${items(statements, indent + 2)}`
}

function items(statements: readonly IntentStatement[], indent: number): string {
  const lines = stringify(statements, { lineWidth: 0 }).trimEnd().split('\n')
  return lines.map(line => `${' '.repeat(indent)}${line}\n`).join('')
}

function holds(text: string, before: number, statements: readonly IntentStatement[]): boolean {
  const { settings, problems } = parseSettings(text)
  const added = settings.intent.slice(before)
  return (
    problems.length === 0 &&
    added.length === statements.length &&
    added.every(
      (statement, index) =>
        statement.taint === statements[index]?.taint && statement.reason === statements[index]?.reason,
    )
  )
}
