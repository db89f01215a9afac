import type { PriorityClass } from '../api/apps.ts'
import type { Pod, Toleration } from '../api/core.ts'
import { HIGHEST_USER_PRIORITY } from '../coverage/class-candidates.ts'
import { byText } from '../coverage/holders.ts'
import { taintRole } from '../coverage/node-facts.ts'
import { formatTaint } from '../coverage/node-shapes.ts'
import { placeOf } from '../coverage/source.ts'
import { podKey, podPriority } from '../snapshot/cluster-snapshot.ts'
import type { PodWorld } from './pod-world.ts'
import { type Trial, type TrialInput, tryPlacing } from './trial.ts'
import type { ExplainedSubject, PodExplanation, PodGroup, PodRemedy } from './types.ts'
import type { WorkloadObject } from './workload.ts'

/** Above this a class is for daemons (DESIGN §4, priority ladder). */
const HIGHEST_WORKLOAD_PRIORITY = 10_000_000
const NEW_CLASS = 'everynode-workloads'
const NOT_FOR_WORKLOADS = /^node-role\.kubernetes\.io\//

/** What a remedy is searched for. */
export interface Patient {
  readonly subject: ExplainedSubject
  /** The object that the pods are made from; absent for a bare pod, or if it is not in the dump. */
  readonly object?: WorkloadObject
  /** Pending pods that no node takes. */
  readonly blocked: readonly Pod[]
  /** Running pods of the same template. */
  readonly running: readonly Pod[]
  readonly groups: readonly PodGroup[]
  /** Lists and filters without which nothing can be proved. */
  readonly lacks: readonly string[]
}

interface Change {
  readonly kind: PodRemedy['kind']
  readonly text: string
  readonly field: string
  readonly apply: (pod: Pod) => Pod
  readonly withoutGoing?: boolean
  readonly tolerations?: readonly Toleration[]
  readonly priorityClass?: { readonly name: string; readonly value: number }
  readonly caution?: string
}

type Found = Pick<PodExplanation, 'remedy' | 'noRemedy'>

/**
 * The least harmful change that was proved to give the pods a node: wait, soften spread, soften anti-affinity, tolerate a pool's
 * taint, a class. None of them is told unproved; if none helps, why.
 */
export function findPodRemedy(world: PodWorld, patient: Patient): Found {
  const { blocked, groups } = patient
  if (blocked.length === 0) return {}
  const [owner = '', daemonSet = ''] = (patient.subject.owner ?? '').split('/')
  if (owner === 'DaemonSet')
    return {
      noRemedy: `the template of its DaemonSet decides; what helps ${daemonSet} on all its nodes is proved there`,
    }
  const rejection = groups.flatMap(({ outcome }) => (outcome.kind === 'blocked' ? (outcome.reason ?? []) : []))[0]
  if (rejection !== undefined) return { noRemedy: rejection.helps ?? rejection.means ?? rejection.text }
  if (patient.lacks.length > 0) return { noRemedy: `nothing can be proved without ${patient.lacks.join(', ')}` }
  const free: { readonly change: Change; readonly trial: Trial }[] = []
  for (const change of harmless(world, patient)) {
    const trial = tryChange(world, patient, change)
    if (trial.landing === blocked.length && trial.evictions.size === 0)
      return { remedy: remedyOf(world, patient, change, trial) }
    if (trial.landing > 0) free.push({ change, trial })
  }
  const byClass = leastClass(world, patient)
  const costly = byClass !== undefined && isCostly(byClass.trial)
  const proved = [...free, ...(byClass === undefined || costly ? [] : [byClass])]
  const best = proved.reduce<(typeof proved)[number] | undefined>(
    (found, next) => (found === undefined || next.trial.landing > found.trial.landing ? next : found),
    undefined,
  )
  if (best !== undefined) return { remedy: remedyOf(world, patient, best.change, best.trial) }
  return { noRemedy: noRemedyText(world, patient, costly ? byClass : undefined) }
}

