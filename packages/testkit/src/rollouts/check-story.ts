import { Forecaster, type Latencies } from '@everynode/engine'
import { canonical } from '../canonical.ts'
import { canonicalOutcome } from './canonical-outcome.ts'
import { compareFields, differingFields, type FieldResult } from './fields.ts'
import { forecastOutcome } from './forecast-outcome.ts'
import type { RecordedOutcome } from './outcome.ts'
import type { Story } from './story.ts'

/** What a story came to. */
export interface StoryResult {
  readonly name: string
  /** What is wrong with the recording itself; empty for a sound one. */
  readonly unsound: readonly string[]
  readonly fields: readonly FieldResult[]
  /** Fields that need nodes to come or go, which the forecast does not know. */
  readonly deferred: readonly string[]
}

/** Runs of the forecast for each story, as the rule of comparison says. */
export const RUNS = 200

/** Fields of a story with nodes that come or go which the nodes from before decide alone. */
const OF_OLD_NODES: ReadonlySet<string> = new Set(['victims', 'victimsPerNode', 'failedCreate'])

/** Forecasts a story many times and compares it with what was recorded. */
export function checkStory({ name, cluster, changes, outcome }: Story, latencies: Latencies, runs = RUNS): StoryResult {
  const forecaster = new Forecaster(cluster, { changes, latencies })
  const forms = Array.from({ length: runs }, (_, seed) =>
    canonicalOutcome(forecastOutcome(name, cluster.nodes ?? [], forecaster.run(seed))),
  )
  const fields = compareFields(outcome, forms)
  const isWhole = !movesNodes(outcome)
  const counts = ({ field }: FieldResult): boolean => isWhole || OF_OLD_NODES.has(field.split(' ')[0] ?? '')
  return {
    name,
    unsound: unsound(outcome),
    fields: fields.filter(counts),
    deferred: fields.filter(field => !counts(field)).map(({ field }) => field),
  }
}

/** Whether nodes came or went in the recording or in another run of it. */
function movesNodes({ canonical: recorded, runs }: RecordedOutcome): boolean {
  return [recorded, ...runs].some(
    ({ newNodeClaims, nodesRemoved }) => Object.keys(newNodeClaims).length + Object.keys(nodesRemoved).length > 0,
  )
}

function unsound(outcome: RecordedOutcome): readonly string[] {
  const problems: string[] = []
  if (canonical(canonicalOutcome(outcome)) !== canonical(outcome.canonical))
    problems.push('its canonical form is not that of its outcome')
  for (const field of differingFields([outcome.canonical, ...outcome.runs])) {
    if (!outcome.random.includes(field)) problems.push(`its runs differ in ${field}, which it does not call random`)
  }
  return problems
}
