import { canonical } from '../canonical.ts'
import type { CanonicalOutcome, RecordedOutcome } from './outcome.ts'

/** Kept by DaemonSet: each of them is one field per DaemonSet. */
const PER_DAEMON_SET = ['daemonSets', 'status', 'messages', 'failedCreate'] as const
const OTHERS = [
  'victims',
  'victimsPerNode',
  'victimsOnNewNodes',
  'newNodeClaims',
  'newNodeClaimPods',
  'nodesRemoved',
  'nodesAfter',
  'pendingPods',
] as const

/** The fields of a canonical form, as canonical JSON by name; those kept by DaemonSet are called `status agents/fluent-bit`. */
export function fieldsOf(form: CanonicalOutcome): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const name of PER_DAEMON_SET) {
    for (const daemonSet of Object.keys(form.daemonSets))
      fields.set(`${name} ${daemonSet}`, canonical(form[name][daemonSet] ?? null))
  }
  for (const name of OTHERS) fields.set(name, canonical(form[name]))
  return fields
}

/** Names of the fields in which these forms are not all equal. */
export function differingFields(forms: readonly CanonicalOutcome[]): readonly string[] {
  const [first, ...rest] = forms.map(fieldsOf)
  if (first === undefined) return []
  return [...first.keys()].filter(name => rest.some(fields => fields.get(name) !== first.get(name)))
}

/** How the runs of a forecast stand to one recorded field. */
export interface FieldResult {
  readonly field: string
  readonly kind: 'passed' | 'failed' | 'open'
  /** Runs that came to one of the recorded values. */
  readonly hits: number
  readonly runs: number
  readonly expected: readonly string[]
  /** What the runs came to instead, the most frequent first. */
  readonly others: readonly (readonly [value: string, runs: number])[]
}

/** A random field must meet a recorded value in at least this share of the runs. */
const LEAST_SHARE = 0.02

/**
 * Compares many runs of a forecast with a recording, field by field: a field that is not random must be the recorded one in every run, a
 * random one must meet one of the recorded runs often enough, and an open one is only reported.
 */
export function compareFields(
  recorded: RecordedOutcome,
  forecasts: readonly CanonicalOutcome[],
): readonly FieldResult[] {
  const seen = [recorded.canonical, ...recorded.runs].map(fieldsOf)
  const made = forecasts.map(fieldsOf)
  return [...seen[0]!.keys()].map(field => {
    const isRandom = recorded.random.includes(field)
    const expected = [...new Set((isRandom ? seen : seen.slice(0, 1)).map(fields => fields.get(field) ?? 'null'))]
    const others = new Map<string, number>()
    let hits = 0
    for (const fields of made) {
      const value = fields.get(field) ?? 'null'
      if (expected.includes(value)) hits++
      else others.set(value, (others.get(value) ?? 0) + 1)
    }
    const passes = isRandom ? hits >= LEAST_SHARE * made.length : hits === made.length
    return {
      field,
      kind: passes ? 'passed' : recorded.open?.includes(field) ? 'open' : 'failed',
      hits,
      runs: made.length,
      expected,
      others: [...others].sort((a, b) => b[1] - a[1]),
    }
  })
}