/** A template is changed for the running pods too: they stand there with their successors' priority, labels and rules. */
function tryChange(world: PodWorld, { blocked, running, object }: Patient, change: Change): Trial {
  const template = object !== undefined && change.kind !== 'wait'
  const replaced: TrialInput['replaced'] = (template ? running : []).flatMap(pod => {
    const index = world.snapshot.findPod(podKey(pod))
    return index === undefined ? [] : [{ pod: index, by: change.apply(pod) }]
  })
  const withoutGoing = change.withoutGoing === true
  return tryPlacing(world, { pending: blocked.map(change.apply), replaced, withoutGoing })
}

/** Changes that evict nobody by themselves, in order of harm. */
function* harmless(world: PodWorld, { blocked, groups }: Patient): Iterable<Change> {
  if (world.going.length > 0)
    yield { kind: 'wait', text: 'nothing: it comes by itself', field: '', apply: pod => pod, withoutGoing: true }
  const keys = new Set(groups.flatMap(({ nodes }) => nodes.flatMap(({ skew }) => skew?.topologyKey ?? [])))
  if (keys.size > 0 && blocked.some(pod => pod.spec.topologySpreadConstraints !== undefined)) {
    yield {
      kind: 'spread',
      text: `whenUnsatisfiable: ScheduleAnyway for the spread over ${[...keys].sort(byText).join(', ')}`,
      field: 'topologySpreadConstraints',
      apply: withSpec(spec => ({
        ...spec,
        topologySpreadConstraints: (spec.topologySpreadConstraints ?? []).map(one =>
          keys.has(one.topologyKey) ? { ...one, whenUnsatisfiable: 'ScheduleAnyway' } : one,
        ),
      })),
    }
  }
  const own = blocked.some(pod => (antiTerms(pod) ?? []).length > 0)
  if (own && groups.some(({ nodes }) => nodes.some(({ opponents }) => opponents.length > 0))) {
    yield {
      kind: 'anti-affinity',
      text: 'podAntiAffinity: preferred instead of required',
      field: 'affinity.podAntiAffinity',
      apply: withSpec(softened),
    }
  }
  for (const taint of permanentTaints(world, groups)) {
    const { key, effect, pool } = taint
    const tolerations: readonly Toleration[] = [{ key, operator: 'Exists', effect }]
    yield {
      kind: 'toleration',
      text: `tolerations: [{key: ${key}, operator: Exists, effect: ${effect}}]`,
      field: 'tolerations',
      apply: withSpec(spec => ({ ...spec, tolerations: [...(spec.tolerations ?? []), ...tolerations] })),
      tolerations,
      caution: `the taint keeps pods off ${pool === undefined ? 'these nodes' : `pool ${pool}`} on purpose: ask who owns it`,
    }
  }
}

const antiTerms = ({ spec }: Pod) => spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution

function withSpec(change: (spec: Pod['spec']) => Pod['spec']): (pod: Pod) => Pod {
  return pod => ({ ...pod, spec: change(pod.spec) })
}

function softened(spec: Pod['spec']): Pod['spec'] {
  const { requiredDuringSchedulingIgnoredDuringExecution: required = [], ...anti } =
    spec.affinity?.podAntiAffinity ?? {}
  const preferred = [
    ...(anti.preferredDuringSchedulingIgnoredDuringExecution ?? []),
    ...required.map(podAffinityTerm => ({ weight: 100, podAffinityTerm })),
  ]
  return {
    ...spec,
    affinity: { ...spec.affinity, podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } },
  }
}

interface PoolTaint {
  readonly key: string
  readonly effect: string
  readonly pool: string | undefined
}

