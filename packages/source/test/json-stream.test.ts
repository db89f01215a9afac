import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonProblem } from '../src/json/events.ts'
import { SKIPPED_KEYS } from '../src/json/skipped-keys.ts'
import {
  ARRAY,
  CODED_STRING,
  endOf,
  nextOf,
  OBJECT,
  SCALAR,
  STRING,
  startOf,
  type Tape,
  typeOf,
} from '../src/json/tape.ts'
import { tokenAt } from '../src/json/token-path.ts'
import { JsonStream } from '../src/json-stream.ts'
import type { Shape } from '../src/project/shape.ts'
import { READ_KINDS } from '../src/shapes/kinds.ts'

interface Seen {
  readonly values: unknown[]
  readonly lines: number[]
  readonly heads: unknown[]
  readonly tails: unknown[]
  readonly problems: JsonProblem[]
}

const decoder = new TextDecoder()

/** The value that a tape holds, built token by token. */
function valueAt(tape: Tape, token: number): unknown {
  const text = decoder.decode(tape.bytes.subarray(startOf(tape, token), endOf(tape, token)))
  switch (typeOf(tape, token)) {
    case STRING:
      return text
    case CODED_STRING:
      return JSON.parse(`"${text}"`)
    case SCALAR:
      return JSON.parse(text)
    case ARRAY: {
      const elements: unknown[] = []
      for (let at = token + 1; at < nextOf(tape, token); at = nextOf(tape, at)) elements.push(valueAt(tape, at))
      return elements
    }
    case OBJECT:
      return membersOf(tape, token + 1, nextOf(tape, token))
    default:
      return 'skipped'
  }
}

function membersOf(tape: Tape, from: number, to: number): object {
  const entries: [string, unknown][] = []
  for (let key = from; key < to; key = nextOf(tape, key + 1)) {
    entries.push([valueAt(tape, key) as string, valueAt(tape, key + 1)])
  }
  return Object.fromEntries(entries)
}

function read(chunks: readonly Uint8Array[], maxObjectBytes?: number): Seen {
  const seen: Seen = { values: [], lines: [], heads: [], tails: [], problems: [] }
  const stream = new JsonStream(
    {
      value: (tape, token, place) => {
        seen.values.push(valueAt(tape, token))
        seen.lines.push(place.line)
      },
      listHead: (tape, from, to) => seen.heads.push(membersOf(tape, from, to)),
      listTail: (tape, from, to) => seen.tails.push(membersOf(tape, from, to)),
      problem: problem => seen.problems.push(problem),
    },
    1,
    maxObjectBytes,
  )
  for (const chunk of chunks) stream.push(chunk)
  stream.finish()
  return seen
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

const OBJECTS = [
  {
    kind: 'A',
    metadata: { name: 'a "quoted" \\ name', labels: { 'x/y': 'é — ü 🚀', env: 'prod' } },
    n: [1, -2.5e3, true, null],
  },
  { kind: 'B', empty: {}, none: [], text: '\u0001\n\t', deep: [[[{ a: [] }]]] },
  { kind: 'C', ключ: 'значение', items: 'no list' },
]

const FORMS: readonly (readonly [string, string])[] = [
  ['an indented List', JSON.stringify({ apiVersion: 'v1', items: OBJECTS, kind: 'List', metadata: {} }, undefined, 4)],
  ['a compact List', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: OBJECTS })],
  ['an indented array', JSON.stringify(OBJECTS, undefined, 2)],
  ['one object a line', OBJECTS.map(object => `${JSON.stringify(object)}\n`).join('')],
  ['objects in a row', OBJECTS.map(object => JSON.stringify(object)).join('')],
  ['indented objects in a row', OBJECTS.map(object => JSON.stringify(object, undefined, '\t')).join('\r\n')],
  ['documents between dashes', OBJECTS.map(object => JSON.stringify(object)).join('\n---\n')],
]

