import { expect, test } from 'vitest'
import { goLog, goRound } from '../src/go-math.ts'

/** Bits of `math.Log(n)` as Go 1.26 prints them on amd64; the first ones are those where engines of JavaScript tend to differ. */
const BITS: readonly (readonly [value: number, bits: string])[] = [
  [14, '40051cca16d7bba8'],
  [176, '4014ae935b3cb89e'],
  [185, '4014e1a4f518c72b'],
  [220, '4015931319798d6e'],
  [680, '401a169f7e9678c3'],
  [835, '401ae8e3dcb13aab'],
  [2, '3fe62e42fefa39ef'],
  [3, '3ff193ea7aad030a'],
  [4, '3ff62e42fefa39ef'],
  [5, '3ff9c041f7ed8d33'],
  [7, '3fff2272ae325a57'],
  [10, '40026bb1bbb55516'],
  [102, '40127ff8df87c7bd'],
  [1000, '401ba18a998fffa0'],
  [5002, '40210901f6dc84b9'],
  [20000, '4023ce95eba4f8b4'],
  [1048575, '402bb9d39eb8c76b'],
  [123456789, '4032a1a38bd0540a'],
]

test('logarithms have the bits that Go gives them', () => {
  const view = new DataView(new ArrayBuffer(8))
  const bitsOf = (value: number): string => {
    view.setFloat64(0, value)
    return view.getBigUint64(0).toString(16).padStart(16, '0')
  }
  expect(BITS.map(([value]) => [value, bitsOf(goLog(value))])).toEqual(BITS)
})

test('halves are rounded away from zero, and what is just below a half is not', () => {
  expect([0.5, 1.5, 2.5, -0.5, -2.5, 0.49999999999999994, 4.4].map(goRound)).toEqual([1, 2, 3, -1, -3, 0, 4])
})
