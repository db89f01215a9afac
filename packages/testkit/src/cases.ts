import { type KarpenterVersion, type KubernetesVersion, karpenterModelFor, modelFor } from '@everynode/engine'
import { parseExact } from './exact-json.ts'
import { Refusal } from './refusal.ts'

/** A question with the answer of the real code. */
export interface Case {
  readonly id: string
  readonly op: string
  /** Of Kubernetes; what a question to Karpenter takes for granted. */
  readonly version: KubernetesVersion
  /** Present where Karpenter was asked. */
  readonly karpenterVersion?: KarpenterVersion
  readonly input: unknown
  readonly expect: unknown
  /** Other answers that the real code gave to the same question: a sample of what it draws. Absent where it gave none. */
  readonly alternatives?: readonly unknown[]
}

/**
 * Reads one line `{id, op, oracle, input, expect}`. `defaults` stand in for a missing `op` and a missing `oracle`, `asked` for a missing
 * `input`.
 * A line of the AWS provider's own allocatable, `{name, oracle, families}`, is the question `{name}`.
 * Throws a Refusal, also for an answer that the oracle refused.
 */
export function readCase(
  line: string,
  defaults: { readonly op: string | undefined; readonly version: KubernetesVersion },
  asked?: unknown,
): Case {
  const value = defaults.op === 'aws-allocatable' ? asQuestion(parse(line)) : parse(line)
  const { id, op = defaults.op, oracle, input = asked, expect, alternatives, error } = value
  if (typeof id !== 'string') throw new Refusal('no id')
  if (typeof error === 'string') throw new Refusal(`${id}: the oracle refused it: ${error}`)
  if (typeof op !== 'string') throw new Refusal(`${id}: no op, and the name of the file says none`)
  if (input === undefined) throw new Refusal(`${id}: no input`)
  if (expect === undefined) throw new Refusal(`${id}: no expect`)
  if (alternatives !== undefined && (!Array.isArray(alternatives) || alternatives.length === 0))
    throw new Refusal(`${id}: alternatives are no list of answers`)
  return {
    id,
    op,
    ...versionsOf(id, oracle, defaults.version),
    input,
    expect,
    ...(alternatives !== undefined && { alternatives }),
  }
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

function asQuestion(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { name, oracle, families } = value
  return { id: name, oracle, input: { name }, expect: families }
}

/** `kubernetes v1.34.4` is the model 1.34; `karpenter v1.14.1` and `karpenter-provider-aws v1.14.1` are Karpenter's 1.14. */
function versionsOf(
  id: string,
  oracle: unknown,
  otherwise: KubernetesVersion,
): Pick<Case, 'version' | 'karpenterVersion'> {
  if (oracle === undefined) return { version: otherwise }
  const [, family, version = ''] = (typeof oracle === 'string' && /^([\w-]+) (v.+)$/.exec(oracle)) || []
  if (family === 'kubernetes') {
    const model = modelFor(version)
    if (model?.exact === true) return { version: model.version }
  } else if (family === 'karpenter' || family === 'karpenter-provider-aws') {
    const model = karpenterModelFor(version)
    if (model?.exact === true) return { version: otherwise, karpenterVersion: model.version }
  }
  throw new Refusal(`${id}: no model for the oracle ${JSON.stringify(oracle)}`)
}
