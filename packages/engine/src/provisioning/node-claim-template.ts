import type { Taint } from '../api/core.ts'
import type { NodePool } from '../api/karpenter.ts'
import type { StringMap } from '../api/meta.ts'
import type { KarpenterDifferences } from '../karpenter-versions.ts'
import { Requirement } from '../requirements/requirement.ts'
import { Requirements } from '../requirements/requirements.ts'
import {
  CORE_LABEL_ALIASES,
  CORE_WELL_KNOWN_LABELS,
  INITIALIZED_LABEL,
  NODE_POOL_LABEL,
  REGISTERED_LABEL,
} from '../requirements/well-known-labels.ts'
import type { InstanceType } from './instance-type.ts'
import { satisfiesMinValues } from './min-values.ts'
import { hasNegative } from './resource-lists.ts'

/** Labels that a template has in simulations only, so that daemons that select them count; no NodeClaim gets them. */
export const SIMULATED_LABELS: readonly string[] = [REGISTERED_LABEL, INITIALIZED_LABEL]

/** The labels that a provider and its users know. */
export interface LabelRules {
  /** May be left open by a NodePool. */
  readonly wellKnown: ReadonlySet<string>
  /** Old keys and what they are read as. */
  readonly aliases: ReadonlyMap<string, string>
}

export const CORE_LABEL_RULES: LabelRules = { wellKnown: CORE_WELL_KNOWN_LABELS, aliases: CORE_LABEL_ALIASES }

/** What a NodePool makes NodeClaims from (karpenter `pkg/controllers/provisioning/scheduling/nodeclaimtemplate.go`, v1.14.1). */
export interface NodeClaimTemplate {
  readonly nodePool: NodePool
  readonly nodePoolName: string
  readonly labels: StringMap
  readonly taints: readonly Taint[]
  readonly startupTaints: readonly Taint[]
  readonly requirements: Requirements
  /** The types that the NodePool may launch, in the provider's order. */
  readonly instanceTypes: readonly InstanceType[]
}

export interface TemplateOptions {
  readonly differences: KarpenterDifferences
  readonly rules: LabelRules
  readonly minValuesPolicy: 'Strict' | 'BestEffort'
}

/**
 * A NodePool's template with those of the provider's types that it allows, or undefined where none is left or where they are less
 * varied than a strict minValues asks; such a NodePool makes no nodes (`NewNodeClaimTemplate`, and the filter in `NewScheduler`).
 */
export function nodeClaimTemplate(
  nodePool: NodePool,
  offered: readonly InstanceType[],
  options: TemplateOptions,
): NodeClaimTemplate | undefined {
  const template = bareTemplate(nodePool, options)
  const instanceTypes = offered.filter(type => isLaunchable(type, template.requirements, options.rules))
  if (instanceTypes.length === 0) return undefined
  const varied = satisfiesMinValues(instanceTypes, template.requirements, options.differences).unmet.size === 0
  return varied || options.minValuesPolicy === 'BestEffort' ? { ...template, instanceTypes } : undefined
}

/** A NodePool's template without instance types. */
export function bareTemplate(nodePool: NodePool, { differences, rules }: TemplateOptions): NodeClaimTemplate {
  const nodePoolName = nodePool.metadata.name ?? ''
  const { metadata, spec } = nodePool.spec?.template ?? {}
  const ref = spec?.nodeClassRef
  const labels: StringMap = {
    ...metadata?.labels,
    [NODE_POOL_LABEL]: nodePoolName,
    ...(ref === undefined ? {} : { [`${ref.group ?? ''}/${(ref.kind ?? '').toLowerCase()}`]: ref.name ?? '' }),
  }
  const simulated = differences.simulatedLabels ? SIMULATED_LABELS.map(key => Requirement.in(key, ['true'])) : []
  return {
    nodePool,
    nodePoolName,
    labels,
    taints: spec?.taints ?? [],
    startupTaints: spec?.startupTaints ?? [],
    requirements: Requirements.read(spec?.requirements, rules.aliases)
      .add(Requirements.ofLabels(labels, rules.aliases))
      .add(simulated),
    instanceTypes: [],
  }
}

/** Whether an empty node of the type could be launched: compatible, nothing allocatable below 0, and an offering to be had. */
function isLaunchable(type: InstanceType, requirements: Requirements, { wellKnown }: LabelRules): boolean {
  if (!type.requirements.intersects(requirements) || hasNegative(type.allocatable)) return false
  return type.offerings.some(one => one.available && requirements.compatible(one.requirements, wellKnown))
}
