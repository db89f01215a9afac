import type { RunResult, Tally } from '@everynode/testkit'

/** Adds the tallies of a door's parts, and says its last line and exit code. */
export class Sum {
  readonly #tally: Tally = { passed: 0, failed: 0, apart: 0 }
  #refusals = 0

  /** Adds one part and prints it; cases of unknown ops are refused. */
  add(name: string, part: Tally, unknownOps: RunResult['unknownOps']): void {
    this.#tally.passed += part.passed
    this.#tally.failed += part.failed
    this.#tally.apart += part.apart
    if (part.drawn !== undefined) this.#tally.drawn = (this.#tally.drawn ?? 0) + part.drawn
    if (part.passed + part.failed + part.apart > 0) console.log(`${name}: ${textOf(part)}`)
    for (const [op, cases] of unknownOps) this.#refuse(`${name}: unknown op "${op}" (${cases} cases)`)
  }

  /** Prints the last line, with the number of cases that the real code left unanswered. 2: a case of an unknown op, or no case at all; 1: a difference; 0 otherwise. */
  end(door: string, silent = 0): number {
    const { passed, failed, apart } = this.#tally
    if (passed + failed + apart === 0 && this.#refusals === 0) this.#refuse('no cases')
    console.log(
      `${door}: ${textOf(this.#tally)}${silent === 0 ? '' : `, ${silent} without an answer by the real code`}`,
    )
    if (this.#refusals > 0) return 2
    return failed > 0 ? 1 : 0
  }

  #refuse(message: string): void {
    this.#refusals++
    console.error(`error: ${message}`)
  }
}

function textOf({ passed, failed, apart, drawn }: Tally): string {
  const parts = [`${passed} passed, ${failed} failed`]
  if (drawn !== undefined)
    parts.push(`${drawn} of the passed drawn by the real code from answers that are all the engine's`)
  if (apart > 0) parts.push(`${apart} decided by lot upstream`)
  return parts.join(', ')
}
