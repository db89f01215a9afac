import type { PodExplanation, PodGroup, PodOutcome } from '@everynode/engine'
import { assertUnreachable, compareText, GLYPH, type Trouble } from './words.ts'

/** What an outcome is to somebody who wants the pod to run. */
export function troubleOfOutcome(outcome: PodOutcome): Trouble {
  switch (outcome.kind) {
    case 'blocked':
      return 'missing'
    case 'unknown':
      return 'unknown'
    case 'preempts':
    case 'lands':
    case 'waits':
    case 'gated':
      return 'waits'
    case 'bound':
      return outcome.ready ? 'none' : 'waits'
    case 'terminating':
      return 'left out'
    case 'finished':
      return outcome.phase === 'Succeeded' ? 'none' : 'left out'
    default:
      return assertUnreachable(outcome)
  }
}

/** Every trouble of an explanation; pods that the API server refuses to make, or for which room runs out, are missing too. */
export function worstOfPods({ groups, subject }: PodExplanation): ReadonlySet<Trouble> {
  const troubles = new Set(groups.map(({ outcome }) => troubleOfOutcome(outcome)))
  const short = groups.some(({ outcome, waiting }) => outcome.kind === 'lands' && waiting !== 'helps')
  if (short || subject.notMade !== undefined) troubles.add('missing')
  return troubles
}

/** Groups about which somebody may ask why. */
export function isTroubled({ outcome }: PodGroup): boolean {
  return ['missing', 'unknown', 'waits'].includes(troubleOfOutcome(outcome))
}

/** Pods in trouble as `pod/NAME`, a line each: what kubectl takes. */
export function troubledPods({ groups }: PodExplanation): readonly string[] {
  return groups
    .filter(isTroubled)
    .flatMap(({ pods }) => pods)
    .sort(compareText)
    .map(name => `pod/${name}`)
}

export const glyphOf = (outcome: PodOutcome): (typeof GLYPH)[Trouble] => GLYPH[troubleOfOutcome(outcome)]
