import { compileLabelSelector, type LabelSelector, type StringMap } from '@everynode/engine'
import type { Op } from './op.ts'

export const labelSelectorOp: Op = {
  name: 'labelSelector',
  answer(input, { version }) {
    const { selector, labels } = input as { readonly selector?: LabelSelector; readonly labels?: StringMap }
    const compiled = compileLabelSelector(selector, version)
    if (compiled.kind === 'error') return { valid: false, error: compiled.text, matches: false }
    return { valid: true, matches: compiled.matches(labels) }
  },
}
