import type { Coverage } from '@everynode/engine'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { type Trouble, troubleOf } from './render/words.ts'
import type { Waiver } from './settings.ts'
import { waiverOf } from './waivers.ts'

/** What `--fail-on` may name. `missing` always counts, unless `never` is said. */
export const FAIL_ON = ['missing', 'waits', 'untolerated', 'unknown', 'never'] as const
export type FailOn = (typeof FAIL_ON)[number]

export interface CodeArguments {
  readonly failOn: ReadonlySet<FailOn>
  readonly waivers: readonly Waiver[]
  /** Some input could not be taken. */
  readonly partial: boolean
}

/** The exit code of `why`: findings first, then what cannot be told, then all is well. */
export function codeOf(coverage: Coverage, { failOn, waivers, partial }: CodeArguments): ExitCode {
  if (failOn.has('never')) return EXIT.ok
  const troubles = troublesOf(coverage, waivers)
  const cannotTell = troubles.has('unknown') || coverage.unknown.length > 0 || partial
  if (troubles.has('missing') || (coverage.expiredIntent ?? []).length > 0) return EXIT.finding
  if (failOn.has('waits') && troubles.has('waits')) return EXIT.finding
  if (failOn.has('untolerated') && coverage.questions.length > 0) return EXIT.finding
  if (!cannotTell) return EXIT.ok
  return failOn.has('unknown') ? EXIT.finding : EXIT.cannotTell
}

function troublesOf(coverage: Coverage, waivers: readonly Waiver[]): ReadonlySet<Trouble> {
  const troubles = new Set<Trouble>()
  for (const daemonSet of coverage.daemonSets) {
    for (const group of daemonSet.groups) {
      if (waiverOf(waivers, coverage, daemonSet, group) === undefined) troubles.add(troubleOf(group))
    }
  }
  return troubles
}
