import { type KubernetesVersion, modelFor } from '@everynode/engine'
import { parseExact } from './exact-json.ts'
import { Refusal } from './refusal.ts'

/** A question with the answer of the real code. */
export interface Case {
  readonly id: string
  readonly op: string
  readonly version: KubernetesVersion
  readonly input: unknown
  readonly expect: unknown
}

/**
 * Reads one line `{id, op, oracle, input, expect}`. `defaults` stand in for a missing `op` and a missing `oracle`.
 * Throws a Refusal, also for an answer that the oracle refused.
 */
export function readCase(
  line: string,
  defaults: { readonly op: string | undefined; readonly version: KubernetesVersion },
): Case {
  const value = parse(line)
  const { id, op = defaults.op, oracle, input, expect, error } = value
  if (typeof id !== 'string') throw new Refusal('no id')
  if (typeof error === 'string') throw new Refusal(`${id}: the oracle refused it: ${error}`)
  if (typeof op !== 'string') throw new Refusal(`${id}: no op, and the name of the file says none`)
  if (input === undefined) throw new Refusal(`${id}: no input`)
  if (expect === undefined) throw new Refusal(`${id}: no expect`)
  return { id, op, version: versionOf(id, oracle, defaults.version), input, expect }
}

function parse(line: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = parseExact(line)
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal('not an object')
  return value as Readonly<Record<string, unknown>>
}

/** `kubernetes v1.34.4` is the model 1.34. */
function versionOf(id: string, oracle: unknown, otherwise: KubernetesVersion): KubernetesVersion {
  if (oracle === undefined) return otherwise
  const match = typeof oracle === 'string' ? /^kubernetes (v.+)$/.exec(oracle) : null
  const model = match?.[1] === undefined ? undefined : modelFor(match[1])
  if (model?.exact !== true) throw new Refusal(`${id}: no model for the oracle ${JSON.stringify(oracle)}`)
  return model.version
}
