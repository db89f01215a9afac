/** Numbers drawn for one choice point. */
export interface RandomStream {
  /** In [0, 1). */
  next(): number
  /** A whole number in [0, bound). */
  below(bound: number): number
  /** The same elements in drawn order. */
  shuffled<T>(list: readonly T[]): T[]
}

/**
 * One stream of random numbers for each choice point that upstream leaves to chance (map order, parallel batches, ties), by name: a
 * further choice point does not shift the numbers of the others. The same seed gives the same numbers everywhere.
 */
export class RandomStreams {
  readonly #seed: number
  readonly #streams = new Map<string, RandomStream>()

  constructor(seed: number) {
    this.#seed = seed
  }

  stream(name: string): RandomStream {
    let stream = this.#streams.get(name)
    if (stream === undefined) {
      stream = streamFrom(hash(`${this.#seed}/${name}`))
      this.#streams.set(name, stream)
    }
    return stream
  }
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}

/** SplitMix32: a counter, well mixed. */
function streamFrom(seed: number): RandomStream {
  let counter = seed
  const next = (): number => {
    counter = (counter + 0x9e3779b9) | 0
    let mixed = counter ^ (counter >>> 16)
    mixed = Math.imul(mixed, 0x21f0aaad)
    mixed ^= mixed >>> 15
    mixed = Math.imul(mixed, 0x735a2d97)
    mixed ^= mixed >>> 15
    return (mixed >>> 0) / 2 ** 32
  }
  const below = (bound: number): number => Math.floor(next() * bound)
  return {
    next,
    below,
    shuffled(list) {
      const mixed = [...list]
      for (let i = mixed.length - 1; i > 0; i--) {
        const j = below(i + 1)
        const kept = mixed[i]!
        mixed[i] = mixed[j]!
        mixed[j] = kept
      }
      return mixed
    },
  }
}
