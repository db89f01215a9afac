import type { IntentStatement } from '@everynode/engine'
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'

/** A deviation that somebody answers for until a day. */
export interface Waiver {
  /** Name of the cluster, `*` stands for anything; all clusters without it. */
  readonly cluster?: string
  /** `namespace/name`. */
  readonly daemonSet?: string
  readonly rule?: string
  readonly taint?: string
  readonly pool?: string
  readonly reason: string
  readonly owner?: string
  /** A day, `2027-01-31`; the waiver holds through it. */
  readonly expires?: string
}

/** What `.everynode.yaml` says. */
export interface Settings {
  readonly intent: readonly IntentStatement[]
  readonly waivers: readonly Waiver[]
}

export interface SettingsProblem {
  readonly line: number
  readonly column: number
  readonly message: string
  readonly note?: string
}

export const NO_SETTINGS: Settings = { intent: [], waivers: [] }

type FieldKind = 'text' | 'texts' | 'says' | 'day'

const INTENT_FIELDS: Readonly<Record<string, FieldKind>> = {
  says: 'says',
  taint: 'text',
  pool: 'text',
  daemonSets: 'texts',
  reason: 'text',
}
const WAIVER_FIELDS: Readonly<Record<string, FieldKind>> = {
  cluster: 'text',
  daemonSet: 'text',
  rule: 'text',
  taint: 'text',
  pool: 'text',
  reason: 'text',
  owner: 'text',
  expires: 'day',
}
const TOP_KEYS = ['intent', 'waivers']

/** Reads the text of a settings file. Unknown keys are refused with their place: a misspelt waiver must not pass for one. */
export function parseSettings(text: string): {
  readonly settings: Settings
  readonly problems: readonly SettingsProblem[]
} {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, strict: true, uniqueKeys: true })
  const reader = new Reader(lineCounter)
  for (const error of document.errors)
    reader.at(error.pos[0], error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? 'invalid YAML')
  if (reader.problems.length > 0 || document.contents === null)
    return { settings: NO_SETTINGS, problems: reader.problems }
  const root = document.contents as Node
  if (isScalar(root) && root.value === null) return { settings: NO_SETTINGS, problems: [] }
  const top = reader.map(root, TOP_KEYS, 'the file')
  const intent = reader
    .list(top.get('intent'), 'intent')
    .map(item => reader.record(item, INTENT_FIELDS, 'an intent', ['says', 'reason']) as unknown as IntentStatement)
  const waivers = reader
    .list(top.get('waivers'), 'waivers')
    .map(item => reader.record(item, WAIVER_FIELDS, 'a waiver', ['reason']) as unknown as Waiver)
  return { settings: reader.problems.length > 0 ? NO_SETTINGS : { intent, waivers }, problems: reader.problems }
}

class Reader {
  readonly problems: SettingsProblem[] = []
  readonly #lines: LineCounter

  constructor(lines: LineCounter) {
    this.#lines = lines
  }

  at(offset: number, message: string, note?: string): void {
    const { line, col } = this.#lines.linePos(offset)
    this.problems.push(note === undefined ? { line, column: col, message } : { line, column: col, message, note })
  }

  map(node: Node, keys: readonly string[], what: string): ReadonlyMap<string, Node> {
    const found = new Map<string, Node>()
    if (!isMap(node)) {
      this.at(offsetOf(node), `${what} must be a map`, `Its keys are ${keys.join(', ')}.`)
      return found
    }
    for (const pair of node.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : ''
      if (!keys.includes(key))
        this.at(offsetOf(pair.key as Node), `unknown key "${key}" in ${what}`, `Its keys are ${keys.join(', ')}.`)
      else if (pair.value !== null) found.set(key, pair.value as Node)
    }
    return found
  }

  list(node: Node | undefined, what: string): readonly Node[] {
    if (node === undefined || (isScalar(node) && node.value === null)) return []
    if (isSeq(node)) return node.items as readonly Node[]
    this.at(offsetOf(node), `${what} must be a list`)
    return []
  }

  record(
    node: Node,
    fields: Readonly<Record<string, FieldKind>>,
    what: string,
    required: readonly string[],
  ): Readonly<Record<string, unknown>> {
    const entries = this.map(node, Object.keys(fields), what)
    const record: Record<string, unknown> = {}
    for (const [key, value] of entries) {
      const kind = fields[key]
      if (kind !== undefined) record[key] = this.#value(key, value, kind)
    }
    for (const key of required)
      if (isMap(node) && !entries.has(key))
        this.at(
          offsetOf(node),
          `${what} has no ${key}`,
          key === 'reason'
            ? 'Write why, for the one who reads it next year.'
            : 'Write says: meant (left out on purpose) or says: gap (should be covered).',
        )
    return record
  }

  #value(key: string, node: Node, kind: FieldKind): unknown {
    if (kind === 'texts') return this.list(node, key).map(item => this.#text(key, item))
    const text = this.#text(key, node)
    if (text === undefined) return undefined
    if (kind === 'says' && text !== 'meant' && text !== 'gap')
      this.at(offsetOf(node), `says is "${text}"`, 'It is meant (left out on purpose) or gap (should be covered).')
    if (kind === 'day' && !isDay(text))
      this.at(offsetOf(node), `${key} is "${text}"`, 'Write a day such as 2027-01-31.')
    return text
  }

  #text(key: string, node: Node): string | undefined {
    const text =
      isScalar(node) && (typeof node.value === 'string' || typeof node.value === 'number')
        ? String(node.value)
        : undefined
    if (text === undefined || text.trim() === '') this.at(offsetOf(node), `${key} must be text and not empty`)
    return text
  }
}

function offsetOf(node: Node): number {
  return node.range?.[0] ?? 0
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true
}