/** Taints that say what nodes are for, those of most nodes first. */
function permanentTaints({ nodes, facts, snapshot }: PodWorld, groups: readonly PodGroup[]): readonly PoolTaint[] {
  const found = new Map<string, PoolTaint & { nodes: number }>()
  for (const group of groups.flatMap(({ nodes: all }) => all)) {
    const { taint, example, pool } = group
    const at = snapshot.nodeIndex(example)
    if (taint === undefined || at === undefined || facts[at]!.virtual !== undefined) continue
    if (taintRole(taint, facts[at]!) !== 'permanent' || NOT_FOR_WORKLOADS.test(taint.key)) continue
    if (nodes[at]!.spec?.unschedulable === true || taint.effect === 'PreferNoSchedule') continue
    const key = formatTaint(taint)
    const known = found.get(key)
    if (known === undefined) found.set(key, { key: taint.key, effect: taint.effect, pool, nodes: group.nodes.length })
    else known.nodes += group.nodes.length
  }
  return [...found.values()].sort((a, b) => b.nodes - a.nodes || byText(a.key, b.key))
}

/** True if daemons lose their place for good, or more pods stay without a node than get one: trouble that is only moved is no remedy. */
function isCostly({ daemonsLost, homeless, landing }: Trial): boolean {
  return daemonsLost > 0 || homeless > landing
}

/** The least class that gives a node to as many pods as any class of workloads could. */
function leastClass(world: PodWorld, patient: Patient): { readonly change: Change; readonly trial: Trial } | undefined {
  const { priorityClasses } = world.dump
  if (priorityClasses === undefined) return undefined
  const own = Math.min(...patient.blocked.map(podPriority))
  const never = patient.blocked.some(({ spec }) => spec.preemptionPolicy === 'Never')
  const above = highestBelow(world, HIGHEST_WORKLOAD_PRIORITY) + 1
  const taken = new Set(priorityClasses.map(({ metadata }) => metadata.name))
  let fresh = NEW_CLASS
  for (let i = 2; taken.has(fresh); i++) fresh = `${NEW_CLASS}-${i}`
  const existing = usable(priorityClasses).filter(({ value = 0 }) => value > own || (never && value >= own))
  const candidates = [
    ...existing.map(({ metadata, value = 0 }) => classChange(metadata.name!, value, false)),
    ...(above > own && above <= HIGHEST_WORKLOAD_PRIORITY ? [classChange(fresh, above, true)] : []),
  ]
  const highest = candidates.reduce<Change | undefined>(
    (most, one) => (most === undefined || one.priorityClass!.value > most.priorityClass!.value ? one : most),
    undefined,
  )
  const most = highest === undefined ? 0 : tryChange(world, patient, highest).landing
  if (most === 0) return undefined
  let costly: { readonly change: Change; readonly trial: Trial } | undefined
  for (const change of candidates) {
    const trial = tryChange(world, patient, change)
    if (trial.landing < most) continue
    if (!isCostly(trial)) return { change, trial }
    costly ??= { change, trial }
  }
  return costly
}

function classChange(name: string, value: number, isNew: boolean): Change {
  return {
    kind: isNew ? 'create class' : 'class',
    text: `priorityClassName: ${name} (${value}${isNew ? ', a new class' : ''})`,
    field: 'priorityClassName',
    apply: withSpec(spec => ({
      ...spec,
      priorityClassName: name,
      priority: value,
      preemptionPolicy: 'PreemptLowerPriority',
    })),
    priorityClass: { name, value },
  }
}

function usable(classes: readonly PriorityClass[]): readonly PriorityClass[] {
  return classes
    .filter(({ metadata, value = 0, preemptionPolicy }) => {
      const named = metadata.name !== undefined && metadata.name !== '' && !metadata.name.startsWith('system-')
      return named && preemptionPolicy !== 'Never' && value <= HIGHEST_USER_PRIORITY
    })
    .sort((a, b) => (a.value ?? 0) - (b.value ?? 0) || byText(a.metadata.name!, b.metadata.name!))
}

