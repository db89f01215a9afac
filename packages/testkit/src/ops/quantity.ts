import {
  formatQuantity,
  parseQuantity,
  quantityMilliValue,
  quantitySign,
  quantityValue,
  recomputeQuantity,
} from '@everynode/engine'
import type { Op } from './op.ts'

export const quantityOp: Op = {
  name: 'quantity',
  answer(input) {
    const { text } = input as { readonly text: string }
    const quantity = parseQuantity(text)
    if (quantity.kind === 'error') return { valid: false, error: quantity.text }
    return {
      valid: true,
      format: quantity.format,
      canonical: formatQuantity(quantity),
      recomputed: formatQuantity(recomputeQuantity(quantity)),
      value: quantityValue(quantity).toString(),
      milliValue: quantityMilliValue(quantity).toString(),
      ...(quantitySign(quantity) < 0 ? { negative: true } : {}),
    }
  },
}
