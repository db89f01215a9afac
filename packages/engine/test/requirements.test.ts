import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type NodeSelectorRequirementWithMinValues, Requirement, RequirementIndex, Requirements } from '../src/index.ts'
import { podRequirements, strictPodRequirements } from '../src/requirements/pod-requirements.ts'

const VALUES = ['1', '2', '5', '9', 'a', 'b', '-3', '+4', '007', '1.5', '9223372036854775807', '9223372036854775808']
const BOUNDS = ['0', '1', '2', '5', '8', '-4', '9223372036854775807', '-9223372036854775808', 'no number']

const spec = (key: string): fc.Arbitrary<NodeSelectorRequirementWithMinValues> => {
  const minValues = fc.option(fc.nat(4), { nil: undefined })
  const made = (operator: string, values: readonly string[], least: number | undefined) => ({
    key,
    operator,
    values,
    ...(least === undefined ? {} : { minValues: least }),
  })
  return fc.oneof(
    fc.tuple(fc.constantFrom('In', 'NotIn'), fc.subarray(VALUES), minValues).map(parts => made(...parts)),
    fc.tuple(fc.constantFrom('Exists', 'DoesNotExist'), fc.constant([]), minValues).map(parts => made(...parts)),
    fc
      .tuple(fc.constantFrom('Gt', 'Lt', 'Gte', 'Lte'), fc.constantFrom(...BOUNDS), minValues)
      .map(([operator, bound, least]) => made(operator, [bound], least)),
  )
}
const requirement = fc
  .array(spec('key'), { minLength: 1, maxLength: 3 })
  .map(specs => Requirements.read(specs).get('key'))
const KEYS = ['zone', 'arch', 'team', 'size']
const requirements = fc
  .array(fc.constantFrom(...KEYS).chain(spec), { maxLength: 5 })
  .map(specs => Requirements.read(specs))

const one = (operator: string, ...values: readonly string[]) => Requirements.read([{ key: 'key', operator, values }])

describe('a requirement', () => {
  test('that is the intersection of two allows exactly what both allow', () => {
    fc.assert(
      fc.property(requirement, requirement, fc.constantFrom(...VALUES), (a, b, value) => {
        expect(a.intersection(b).has(value)).toBe(a.has(value) && b.has(value))
      }),
    )
  })

  test('is the same intersected with another from either side, and with itself', () => {
    fc.assert(
      fc.property(requirement, requirement, (a, b) => {
        expect(a.intersection(b)).toEqual(b.intersection(a))
        expect(a.intersection(a)).toBe(a)
        expect(a.hasIntersection(b)).toBe(b.hasIntersection(a))
      }),
    )
  })

  test('has an intersection with a list exactly where a listed value meets both', () => {
    fc.assert(
      fc.property(requirement, fc.subarray(VALUES), (a, values) => {
        expect(a.hasIntersection(Requirement.in('key', values))).toBe(values.some(value => a.has(value)))
      }),
    )
  })

  test('keeps itself where another takes nothing from it', () => {
    const narrow = Requirement.in('key', ['a'])
    expect(narrow.intersection(Requirement.in('key', ['a', 'b']))).toBe(narrow)
    expect(Requirement.in('key', ['a', 'b']).intersection(narrow)).toBe(narrow)
    fc.assert(
      fc.property(requirement, requirement, (a, b) => {
        const both = a.intersection(b)
        expect(both.intersection(a)).toBe(both)
        expect(both.intersection(b)).toBe(both)
      }),
    )
  })

  test('above the largest integer is met by nothing, and forgets its minValues', () => {
    const above = Requirement.read({ key: 'key', operator: 'Gt', values: ['9223372036854775807'], minValues: 2 })
    expect(above).toMatchObject({ operator: 'DoesNotExist', minValues: undefined })
  })

  test('with a bound that cannot be read takes it for 0, and one that is too large for the largest integer', () => {
    expect(one('Gte', 'many').get('key')).toMatchObject({ gte: 0 })
    expect(one('Lte', '99999999999999999999').get('key')).toMatchObject({ lte: 9223372036854775807n })
    expect(one('Gt').get('key')).toMatchObject({ gte: 1 })
  })

  test('of an operator that nobody knows is met by every value', () => {
    expect(one('Like', 'a').get('key')).toMatchObject({ operator: 'Exists' })
  })

  test('is written as Karpenter writes it', () => {
    expect(`${one('In', 'f', 'b', 'c', 'd', 'e', 'a', 'b').get('key')}`).toBe('key In [a b c d e and 1 others]')
    const bounded = Requirements.read([
      { key: 'key', operator: 'Gt', values: ['3'], minValues: 2 },
      { key: 'key', operator: 'NotIn', values: ['7'] },
      { key: 'key', operator: 'Lt', values: ['9'] },
    ]).get('key')
    expect(`${bounded}`).toBe('key NotIn [7] >=4 <=8 minValues 2')
    expect(bounded.serialize()).toEqual([
      { key: 'key', operator: 'Gte', values: ['4'], minValues: 2 },
      { key: 'key', operator: 'Lte', values: ['8'], minValues: 2 },
    ])
  })
})