describe('a JSON stream', () => {
  test.each(FORMS)('reads %s', (_, text) => {
    const seen = read([bytes(text)])
    expect(seen.values).toEqual(OBJECTS)
    expect(seen.problems).toEqual([])
  })

  test.each(FORMS)('reads %s the same wherever the chunks are cut', (_, text) => {
    const all = bytes(text)
    const whole = read([all])
    for (let cut = 1; cut < all.length; cut++) expect(read([all.subarray(0, cut), all.subarray(cut)])).toEqual(whole)
    for (const size of [1, 2, 3, 7]) {
      const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
        all.subarray(i * size, (i + 1) * size),
      )
      expect(read(chunks)).toEqual(whole)
    }
  })

  test('gives the members before and after the items', () => {
    const seen = read([bytes('{"apiVersion":"v1","items":[{"a":1}],"kind":"List","metadata":{"x":"y"}}')])
    expect(seen.heads).toEqual([{ apiVersion: 'v1' }])
    expect(seen.tails).toEqual([{ kind: 'List', metadata: { x: 'y' } }])
  })

  test('tells the line of each value', () => {
    expect(read([bytes('{"items":[\n{"a":\n1},\n\n{"b":2}\n]}\n{"c":3}')]).lines).toEqual([2, 5, 7])
  })

  test('reads any JSON value as JSON.parse does, in any layout and cut', () => {
    const value = fc.jsonValue({ maxDepth: 4 })
    const object = fc.dictionary(fc.string(), value, { maxKeys: 5 }).filter(members => !('items' in members))
    const lists = fc.array(object, { maxLength: 4 })
    const layout = fc.constantFrom('', ' ', '    ', '\t')
    fc.assert(
      fc.property(lists, layout, fc.integer({ min: 1, max: 40 }), (items, indent, size) => {
        const text = JSON.stringify({ kind: 'List', items }, undefined, indent)
        const all = bytes(text)
        const chunks = Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
          all.slice(i * size, (i + 1) * size),
        )
        const seen = read(chunks)
        expect(seen.problems).toEqual([])
        expect(withoutSkipped(seen.values)).toEqual(withoutSkipped(JSON.parse(text).items))
      }),
      { numRuns: 300 },
    )
  })

  test('finds a value by its path', () => {
    let found: unknown
    const stream = new JsonStream({
      value: (tape, token) => {
        const at = tokenAt(tape, token, ['a', 1, 'b'])
        found = at === undefined ? undefined : valueAt(tape, at)
      },
      listHead: () => undefined,
      listTail: () => undefined,
      problem: () => undefined,
    })
    stream.push(bytes('{"a":[0,{"c":[],"b":"here"}]}'))
    expect(found).toBe('here')
  })
})

function withoutSkipped(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, member) => (SKIPPED_KEYS.includes(key) && typeof member === 'object' ? 0 : member)),
  )
}

describe('a mistake in JSON', () => {
  const broken = (text: string) => read([bytes(text)])

  test('leaves out one object of an indented List', () => {
    const text = JSON.stringify({ items: OBJECTS }, undefined, 4).replace('"empty": {}', '"empty" {}')
    const seen = broken(text)
    expect(seen.values).toEqual([OBJECTS[0], OBJECTS[2]])
    expect(seen.problems).toHaveLength(1)
    expect(seen.problems[0]).toMatchObject({ code: 'json-syntax', message: 'expected ":", found "{"' })
  })

  test('leaves out one line of JSON lines', () => {
    const seen = broken('{"a":1}\n{"a":2,,}\n{"a":3}\n')
    expect(seen.values).toEqual([{ a: 1 }, { a: 3 }])
    expect(seen.problems).toMatchObject([{ line: 2, column: 8, leftOutFrom: 2, resumedAt: 3 }])
  })

  test('leaves out one object of a compact List', () => {
    const object = (name: string) => `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"${name}"}}`
    const seen = broken(`{"items":[${object('a')},${object('b').replace('Pod"', 'Pod')},${object('c')}]}`)
    expect(seen.values).toMatchObject([{ metadata: { name: 'a' } }, { metadata: { name: 'c' } }])
    expect(seen.problems).toHaveLength(1)
  })

  test('at the end of a cut file is told, and what was read before stays', () => {
    const text = JSON.stringify({ items: OBJECTS }, undefined, 4)
    const seen = broken(text.slice(0, -40))
    expect(seen.values).toEqual(OBJECTS.slice(0, 2))
    expect(seen.problems).toMatchObject([{ code: 'json-unexpected-end', resumedAt: undefined }])
    expect(seen.tails).toEqual([{}])
  })

  test('of 20,000 levels is told, and the next object is read', () => {
    const deep = '['.repeat(20_000)
    const seen = broken(`{"a":${deep}${']'.repeat(20_000)}}\n{"b":1}`)
    expect(seen.values).toEqual([{ b: 1 }])
    expect(seen.problems).toMatchObject([{ code: 'json-too-deep', leftOutFrom: 1, resumedAt: 2 }])
  })

  test('an object larger than all sense is left out, and the next one is read', () => {
    const large = bytes(`{"items":[{"a":"${'x'.repeat(300_000)}"},\n{"apiVersion":"v1","kind":"Pod","metadata":{}}]}`)
    const chunks = Array.from({ length: 10 }, (_, i) => large.subarray(i * 31_000, (i + 1) * 31_000))
    const seen = read(chunks, 2 ** 17)
    expect(seen.values).toEqual([{ apiVersion: 'v1', kind: 'Pod', metadata: {} }])
    expect(seen.problems).toMatchObject([
      { code: 'json-object-too-large', message: 'an object is larger than 0.125 MiB', resumedAt: 2 },
    ])
  })

  test('under a key that nothing reads does no harm', () => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000)
    expect(broken(`{"fieldsV1":{"x":${deep}},"b":1}`).values).toEqual([{ fieldsV1: 'skipped', b: 1 }])
  })
})

test('no shape reads a key that the scanner passes over', () => {
  const names = new Set<string>()
  const collect = (shape: Shape): void => {
    if (shape.kind === 'list') collect(shape.of)
    if (shape.kind !== 'object') return
    for (const name of shape.names) names.add(name)
    shape.shapes.forEach(collect)
  }
  for (const { shape } of READ_KINDS) collect(shape)
  expect(SKIPPED_KEYS.filter(key => names.has(key))).toEqual([])
  expect(names.size).toBeGreaterThan(100)
})
