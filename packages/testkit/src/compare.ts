import { canonical } from './canonical.ts'
import { LEFT_OUT } from './left-out.ts'

/** How the engine's answer stands beside the oracle's; `apart`: equal but for fields that the left-out list names. */
export type Comparison = 'equal' | 'apart' | 'different'

/** Compares two answers to a question of `op` as canonical JSON. */
export function compareAnswers(op: string, expect: unknown, got: unknown): Comparison {
  if (canonical(expect) === canonical(got)) return 'equal'
  for (const leftOut of LEFT_OUT) {
    if (leftOut.op !== op || !isObject(expect) || !isObject(got) || !leftOut.applies(expect)) continue
    if (canonical(without(expect, leftOut.fields)) === canonical(without(got, leftOut.fields))) return 'apart'
  }
  return 'different'
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
