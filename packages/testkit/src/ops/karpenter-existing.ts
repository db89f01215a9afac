import { daemonOverhead, daemonsOf, type ExistingNode, existingNodes, stateNodes } from '@everynode/engine'
import { daemonSetNames, resourceResults } from './karpenter-answers.ts'
import { completeInput, type KarpenterInput, settingOf } from './karpenter-input.ts'
import { templatesOf } from './karpenter-overhead.ts'
import type { Op } from './op.ts'

export const existingOp: Op = {
  name: 'existing',
  answer(raw, context) {
    const input = completeInput(raw as KarpenterInput)
    const setting = settingOf(input, context)
    const { aliases, wellKnown } = setting.rules
    const semantics = 'faithful'
    const daemons = daemonsOf(input.daemonSets, input.listedPods, { ...setting, aliases })
    const left = daemonOverhead(templatesOf(input, setting), daemons, { ...setting, wellKnown, semantics }).daemons
    const active = stateNodes({ ...input, pods: input.listedPods }, setting.differences).filter(
      ({ markedForDeletion }) => !markedForDeletion,
    )
    const nodes = existingNodes(active, left, { aliases, semantics })
    return { nodes: Object.fromEntries(nodes.map(node => [node.state.name, nodeResult(node)])) }
  },
}

function nodeResult({ state, daemons, available, remaining }: ExistingNode): unknown {
  return {
    initialized: state.initialized,
    registered: state.registered,
    managed: state.managed,
    labels: state.labels,
    taints: state.taints,
    daemonSets: daemonSetNames(daemons),
    podRequests: resourceResults(state.podRequests),
    daemonSetRequests: resourceResults(state.daemonSetRequests),
    available: resourceResults(available),
    remaining: resourceResults(remaining),
  }
}
