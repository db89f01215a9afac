/** A float64 of Go: apart from int, since `1` and `1.0` are two keys of one map and print differently. */
export class GoFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/**
 * What go-yaml makes of a scalar: int and uint64 are numbers up to 2^53 and bigints beyond, where only a uint64 passes 2^63-1.
 * A byte of a `!!binary` that is no UTF-8 is the low surrogate U+DC00 + byte, which no other text can have.
 */
export type GoScalar = null | boolean | number | bigint | string | GoFloat

/** What go-yaml makes of a document, before sigs.k8s.io/yaml makes JSON of it. */
export type GoValue = GoScalar | GoMap | GoValue[]

/** An entry of a map. */
export interface GoEntry {
  readonly key: GoScalar
  readonly value: GoValue
}

/** Go's `map[interface{}]interface{}`: keys are equal if their types are. */
export class GoMap {
  readonly #entries = new Map<unknown, GoEntry>()

  get size(): number {
    return this.#entries.size
  }

  has(key: GoScalar): boolean {
    return this.#entries.has(identity(key))
  }

  set(key: GoScalar, value: GoValue): void {
    this.#entries.set(identity(key), { key, value })
  }

  entries(): Iterable<GoEntry> {
    return this.#entries.values()
  }
}

/** Equal exactly for equal keys; NaN equals nothing. */
function identity(key: GoScalar): unknown {
  if (typeof key === 'string') return `s${key}`
  if (!(key instanceof GoFloat)) return key
  return Number.isNaN(key.value) ? Symbol('NaN') : `f${key.value}`
}

/** How to combine the parts of a value from its leaves up. */
export interface Fold<Result> {
  scalar(value: GoScalar): Result
  list(items: readonly Result[]): Result
  map(entries: readonly { readonly key: GoScalar; readonly result: Result }[]): Result
}

interface OpenFold<Result> {
  readonly items: Iterator<GoValue>
  readonly keys: GoScalar[] | undefined
  readonly results: Result[]
}

/** Combines a value of any depth: it may be nested deeper than the stack of JavaScript allows to call. */
export function foldGoValue<Result>(root: GoValue, fold: Fold<Result>): Result {
  const stack: OpenFold<Result>[] = []
  let value: GoValue | undefined = root
  for (;;) {
    let result: Result
    if (Array.isArray(value)) {
      stack.push({ items: value.values(), keys: undefined, results: [] })
    } else if (value instanceof GoMap) {
      const entries: GoEntry[] = Array.from(value.entries())
      const items = entries.map(entry => entry.value).values()
      stack.push({ items, keys: entries.map(entry => entry.key), results: [] })
    } else if (value !== undefined) {
      result = fold.scalar(value)
      const open = stack.at(-1)
      if (open === undefined) return result
      open.results.push(result)
    }
    for (;;) {
      const open = stack.at(-1) as OpenFold<Result>
      const next: IteratorResult<GoValue> = open.items.next()
      if (next.done !== true) {
        value = next.value
        break
      }
      stack.pop()
      const { keys, results } = open
      result =
        keys === undefined
          ? fold.list(results)
          : fold.map(keys.map((key, at) => ({ key, result: results[at] as Result })))
      const outer = stack.at(-1)
      if (outer === undefined) return result
      outer.results.push(result)
    }
  }
}
