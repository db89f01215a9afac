import {
  DISRUPTION_METHODS,
  type DisruptionCommand,
  Disruptor,
  type MethodResult,
  type Pod,
  type ProvisioningWorld,
} from '@everynode/engine'
import type { KarpenterInput } from './karpenter-input.ts'
import { plannedResults, provisioningWorld } from './karpenter-provision.ts'
import type { Op } from './op.ts'

/** What each method of disruption would do by itself. */
export const disruptOp: Op = {
  name: 'disrupt',
  drawsLots: true,
  answer(raw, context) {
    const world = provisioningWorld(raw, context)
    const { options } = raw as KarpenterInput
    const disruptor = new Disruptor(world, {
      version: context.karpenterVersion,
      spotToSpot: options?.featureGates?.['SpotToSpotConsolidation'],
    })
    const results = DISRUPTION_METHODS.map(method => [method, methodResult(disruptor.ask(method), world)])
    return { methods: Object.fromEntries(results) }
  },
}

function methodResult({ candidates, budgets, commands }: MethodResult, world: ProvisioningWorld): unknown {
  return {
    candidates: candidates.map(({ node }) => node.name).sort(byText),
    budgets: Object.fromEntries(budgets),
    commands: commands.map(command => commandResult(command, world)),
  }
}

function commandResult(command: DisruptionCommand, world: ProvisioningWorld): unknown {
  const { decision, candidates, replacements, simulation } = command
  const existing = [...(simulation?.existing ?? [])].map(([node, pods]) => [node, pods.map(podName).sort(byText)])
  return {
    decision,
    candidates: candidates.map(({ node }) => node.name).sort(byText),
    ...(replacements.length > 0 ? { replacements: plannedResults(replacements, world, true) } : {}),
    ...(existing.length > 0 ? { existing: Object.fromEntries(existing) } : {}),
  }
}

function podName({ metadata }: Pod): string {
  return `${metadata.namespace ?? ''}/${metadata.name ?? ''}`
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