function highestBelow({ snapshot, pods }: PodWorld, limit: number): number {
  let highest = 0
  for (const pod of pods) {
    const priority = podPriority(pod)
    if (priority < limit && priority > highest && snapshot.nodeIndex(pod.spec.nodeName ?? '') !== undefined)
      highest = priority
  }
  return highest
}

function remedyOf(world: PodWorld, patient: Patient, change: Change, trial: Trial): PodRemedy {
  const { blocked, running, subject, object } = patient
  const { kind, text, tolerations, priorityClass } = change
  const evictions = [...trial.evictions.values()].sort((a, b) => b.pods - a.pods || byText(a.owner, b.owner))
  const bare = kind !== 'wait' && object === undefined
  const inTemplate = kind !== 'wait' && !bare
  const left = blocked.length - trial.landing
  const cautions = [
    ...(change.caution === undefined ? [] : [change.caution]),
    ...(left > 0 ? [`${left === 1 ? '1 pod stays' : `${left} pods stay`} Pending`] : []),
    ...(trial.homeless > 0
      ? [
          `${trial.homeless === 1 ? '1 evicted pod finds' : `${trial.homeless} evicted pods find`} no room on the nodes that are there`,
        ]
      : []),
    ...(bare ? [`a pod's ${change.field} cannot be changed: make it anew`] : []),
    ...(inTemplate && subject.kind === 'Job' ? ["a Job's template cannot be changed: make it anew"] : []),
  ]
  const unknown = `not known yet: where ${trial.homeless === 1 ? 'the evicted pod goes' : `the ${trial.homeless} evicted pods go`} takes a model of Karpenter`
  return {
    kind,
    change: text,
    where: whereOf(patient, change, bare),
    ...(tolerations === undefined ? {} : { tolerations }),
    ...(priorityClass === undefined ? {} : { priorityClassName: priorityClass.name, priority: priorityClass.value }),
    landing: trial.landing,
    of: blocked.length,
    evictions,
    homeless: trial.homeless,
    ...(world.dump.podDisruptionBudgets === undefined && evictions.length > 0
      ? {}
      : { pdbViolations: trial.pdbViolations }),
    graceSeconds: trial.graceSeconds,
    restarts: inTemplate && subject.kind !== 'Job' ? running.length : 0,
    ...(trial.homeless === 0 ? { newNodes: '0', costPerHour: '+$0' } : { newNodes: unknown, costPerHour: unknown }),
    ...(cautions.length === 0 ? {} : { caution: cautions.join('; ') }),
  }
}

function whereOf({ subject, object }: Patient, { kind, field }: Change, bare: boolean): string {
  if (kind === 'wait') return 'nowhere'
  if (bare || object === undefined || subject.source === undefined) return `spec.${field}`
  return placeOf(subject.source, object.meta, `spec.template.spec.${field}`)
}

function noRemedyText(
  world: PodWorld,
  { groups, blocked }: Patient,
  costly: { readonly change: Change; readonly trial: Trial } | undefined,
): string {
  if (costly !== undefined) {
    const { daemonsLost: lost, homeless, landing } = costly.trial
    if (lost > 0)
      return `${costly.change.text} would take the place of ${lost} daemon ${lost === 1 ? 'pod' : 'pods'} for good`
    return `${costly.change.text} would give ${landing} of ${blocked.length} a node and leave ${homeless} evicted pods without`
  }
  const nodes = groups.flatMap(group => (group.outcome.kind === 'blocked' ? group.nodes : []))
  if (nodes.length === 0 && blocked.length > 0) return 'the cluster has no node'
  const [nearest] = nodes
  const why = nearest?.whyNoPreemption ?? nearest?.detail
  const tail = why === undefined ? '' : `; nearest: ${why}`
  const classes =
    world.dump.priorityClasses === undefined ? ' (which class would help cannot be told without priorityClasses)' : ''
  return `no toleration, no softer rule and no class of workloads gives it one of the nodes that are there${tail}${classes}`
}
