import { goSort } from '@everynode/engine'
import type { Op } from './op.ts'

export const sortOp: Op = {
  name: 'sort',
  answer(input) {
    const { keys = [] } = input as { readonly keys?: readonly number[] }
    const order = keys.map((_, index) => index)
    goSort(order, (a, b) => (keys[a] ?? 0) < (keys[b] ?? 0))
    return { order }
  },
}
