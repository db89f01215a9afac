/** How a quantity is printed (apimachinery `pkg/api/resource/quantity.go`, v0.36.2): `12M`, `12Mi` or `12e6`. */
export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent'

/**
 * An exact amount, `unscaled` × 10^`scale`, as resource.Quantity holds it (apimachinery `pkg/api/resource`, v0.36.2).
 * `form` is part of the meaning: 64-bit and arbitrary-precision amounts overflow and round differently in `quantityValue`.
 */
export interface Quantity {
  readonly kind: 'quantity'
  readonly format: QuantityFormat
  /** In the form `int64` within ±2^63. */
  readonly unscaled: bigint
  /** A power of ten; −9 at least unless the amount is zero. */
  readonly scale: number
  readonly form: 'int64' | 'decimal'
  /** The text it was read from, where upstream prints that again instead of the canonical form. */
  readonly text?: string
}

/** Why a text is no quantity, in apimachinery's words. */
export interface QuantityError {
  readonly kind: 'error'
  readonly text: string
}