describe('a set of requirements', () => {
  // karpenter pkg/scheduling/requirements_test.go, v1.14.1: does the row, which is offered, meet the column?
  const ROWS: readonly (readonly [string, Requirements, string])[] = [
    ['nothing', Requirements.EMPTY, '1.1...1...1....'],
    ['Exists', one('Exists'), '11.111111111111'],
    ['DoesNotExist', one('DoesNotExist'), '1.1...1...1....'],
    ['In A', one('In', 'A'), '11.1.1....1....'],
    ['In B', one('In', 'B'), '11..111...1....'],
    ['In A, B', one('In', 'A', 'B'), '11.1111...1....'],
    ['NotIn A', one('NotIn', 'A'), '111.11111111111'],
    ['In 1', one('In', '1'), '11....11.1....1'],
    ['In 9', one('In', '9'), '11....1.1111...'],
    ['In 1, 9', one('In', '1', '9'), '11....111111..1'],
    ['NotIn 1, 2', one('NotIn', '1', '2'), '1111111.1111111'],
    ['Gt 1', one('Gt', '1'), '11....1.11111.1'],
    ['Gt 9', one('Gt', '9'), '11....1...111..'],
    ['Lt 1', one('Lt', '1'), '11....1...1..11'],
    ['Lt 9', one('Lt', '9'), '11....11.111.11'],
  ]

  test.each(ROWS)('%s is compatible with what it may meet', (_, offered, expected) => {
    const answers = ROWS.map(([, incoming]) => (offered.compatible(incoming) ? '1' : '.'))
    expect(answers.join('')).toBe(expected)
  })

  test('lets a label be undefined that may be', () => {
    for (const [name, incoming] of ROWS) {
      expect([name, Requirements.EMPTY.compatible(incoming, new Set(['key']))]).toEqual([name, true])
    }
  })

  test('says why it is not compatible exactly where it is not', () => {
    fc.assert(
      fc.property(requirements, requirements, fc.subarray(KEYS), (offered, incoming, open) => {
        const why = offered.incompatibility(incoming, new Set(open))
        expect(why === undefined).toBe(offered.compatible(incoming, new Set(open)))
        expect(offered.disjointness(incoming) === undefined).toBe(offered.intersects(incoming))
        expect(why?.keys.length).not.toBe(0)
      }),
    )
    expect(Requirements.EMPTY.incompatibility(one('In', 'a'))?.texts).toEqual([
      'label "key" does not have known values',
    ])
    expect(one('In', 'b').incompatibility(one('In', 'a'))?.texts).toEqual(['key key, key In [a] not in key In [b]'])
  })

  test('does not change when something is added, and is itself where nothing changes', () => {
    fc.assert(
      fc.property(requirements, requirements, (a, b) => {
        const before = a.serialize()
        const both = a.add(b)
        expect(a.serialize()).toEqual(before)
        expect(both.add(both)).toBe(both)
        expect(a.add(Requirements.EMPTY)).toBe(a)
        expect([...both.values()].map(({ key }) => key).sort((x, y) => (x < y ? -1 : 1))).toEqual(
          KEYS.filter(key => a.has(key) || b.has(key)).sort((x, y) => (x < y ? -1 : 1)),
        )
      }),
    )
  })

  test('reads an old label key as the new one', () => {
    const labels = { 'beta.kubernetes.io/arch': 'amd64', 'kubernetes.io/arch': 'arm64' }
    expect(Requirements.ofLabels(labels).get('kubernetes.io/arch')).toMatchObject({ operator: 'DoesNotExist' })
  })
})

test('an index of many sets answers as each set by itself', () => {
  fc.assert(
    fc.property(
      fc.array(requirements, { maxLength: 70 }),
      fc.array(requirements, { maxLength: 3 }),
      fc.subarray(KEYS),
      (members, questions, open) => {
        const allowed = new Set(open)
        const index = new RequirementIndex(members, allowed)
        const bits = (set: Uint32Array) => members.map((_, at) => ((set[at >>> 5]! >>> (at & 31)) & 1) === 1)
        for (const asked of [...questions, ...questions]) {
          expect(bits(index.intersecting(asked))).toEqual(members.map(member => member.intersects(asked)))
          expect(bits(index.offered(asked))).toEqual(members.map(member => asked.compatible(member, allowed)))
        }
      },
    ),
  )
})

describe('a pod requires of its node', () => {
  const term = (key: string) => ({ matchExpressions: [{ key, operator: 'Exists' }] })
  const spec = {
    nodeSelector: { pool: 'a' },
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term('first'), term('second')] },
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 1, preference: term('light') },
          { weight: 9, preference: term('heavy') },
        ],
      },
    },
  }

  test('its selector and the first of its terms, and its heaviest preference as long as it stands', () => {
    const keys = (set: Requirements) => [...set.values()].map(({ key }) => key).sort((a, b) => (a < b ? -1 : 1))
    expect(keys(strictPodRequirements({ metadata: {}, spec }))).toEqual(['first', 'pool'])
    expect(keys(podRequirements({ metadata: {}, spec }))).toEqual(['first', 'heavy', 'pool'])
  })
})
