import type { KarpenterVersion, KubernetesVersion } from '@everynode/engine'

/** One question of the oracle's protocol, answered by the engine. */
export interface Op {
  readonly name: string
  /** Answers as the oracle's `expect`: plain JSON values; integers beyond 2^53 as bigint. Throws only on a bug. */
  answer(input: unknown, context: OpContext): unknown
  /** The answer depends on `seed`: the real code draws lots at choice points that the engine names. */
  readonly drawsLots?: true
}

export interface OpContext {
  readonly version: KubernetesVersion
  /** Of the ops of Karpenter; undefined is the default version. */
  readonly karpenterVersion?: KarpenterVersion | undefined
  /** Decides the named choice points, and nothing else; undefined is the engine's default. */
  readonly seed?: number | undefined
  /**
   * The oracle's answer, for an op whose real code draws lots in the middle of its work: what it drew is taken where it is one of the
   * engine's own set, so that what follows can be compared.
   */
  readonly expect?: unknown
}
