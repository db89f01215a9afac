import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addQuantity,
  compareQuantity,
  formatQuantity,
  maxQuantity,
  milliQuantityOf,
  parseQuantity,
  type Quantity,
  QuantityReader,
  quantityMilliValue,
  quantityOf,
  quantityValue,
  readQuantity,
  recomputeQuantity,
  roundUpQuantity,
  subQuantity,
} from '../src/quantity.ts'

function quantity(text: string | number): Quantity {
  const parsed = parseQuantity(text)
  if (parsed.kind === 'error') throw new Error(`${text}: ${parsed.text}`)
  return parsed
}

const SUFFIXES = [
  '',
  'n',
  'u',
  'm',
  'k',
  'M',
  'G',
  'T',
  'P',
  'E',
  'Ki',
  'Mi',
  'Gi',
  'Ti',
  'Pi',
  'Ei',
  'e3',
  'E-2',
  'e18',
]
const digits = fc.oneof(
  fc.nat({ max: 2000 }).map(String),
  fc.bigInt({ min: 0n, max: 2n ** 66n }).map(String),
  fc.constantFrom('9223372036854775807', '9007199254740993', '000', '1000'),
)
const text = fc
  .tuple(fc.constantFrom('', '', '+', '-'), digits, fc.option(fc.nat({ max: 99_999 })), fc.constantFrom(...SUFFIXES))
  .map(([sign, whole, fraction, suffix]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${suffix}`)
const anyQuantity = text.map(quantity)

describe('a quantity', () => {
  test('is printed in its canonical form, unless upstream keeps the text', () => {
    const printed = (from: string): string => formatQuantity(quantity(from))
    expect(printed('1.5')).toBe('1500m')
    expect(printed('1.5Gi')).toBe('1536Mi')
    expect(printed('0.1Gi')).toBe('107374182400m')
    expect(printed('1024Ki')).toBe('1Mi')
    expect(printed('+1')).toBe('+1')
    expect(printed('01Ki')).toBe('01Ki')
    expect(printed('1000E')).toBe('1')
    expect(formatQuantity(recomputeQuantity(quantity('1.500')))).toBe('1500m')
  })

  test('is refused in the words of the API server', () => {
    expect(parseQuantity('')).toMatchObject({ kind: 'error', text: expect.stringContaining('regular expression') })
    expect(parseQuantity('1.5GiB')).toMatchObject({
      kind: 'error',
      text: expect.stringContaining('regular expression'),
    })
    expect(parseQuantity('1KK')).toEqual({ kind: 'error', text: "unable to parse quantity's suffix" })
    expect(parseQuantity('.Pi')).toEqual({ kind: 'error', text: 'unable to parse numeric part of quantity' })
    expect(parseQuantity(' 1')).toMatchObject({ kind: 'error' })
  })

  test('in an API object may have blanks around it, be a number or be null', () => {
    expect(readQuantity(' 1\t')).toEqual(quantity('1'))
    expect(readQuantity(1.5)).toEqual(quantity('1.5'))
    expect(readQuantity(1e21)).toEqual(quantity('1e+21'))
    expect(readQuantity(null)).toEqual(quantity('0'))
    expect(readQuantity('\ufeff1')).toMatchObject({ kind: 'error' })
  })

  test('rounds up and wraps in 64 bits as Go does', () => {
    expect(quantityValue(quantity('100.5'))).toBe(101n)
    expect(quantityValue(quantity('-1.5'))).toBe(-2n)
    expect(quantityValue(quantity('-0.0000000001'))).toBe(1n)
    expect(quantityMilliValue(quantity('0.1m'))).toBe(1n)
    expect(quantityMilliValue(quantity('999999999999999999'))).toBe(3875820019684211736n)
    expect(quantityValue(quantity('10E'))).toBe(0n)
  })

  test('of an absurd exponent or length is read, compared and summed without exhausting memory', () => {
    const huge = quantity('1e2000000000')
    expect(quantityValue(huge)).toBe(0n)
    expect(compareQuantity(huge, quantity('9e1999999999'))).toBe(1)
    expect(compareQuantity(addQuantity(huge, quantity('1')), quantity('1E'))).toBe(1)
    expect(formatQuantity(quantity('12345678901234567890e-2000000000'))).toBe('1e-9')
    expect(quantityValue(quantity(`${'9'.repeat(100_000)}Ki`))).toBe(2n ** 63n - 1n)
    expect(parseQuantity('x'.repeat(10_000_000))).toMatchObject({ kind: 'error' })
  })

  test('rounds away from zero to a scale, and keeps its text where it is coarser already', () => {
    expect(formatQuantity(roundUpQuantity(quantity('1.0001'), -3))).toBe('1001m')
    expect(formatQuantity(roundUpQuantity(quantity('-1.0001'), -3))).toBe('-1001m')
    expect(formatQuantity(roundUpQuantity(quantity('+1'), -3))).toBe('+1')
    expect(formatQuantity(roundUpQuantity(quantity('1n'), 0))).toBe('1')
  })

  test('of a number is that number in 64 bits', () => {
    expect(formatQuantity(quantityOf(2n ** 30n, 'BinarySI'))).toBe('1Gi')
    expect(formatQuantity(milliQuantityOf(1500n, 'DecimalSI'))).toBe('1500m')
    expect(formatQuantity(quantityOf(2n ** 63n, 'BinarySI'))).toBe('-9223372036854775808')
  })
})

describe('the order of quantities', () => {
  test('is total', () => {
    fc.assert(
      fc.property(anyQuantity, anyQuantity, anyQuantity, (a, b, c) => {
        expect(compareQuantity(a, b)).toBe(0 - compareQuantity(b, a))
        expect(compareQuantity(a, a)).toBe(0)
        if (compareQuantity(a, b) <= 0 && compareQuantity(b, c) <= 0)
          expect(compareQuantity(a, c)).toBeLessThanOrEqual(0)
      }),
    )
  })

  test('is kept by sums', () => {
    fc.assert(
      fc.property(anyQuantity, anyQuantity, anyQuantity, (a, b, c) => {
        expect(compareQuantity(addQuantity(a, c), addQuantity(b, c))).toBe(compareQuantity(a, b))
      }),
    )
  })

  test('says which is the greater one', () => {
    fc.assert(
      fc.property(anyQuantity, anyQuantity, (a, b) => {
        const greater = maxQuantity(a, b)
        expect(compareQuantity(greater, a)).toBeGreaterThanOrEqual(0)
        expect(compareQuantity(greater, b)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('sums of quantities', () => {
  test('do not depend on the order', () => {
    fc.assert(
      fc.property(anyQuantity, anyQuantity, anyQuantity, (a, b, c) => {
        expect(compareQuantity(addQuantity(a, b), addQuantity(b, a))).toBe(0)
        const left = addQuantity(addQuantity(a, b), c)
        expect(compareQuantity(left, addQuantity(a, addQuantity(b, c)))).toBe(0)
      }),
    )
  })

  test('are undone by differences', () => {
    fc.assert(
      fc.property(anyQuantity, anyQuantity, (a, b) => {
        expect(compareQuantity(subQuantity(addQuantity(a, b), b), a)).toBe(0)
      }),
    )
  })
})

describe('the text of a quantity', () => {
  test('reads back as an equal quantity that prints the same', () => {
    fc.assert(
      fc.property(anyQuantity, original => {
        const printed = formatQuantity(recomputeQuantity(original))
        // Above exa there is no suffix to print, and what is capped on reading may be one less.
        fc.pre(quantity(printed).unscaled !== 0n || original.unscaled === 0n)
        fc.pre(compareQuantity(original, quantity('9E')) < 0 && compareQuantity(original, quantity('-9E')) > 0)
        const again = quantity(printed)
        expect(compareQuantity(again, original)).toBe(0)
        expect(formatQuantity(recomputeQuantity(again))).toBe(printed)
      }),
      { numRuns: 500 },
    )
  })
})

describe('reading in bulk', () => {
  test('gives the 64-bit values of the exact arithmetic, as numbers where these are exact', () => {
    const reader = new QuantityReader()
    const same = (from: string | number): void => {
      const exact = readQuantity(from)
      if (exact.kind === 'error') throw new Error(exact.text)
      for (const [read, value] of [
        [reader.value(from), quantityValue(exact)],
        [reader.milli(from), quantityMilliValue(exact)],
      ] as const) {
        expect(BigInt(read)).toBe(value)
        expect(typeof read).toBe(Number.isSafeInteger(Number(value)) ? 'number' : 'bigint')
      }
    }
    fc.assert(fc.property(text, same), { numRuns: 500 })
    for (const from of ['0', '250m', '1500m', '1', '16Gi', '8Ti', '9007199254740993', '1E', 4, 0.25, -3]) same(from)
  })

  test('counts an unreadable text as nothing and names it', () => {
    const reader = new QuantityReader()
    expect(reader.value('1.5GiB')).toBe(0)
    expect(reader.milli('12')).toBe(12_000)
    expect([...reader.errors.keys()]).toEqual(['1.5GiB'])
  })
})
