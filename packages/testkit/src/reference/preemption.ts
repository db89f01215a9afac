import type { Pod } from '@everynode/engine'
import { askNode, type Code } from './filters.ts'
import { askSelector } from './labels.ts'
import {
  isTerminating,
  keyOf,
  labelsOf,
  nameOf,
  namespaceOf,
  priorityOf,
  type World,
  withoutPod,
  withPod,
} from './node-info.ts'

/** What preemption finds on one node, in the protocol's words. */
export interface DryRun {
  readonly node: string
  readonly code: Code | 'Success'
  readonly reasons?: readonly string[]
  readonly victims: readonly Pod[]
  readonly pdbViolations: number
  readonly ties: boolean
}

/** Takes all pods of lower priority off a node and puts back what fits, the most important first. */
export function dryRun(pod: Pod, name: string, world: World): DryRun {
  const lower = podsOn(world, name).filter(other => priorityOf(other) < priorityOf(pod))
  const none = { node: name, victims: [], pdbViolations: 0, ties: false }
  if (lower.length === 0) {
    const reasons = ['No preemption victims found for incoming pod']
    return { ...none, code: 'UnschedulableAndUnresolvable', reasons }
  }
  let left = lower.reduce((without, other) => withoutPod(without, name, other), world)
  const no = askNode(pod, name, left)
  if (no !== undefined) return { ...none, code: no.code, reasons: no.reasons }
  const sorted = byImportance(lower)
  const violating = violators(sorted, world)
  const putBack = (other: Pod): boolean => {
    const more = withPod(left, name, other)
    if (askNode(pod, name, more) !== undefined) {
      // Coming and going frees a port that somebody else holds too.
      left = withoutPod(more, name, other)
      return false
    }
    left = more
    return true
  }
  const breaking = sorted.filter(other => violating.has(other) && !putBack(other))
  const harmless = sorted.filter(other => !violating.has(other) && !putBack(other))
  const isMixed = violating.size > 0 && violating.size < sorted.length
  const victims = isMixed ? byImportance([...breaking, ...harmless]) : [...breaking, ...harmless]
  const ties = victims.some(victim => sorted.some(other => other !== victim && !differs(victim, other)))
  return { ...none, code: 'Success', victims, pdbViolations: breaking.length, ties }
}

/** The best of the nodes with victims, by five criteria; several if they are equal. */
export function bestOf(candidates: readonly DryRun[]): readonly DryRun[] {
  const highest = ({ victims }: DryRun): number => Math.max(...victims.map(priorityOf))
  const criteria: readonly ((run: DryRun) => number)[] = [
    ({ pdbViolations }) => pdbViolations,
    ({ victims }) => priorityOf(victims[0]!),
    ({ victims }) => victims.reduce((sum, victim) => sum + priorityOf(victim) + 2 ** 31, 0),
    ({ victims }) => victims.length,
    run => -Math.min(...run.victims.filter(victim => priorityOf(victim) === highest(run)).map(startOf)),
  ]
  let best = candidates
  for (const criterion of criteria) {
    const lowest = Math.min(...best.map(criterion))
    best = best.filter(run => criterion(run) === lowest)
  }
  return best.toSorted((a, b) => (a.node < b.node ? -1 : 1))
}

/** Why the pod may not preempt now; undefined if it may. `codes` are those of the cycle. */
export function ineligible(pod: Pod, world: World, codeOf: (node: string) => Code | undefined): string | undefined {
  if (pod.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.'
  const nominated = pod.status?.nominatedNodeName
  if (nominated === undefined || codeOf(nominated) !== 'Unschedulable') return undefined
  const waits = podsOn(world, nominated).some(other => {
    const condition = other.status?.conditions?.find(({ type }) => type === 'DisruptionTarget')
    const isVictim = condition?.status === 'True' && condition.reason === 'PreemptionByScheduler'
    return priorityOf(other) < priorityOf(pod) && isTerminating(other) && isVictim
  })
  return waits ? 'not eligible due to a terminating pod on the nominated node.' : undefined
}

function podsOn(world: World, name: string): readonly Pod[] {
  return world.nodes.find(({ node }) => nameOf(node) === name)?.pods ?? []
}

/** Milliseconds since 1970; a pod that has not started counts as starting now. */
function startOf({ status }: Pod): number {
  return status?.startTime === undefined ? Number.POSITIVE_INFINITY : Date.parse(status.startTime)
}

function differs(a: Pod, b: Pod): boolean {
  return priorityOf(a) !== priorityOf(b) || startOf(a) !== startOf(b)
}

/** Higher priority first, then the earlier start; equal ones stay in their order, as Go's sort leaves up to 12. */
function byImportance(pods: readonly Pod[]): readonly Pod[] {
  return pods.toSorted((a, b) => priorityOf(b) - priorityOf(a) || (differs(a, b) ? startOf(a) - startOf(b) : 0))
}

/** Pods that would break a budget if all of them went in this order. */
function violators(pods: readonly Pod[], { budgets }: World): ReadonlySet<Pod> {
  const left = budgets.map(({ status }) => status?.disruptionsAllowed ?? 0)
  const violating = new Set<Pod>()
  for (const pod of pods) {
    budgets.forEach(({ metadata, spec, status }, index) => {
      const { matchLabels = {}, matchExpressions = [] } = spec?.selector ?? {}
      const protects =
        (metadata.namespace ?? 'default') === namespaceOf(pod) &&
        Object.keys(labelsOf(pod)).length > 0 &&
        Object.keys(matchLabels).length + matchExpressions.length > 0 &&
        askSelector(spec?.selector, labelsOf(pod)).matches &&
        !Object.hasOwn(status?.disruptedPods ?? {}, nameOf(pod))
      if (!protects) return
      left[index] = left[index]! - 1
      if (left[index]! < 0) violating.add(pod)
    })
  }
  return violating
}

export const podNames = (pods: readonly Pod[]): readonly string[] => pods.map(keyOf)
