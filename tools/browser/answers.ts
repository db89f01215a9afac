import { type ChangeStep, type ClusterDump, cover, Forecaster, type Latencies } from '@everynode/engine'
import { loadCluster } from '@everynode/source'
// Not by the package: what else it exports needs Node, and this runs in a browser too.
import { canonical } from '../../packages/testkit/src/canonical.ts'
import type { Case } from '../../packages/testkit/src/cases.ts'
import { parseExact } from '../../packages/testkit/src/exact-json.ts'
import { OPS } from '../../packages/testkit/src/ops/index.ts'
import { forecastOutcome } from '../../packages/testkit/src/rollouts/forecast-outcome.ts'

/** What is asked of both runtimes, as text wherever a runtime's own parser is part of the question. */
export type Question =
  | {
      readonly kind: 'case'
      readonly op: string
      readonly version: Case['version']
      readonly karpenterVersion?: Case['karpenterVersion']
      readonly input: string
    }
  /** `base64` holds the bytes of a file of a cluster, packed or not. */
  | { readonly kind: 'cover'; readonly name: string; readonly base64: string }
  | {
      readonly kind: 'forecast'
      readonly name: string
      readonly cluster: string
      readonly changes: string
      readonly latencies: string
      readonly seed: number
    }

/** Before the text of an answer that is an exception; no JSON begins so. */
export const THREW = 'threw '

/** The answer as JSON text, byte for byte what this runtime makes of it. */
export async function answer(question: Question): Promise<string> {
  try {
    switch (question.kind) {
      case 'case':
        return answerCase(question)
      case 'cover':
        return await coverFile(question.name, question.base64)
      case 'forecast':
        return forecast(question)
    }
  } catch (error) {
    return `${THREW}${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  }
}

function answerCase({ op: name, version, karpenterVersion, input }: Question & { readonly kind: 'case' }): string {
  const op = OPS.find(one => one.name === name)
  if (op === undefined) throw new Error(`no op is called "${name}"`)
  return canonical(op.answer(parseExact(input), { version, karpenterVersion }))
}

async function coverFile(name: string, base64: string): Promise<string> {
  const { dump, diagnostics } = await loadCluster([{ name, chunks: only(bytesOf(base64)) }])
  return JSON.stringify({ diagnostics, coverage: cover(dump, { clusterName: name }) })
}

function forecast({ name, cluster, changes, latencies, seed }: Question & { readonly kind: 'forecast' }): string {
  const dump = JSON.parse(cluster) as ClusterDump
  const options = {
    changes: JSON.parse(changes) as readonly ChangeStep[],
    latencies: JSON.parse(latencies) as Latencies,
  }
  const result = new Forecaster(dump, options).run(seed)
  return JSON.stringify({ quietAfterMs: result.quietAfterMs, ...forecastOutcome(name, dump.nodes ?? [], result) })
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), character => character.charCodeAt(0))
}

async function* only<T>(value: T): AsyncGenerator<T> {
  yield value
}
