/** ln 2 in two parts: the first is exact in few bits, so that its product with an exponent is too. */
const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
/** Coefficients of the polynomial in s², from s² to s¹⁴. */
const L = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
  0.15313837699209373, 0.14798198605116586,
] as const

/**
 * Natural logarithm of a whole number from 1 to 2^31 as Go computes it, bit for bit (`math.Log`, Go 1.26 src/math/log.go);
 * engines of JavaScript may differ from it, and from each other, in the last bit.
 */
export function goLog(value: number): number {
  let exponent = 32 - Math.clz32(value)
  let fraction = value / 2 ** exponent
  if (fraction < Math.SQRT1_2) {
    fraction *= 2
    exponent--
  }
  const f = fraction - 1
  const s = f / (2 + f)
  const s2 = s * s
  const s4 = s2 * s2
  const odd = s2 * (L[0] + s4 * (L[2] + s4 * (L[4] + s4 * L[6])))
  const even = s4 * (L[1] + s4 * (L[3] + s4 * L[5]))
  const half = 0.5 * f * f
  return exponent * LN2_HIGH - (half - (s * (half + (odd + even)) + exponent * LN2_LOW) - f)
}

/** Rounds to the nearest whole number, halves away from zero (`math.Round`). */
export function goRound(value: number): number {
  const whole = Math.trunc(value)
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole
}
