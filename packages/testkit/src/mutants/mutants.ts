import { mutateBytes } from './bytes.ts'
import { Random } from './random.ts'
import { mutateValue } from './values.ts'
import { yamlText } from './yaml-text.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export interface ListObject {
  readonly kind?: string
  readonly [key: string]: unknown
}

/** A recorded cluster with some of its parts changed. */
export interface Mutant {
  readonly bytes: Uint8Array
  /** What was done: `value` changed parts of the JSON value, `bytes` of its text. */
  readonly change: 'value' | 'bytes'
  readonly chunkSize: number
}

/** Of one kind at most so many objects are kept. */
const KEPT = 2

/** The objects of a List, cut down to a few of each kind: pods first of the nodes that are kept. */
export function cutDown(items: readonly ListObject[]): readonly ListObject[] {
  const counts = new Map<string, number>()
  return items.filter(({ kind = '' }) => {
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    return count <= KEPT
  })
}

/** The mutant of that number: of one of the dumps, in one of the forms that clusters come in. The same for the same seed. */
export function mutantOf(dumps: readonly (readonly ListObject[])[], seed: number, number: number): Mutant {
  const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b))
  const items = structuredClone(random.pick(dumps)) as Json[]
  const change = random.below(10) < 7 ? 'value' : 'bytes'
  const list: Json = { apiVersion: 'v1', kind: 'List', metadata: {}, items }
  const value = change === 'value' ? mutateValue(list, random) : list
  const plain = new TextEncoder().encode(textOf(value, random))
  const bytes = change === 'bytes' ? mutateBytes(plain, random) : plain
  return { bytes, change, chunkSize: random.pick([1 << 20, 4096, 509]) }
}

function textOf(value: Json, random: Random): string {
  switch (random.below(8)) {
    case 0:
      return yamlText(value)
    case 1:
      return `# flow style\n${JSON.stringify(value)}\n`
    case 2: {
      const items = typeof value === 'object' && value !== null && !Array.isArray(value) ? value['items'] : undefined
      return Array.isArray(items) ? items.map(item => `${JSON.stringify(item)}\n`).join('') : JSON.stringify(value)
    }
    case 3:
    case 4:
      return JSON.stringify(value, undefined, 4)
    default:
      return JSON.stringify(value)
  }
}
