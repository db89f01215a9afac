import { readYamlFile } from '@everynode/source'
import type { Op } from './op.ts'

export const yamlOp: Op = {
  name: 'yaml',
  answer(input) {
    const { text } = input as { readonly text: string }
    return readYamlFile(text)
  },
}
