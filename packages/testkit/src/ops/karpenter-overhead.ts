import {
  daemonOverhead,
  daemonsOf,
  type NodeClaimTemplate,
  nodeClaimTemplate,
  provisioningNodePools,
} from '@everynode/engine'
import { daemonSetNames, resourceResults } from './karpenter-answers.ts'
import { completeInput, hasNodeClass, instanceTypesOf, type KarpenterInput, settingOf } from './karpenter-input.ts'
import type { Op } from './op.ts'

export const overheadOp: Op = {
  name: 'overhead',
  answer(raw, context) {
    const input = completeInput(raw as KarpenterInput)
    const setting = settingOf(input, context)
    const templates = templatesOf(input, setting)
    const { aliases, wellKnown } = setting.rules
    const daemons = daemonsOf(input.daemonSets, input.listedPods, { ...setting, aliases })
    const { groups } = daemonOverhead(templates, daemons, { ...setting, wellKnown, semantics: 'faithful' })
    const nodePools: Record<string, Record<string, unknown>> = {}
    for (const [template, list] of groups) {
      const types: Record<string, unknown> = {}
      for (const group of list) {
        const requests = resourceResults(group.daemonOverhead ?? new Map())
        for (const { name } of group.instanceTypes) {
          types[name] = { daemonSets: daemonSetNames(group.daemons), requests }
        }
      }
      nodePools[template.nodePoolName] = types
    }
    return { nodePools }
  },
}

/** The templates of an input's NodePools, in the order in which Karpenter tries them. */
export function templatesOf(
  input: ReturnType<typeof completeInput>,
  setting: ReturnType<typeof settingOf>,
): readonly NodeClaimTemplate[] {
  const offered = instanceTypesOf(input)
  return provisioningNodePools(input.nodePools, hasNodeClass).flatMap(
    pool => nodeClaimTemplate(pool, offered(pool.metadata.name ?? ''), setting) ?? [],
  )
}
