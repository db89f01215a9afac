import { canonical } from './canonical.ts'
import { LEFT_OUT, type LeftOut } from './left-out.ts'

/** How the engine's answer stands beside the oracle's; `apart`: equal but for fields that the left-out list names. */
export type Comparison = 'equal' | 'apart' | 'different'

/** Compares two answers to a question of `op` as canonical JSON. */
export function compareAnswers(op: string, expect: unknown, got: unknown): Comparison {
  if (canonical(expect) === canonical(got)) return 'equal'
  for (const leftOut of LEFT_OUT) {
    if (leftOut.op !== op) continue
    const [left, right] = withoutParts(leftOut, expect, got, leftOut.at)
    if (canonical(left) === canonical(right)) return 'apart'
  }
  return 'different'
}

type Pair = readonly [expect: unknown, got: unknown]

/** Both answers without the fields, at the places where the expected part says so. */
function withoutParts(leftOut: LeftOut, expect: unknown, got: unknown, at: readonly string[]): Pair {
  const [key, ...rest] = at
  if (key === undefined) {
    if (!isObject(expect) || !isObject(got) || !leftOut.applies(expect)) return [expect, got]
    return [without(expect, leftOut.fields), without(got, leftOut.fields)]
  }
  if (Array.isArray(expect) && Array.isArray(got) && key === '*') {
    const pairs = expect.map((part, i) => withoutParts(leftOut, part, got[i], rest))
    return [
      pairs.map(pair => pair[0]),
      [...pairs.map(pair => pair[1]).slice(0, got.length), ...got.slice(pairs.length)],
    ]
  }
  if (!isObject(expect) || !isObject(got)) return [expect, got]
  const keys = key === '*' ? Object.keys(expect) : [key]
  const [left, right] = [{ ...expect }, { ...got }]
  for (const name of keys) [left[name], right[name]] = withoutParts(leftOut, expect[name], got[name], rest)
  return [left, right]
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function without(
  value: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !fields.includes(key)))
}
