import type { NodeSelectorTerm, Pod } from '@everynode/engine'
import { askNodeAffinity } from './node-affinity.ts'
import { allocatable, type Int64s, type NodeInfo, podAmounts, requested, scoredAmounts, wrap } from './node-info.ts'
import { tolerates } from './taints.ts'

/** Weighted scores by plugin. */
export type Scores = ReadonlyMap<string, bigint>

const PAIR = ['cpu', 'memory'] as const

/**
 * Scores of the feasible nodes, in their order. Only what small clusters of plain pods need: images, and pods that prefer other
 * pods or are spread, score nothing here.
 */
export function askScores(pod: Pod, infos: readonly NodeInfo[]): readonly Scores[] {
  const plugins: (readonly [name: string, weight: bigint, scores: readonly bigint[]])[] = [
    [
      'TaintToleration',
      3n,
      normalised(
        infos.map(info => softTaints(pod, info)),
        true,
      ),
    ],
    [
      'NodeAffinity',
      2n,
      normalised(
        infos.map(info => preferences(pod, info)),
        false,
      ),
    ],
    ['NodeResourcesFit', 1n, infos.map(info => leastAllocated(pod, info))],
    ['NodeResourcesBalancedAllocation', 1n, infos.map(info => balanced(pod, info))],
  ]
  return infos.map((_, index) => new Map(plugins.map(([name, weight, scores]) => [name, weight * scores[index]!])))
}

function normalised(scores: readonly bigint[], reverse: boolean): readonly bigint[] {
  const most = scores.reduce((a, b) => (a > b ? a : b), 0n)
  return scores.map(score => {
    const share = most === 0n ? 0n : (100n * score) / most
    return reverse ? 100n - share : share
  })
}

function softTaints({ spec }: Pod, { node }: NodeInfo): bigint {
  const soft = (spec.tolerations ?? []).filter(({ effect = '' }) => effect === '' || effect === 'PreferNoSchedule')
  const untolerated = (node.spec?.taints ?? []).filter(
    taint => taint.effect === 'PreferNoSchedule' && !soft.some(toleration => tolerates(toleration, taint)),
  )
  return BigInt(untolerated.length)
}

function preferences({ spec }: Pod, { node }: NodeInfo): bigint {
  const preferred = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
  const holds = (term: NodeSelectorTerm): boolean => {
    const required = { nodeSelectorTerms: [term] }
    return askNodeAffinity(
      { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } },
      node,
    ).match
  }
  return preferred.reduce((sum, { weight, preference }) => sum + (holds(preference) ? BigInt(weight) : 0n), 0n)
}

function leastAllocated(pod: Pod, info: NodeInfo): bigint {
  const { resources: _, ...spec } = pod.spec
  const asked = scoredAmounts({ ...pod, spec })
  const free = PAIR.filter(name => allocatable(info, name) !== 0n).map(name => {
    const offered = allocatable(info, name)
    const used = info.pods.reduce((sum, one) => wrap(sum + (scoredAmounts(one)[name] ?? 0n)), 0n)
    const wanted = wrap(used + (asked[name] ?? 0n))
    return wanted > offered ? 0n : wrap(wrap(offered - wanted) * 100n) / offered
  })
  return free.length === 0 ? 0n : wrap(free.reduce((a, b) => a + b, 0n)) / BigInt(free.length)
}

function balanced(pod: Pod, info: NodeInfo): bigint {
  const asked = podAmounts(pod, 'bound')
  if (PAIR.every(name => (asked[name] ?? 0n) === 0n)) return 0n
  return 50n + (50n + balance(info, asked) - balance(info, {})) / 2n
}

/** 100 where cpu and memory are used to the same share. */
function balance(info: NodeInfo, more: Int64s): bigint {
  const shares = PAIR.filter(name => allocatable(info, name) !== 0n).map(name => {
    const used = wrap(requested(info, name) + (more[name] ?? 0n))
    return Math.min(1, Number(used) / Number(allocatable(info, name)))
  })
  const deviation = shares.length < 2 ? 0 : Math.abs((shares[0]! - shares[1]!) / 2)
  return BigInt(Math.trunc((1 - deviation) * 100))
}
