import { matchNodeAffinity, type Node, type Pod } from '@everynode/engine'
import type { Op } from './op.ts'

export const nodeAffinityOp: Op = {
  name: 'nodeAffinity',
  answer(input, { version }) {
    const { pod, node } = input as { readonly pod: Pod; readonly node: Node }
    return matchNodeAffinity(pod.spec, node, version)
  },
}
