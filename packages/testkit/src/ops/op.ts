import type { KubernetesVersion } from '@everynode/engine'

/** One question of the oracle's protocol, answered by the engine. */
export interface Op {
  readonly name: string
  /** Answers as the oracle's `expect`: plain JSON values; integers beyond 2^53 as bigint. Throws only on a bug. */
  answer(input: unknown, context: OpContext): unknown
}

export interface OpContext {
  readonly version: KubernetesVersion
  /**
   * The oracle's answer, for an op whose real code draws lots in the middle of its work: what it drew is taken where it is one of the
   * engine's own set, so that what follows can be compared.
   */
  readonly expect?: unknown
}
