import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical } from '../src/canonical.ts'
import { parseExact } from '../src/exact-json.ts'

/** A long run of digits in front sends the text through the exact parser. */
const LONG = 1234567890123456

describe('exact JSON', () => {
  test('reads what JSON.parse reads, by the exact parser too', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, spaced) => {
        const text = JSON.stringify([LONG, value], undefined, spaced ? 2 : undefined)
        expect(canonical(parseExact(text))).toBe(canonical(JSON.parse(text)))
      }),
    )
  })

  test('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.nat(),
        fc.constantFrom('', ',', '"', '}', '1', ' x', '\\', '\u0001'),
        (value, at, insert) => {
          const whole = JSON.stringify([LONG, value])
          const text = whole.slice(0, at % whole.length) + insert + whole.slice((at % whole.length) + 1)
          const accepts = (parse: (text: string) => unknown): boolean => {
            try {
              parse(text)
              return true
            } catch {
              return false
            }
          }
          expect({ text, accepted: accepts(parseExact) }).toEqual({ text, accepted: accepts(JSON.parse) })
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('keeps every digit of an integer beyond 2^53 and reads fractions as numbers', () => {
    expect(parseExact('[9223372036854775807,-9007199254740993,9007199254740991,1.0000000000000002,1e21]')).toEqual([
      9223372036854775807n,
      -9007199254740993n,
      9007199254740991,
      1.0000000000000002,
      1e21,
    ])
  })

  test('keeps a key that is called __proto__', () => {
    expect(canonical(parseExact('{"__proto__":9223372036854775807}'))).toBe('{"__proto__":9223372036854775807}')
  })
})

describe('canonical JSON', () => {
  test('sorts keys, keeps arrays in order and leaves undefined properties out', () => {
    expect(canonical({ b: [2, 1], a: { d: undefined, c: 'x' } })).toBe('{"a":{"c":"x"},"b":[2,1]}')
  })

  test('prints numbers by value and tells -0 from 0', () => {
    expect(canonical([1.0, 1e21, 0.1, 9007199254740993n, -0])).toBe('[1,1e+21,0.1,9007199254740993,-0]')
  })

  test('refuses what JSON can not hold', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, [undefined], new Map(), Symbol('x')]) {
      expect(() => canonical(value)).toThrow(TypeError)
    }
  })
})
