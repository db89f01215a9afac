import { findUntoleratedTaint, type Taint, type Toleration } from '@everynode/engine'
import type { Op } from './op.ts'

export const taintsOp: Op = {
  name: 'taints',
  answer(input) {
    const { taints, tolerations } = input as {
      readonly taints?: readonly Taint[]
      readonly tolerations?: readonly Toleration[]
    }
    return {
      untoleratedIndex: findUntoleratedTaint(taints, tolerations, 'NoScheduleOrNoExecute'),
      untoleratedNoExecuteIndex: findUntoleratedTaint(taints, tolerations, 'NoExecute'),
    }
  },
}
