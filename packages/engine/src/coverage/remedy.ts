import type { Toleration } from '../api/core.ts'
import { isWorthIt, leastClass, type Proved } from './class-candidates.ts'
import type { DaemonModel } from './daemon-model.ts'
import type { GroupedVerdicts } from './groups.ts'
import { byText } from './holders.ts'
import { taintRole } from './node-facts.ts'
import { knownPlatforms } from './platforms.ts'
import { type Change, lostCount, type Proof, prove } from './prove.ts'
import { type RefusalChange, refusalChanges } from './refusal-remedies.ts'
import { placeOf, sourceOf } from './source.ts'
import type { DaemonSetCoverage, Remedy } from './types.ts'
import type { World } from './world.ts'

const SPEC = 'spec.template.spec'

/**
 * The least harmful change that was proved to put the DaemonSet on more nodes: wait, end a refusal, toleration, exclusion, class, in this
 * order and jointly. None of them is printed unproved; if none helps, why.
 */
export function findRemedy(
  world: World,
  model: DaemonModel,
  verdicts: GroupedVerdicts,
): Pick<DaemonSetCoverage, 'remedy' | 'noRemedy'> {
  if (verdicts.uncovered.length === 0 || world.options.remedies === false || world.dump.pods === undefined) return {}
  const refused = verdicts.groups.some(({ verdict }) => verdict.kind === 'refused')
  if (refused) return endRefusal(world, model, verdicts)
  const proof = nothingComesBy(world, verdicts) ?? prove(world, model, verdicts, {})
  if (proof === undefined)
    return { noRemedy: 'nothing can be proved while it is unknown what the API server makes of the pod' }
  const waiting: Proved = { change: {}, proof }
  if (proof.uncovered.length === 0) return { remedy: remedyOf(world, model, verdicts, waiting) }
  return improve(world, model, verdicts, waiting, undefined)
}

/** What waiting proves where every node without the pod is blocked and no pod is going: nothing changes. */
function nothingComesBy(world: World, { groups, landed, should, uncovered }: GroupedVerdicts): Proof | undefined {
  const stuck = groups.every(
    ({ verdict, uncounted }) => uncounted || ['landed', 'blocked', 'skipped'].includes(verdict.kind),
  )
  if (!stuck || world.terminating.size > 0) return undefined
  return {
    covered: landed,
    of: should,
    evictions: new Map(),
    pdbViolations: 0,
    lost: new Map(),
    graceSeconds: 0,
    uncovered,
  }
}

function endRefusal(
  world: World,
  model: DaemonModel,
  verdicts: GroupedVerdicts,
): Pick<DaemonSetCoverage, 'remedy' | 'noRemedy'> {
  for (const candidate of refusalChanges(world, model, verdicts.uncovered.length)) {
    const proof = prove(world, model, verdicts, candidate.change)
    if (proof === undefined || proof.covered <= verdicts.landed) continue
    return improve(world, model, verdicts, { change: candidate.change, proof }, candidate)
  }
  const { admission, refusal } = model
  const by = admission.kind === 'refused' ? admission.by : refusal?.by
  return {
    noRemedy: `${by ?? 'the API server'} refuses the pod: no priority and no toleration helps, the pod or that rule must change`,
  }
}

/** Adds what helps further, in order of harm. */
function improve(
  world: World,
  model: DaemonModel,
  verdicts: GroupedVerdicts,
  start: Proved,
  refusal: RefusalChange | undefined,
): Pick<DaemonSetCoverage, 'remedy' | 'noRemedy'> {
  let best = start
  const consider = (change: Change): void => {
    const proof = prove(world, model, verdicts, change)
    if (proof === undefined) return
    const excludes = proof.of < best.proof.of && proof.covered === best.proof.covered
    const better = isWorthIt(proof, best.proof) || excludes
    if (better) best = { change, proof }
  }
  const tolerations = missingTolerations(world, model, best.proof.uncovered)
  if (tolerations.length > 0) consider({ ...best.change, tolerations })
  const exclude = virtualLabels(world, best.proof.uncovered)
  if (exclude.length > 0) consider({ ...best.change, exclude })
  let top: Proof | undefined
  if (
    best.proof.uncovered.length > 0 &&
    best.change.priorityClass === undefined &&
    world.dump.priorityClasses !== undefined
  ) {
    const found = leastClass(world, model, verdicts, best)
    best = found.best ?? best
    top = found.top
  }
  if (best === start && refusal === undefined && best.proof.covered <= verdicts.landed)
    return { noRemedy: noRemedyText(world, model, verdicts, best, top) }
  return { remedy: remedyOf(world, model, verdicts, best, refusal, top) }
}

/** Tolerations for the permanent taints of these nodes; none for a node of an operating system or architecture on which the image is not known to run. */
function missingTolerations(world: World, model: DaemonModel, positions: readonly number[]): readonly Toleration[] {
  const platforms = knownPlatforms(world, model)
  const found = new Map<string, Toleration>()
  for (const position of positions) {
    const facts = world.facts[position]!
    if (facts.virtual !== undefined || !platforms.has(facts)) continue
    for (const { key, effect, ...taint } of model.wanted.untolerated(position)) {
      if (taintRole({ key, effect, ...taint }, facts) !== 'permanent') continue
      found.set(`${key}\0${effect}`, { key, operator: 'Exists', effect })
    }
  }
  return [...found].sort(([a], [b]) => byText(a, b)).map(([, toleration]) => toleration)
}

function virtualLabels(
  world: World,
  positions: readonly number[],
): readonly { readonly key: string; readonly value: string }[] {
  const found = new Map<string, { readonly key: string; readonly value: string }>()
  for (const position of positions) {
    const { virtual } = world.facts[position]!
    if (virtual) found.set(virtual.key, virtual)
  }
  return [...found.values()]
}

function remedyOf(
  world: World,
  model: DaemonModel,
  verdicts: GroupedVerdicts,
  { change, proof }: Proved,
  refusal?: RefusalChange,
  top?: Proof,
): Remedy {
  const source = sourceOf(model.meta)
  const { tolerations, exclude, priorityClass } = change
  const parts: { readonly kind: Remedy['kind']; readonly text: string; readonly field: string }[] = []
  if (refusal) parts.push({ kind: refusal.kind, text: refusal.text, field: refusal.where })
  if (tolerations)
    parts.push({
      kind: 'toleration',
      text: `tolerations: [${tolerations.map(tolerationText).join(', ')}]`,
      field: `${SPEC}.tolerations`,
    })
  if (exclude) {
    const text = exclude.map(({ key, value }) => `${key} NotIn [${value}]`).join(', ')
    parts.push({
      kind: 'exclude',
      text: `node affinity, in every term: ${text}`,
      field: `${SPEC}.affinity.nodeAffinity`,
    })
  }
  if (
    priorityClass &&
    priorityClass.name === model.daemonSet.spec.template.spec.priorityClassName &&
    !priorityClass.isNew
  ) {
    const text = `delete the Pending pods: they were made before ${priorityClass.name} was worth ${priorityClass.value}, and keep their number`
    parts.push({ kind: 'class', text, field: 'kubectl delete pod' })
  } else if (priorityClass && refusal?.change.priorityClass === undefined) {
    const text = `priorityClassName: ${priorityClass.name} (${priorityClass.value}${priorityClass.isNew ? ', a new class' : ''})`
    parts.push({ kind: priorityClass.isNew ? 'create class' : 'class', text, field: `${SPEC}.priorityClassName` })
  }
  const last = parts[parts.length - 1]
  const evictions = [...proof.evictions.values()].sort((a, b) => b.pods - a.pods || byText(a.owner, b.owner))
  const changesTemplate = parts.some(({ field }) => field.startsWith(SPEC))
  const onDelete = model.daemonSet.spec.updateStrategy?.type === 'OnDelete'
  const lost = lostCount(proof)
  const cautions = [
    ...(refusal?.caution === undefined ? [] : [refusal.caution]),
    ...unprovable(verdicts),
    ...cautionsOf(model, proof, changesTemplate && onDelete, top),
  ]
  const fields = parts.map(({ field }) => (field.startsWith(SPEC) ? placeOf(source, model.meta, field) : field))
  return {
    kind: last?.kind ?? 'wait',
    change: last === undefined ? 'nothing: it comes by itself' : parts.map(({ text }) => text).join('; '),
    where: last === undefined ? 'nowhere' : [...new Set(fields)].join('; '),
    ...(tolerations ? { tolerations } : {}),
    ...(priorityClass ? { priorityClassName: priorityClass.name, priority: priorityClass.value } : {}),
    coveredBefore: verdicts.landed,
    coveredAfter: proof.covered,
    of: proof.of,
    evictions,
    ...(world.dump.podDisruptionBudgets === undefined && evictions.length > 0
      ? {}
      : { pdbViolations: proof.pdbViolations }),
    ...(lost === 0 ? {} : { daemonsLost: lost }),
    restarts: changesTemplate && !onDelete ? verdicts.landed : 0,
    graceSeconds: proof.graceSeconds,
    ...capacityText(evictions),
    ...(cautions.length === 0 ? {} : { caution: cautions.join('; ') }),
  }
}

function tolerationText({ key, operator, effect }: Toleration): string {
  return `{key: ${key}, operator: ${operator}, effect: ${effect}}`
}

/** Evicted pods of workloads come back somewhere; where, and what that costs, only Karpenter's model can tell. */
function capacityText(evictions: Remedy['evictions']): Pick<Remedy, 'newNodes' | 'costPerHour'> {
  const displaced = evictions.reduce((sum, { pods, daemon }) => sum + (daemon ? 0 : pods), 0)
  if (displaced === 0) return { newNodes: '0', costPerHour: '+$0' }
  const why = `not known yet: where the ${displaced === 1 ? 'evicted pod goes' : `${displaced} evicted pods go`} takes a model of Karpenter`
  return { newNodes: why, costPerHour: why }
}

/** A proof takes what is not known for absent: that is said. */
function unprovable({ groups }: GroupedVerdicts): readonly string[] {
  const needs = new Set(groups.flatMap(({ verdict }) => (verdict.kind === 'unknown' ? verdict.needs : [])))
  return needs.size === 0 ? [] : [`proved only as far as the dump goes: ${[...needs].join(', ')} could change it`]
}

function cautionsOf(model: DaemonModel, proof: Proof, onDelete: boolean, top: Proof | undefined): readonly string[] {
  const cautions: string[] = []
  if (proof.lost.size > 0) cautions.push(`takes the place of other daemons for good: ${lostText(proof)}`)
  if (onDelete)
    cautions.push('updateStrategy OnDelete: running and Pending pods keep the old template until they are deleted')
  const left = proof.uncovered.length
  if (left > 0) {
    const costly = top !== undefined && top.covered > proof.covered ? `; ${costlyClass(top, proof)}` : ''
    cautions.push(`${left === 1 ? '1 node stays' : `${left} nodes stay`} without${costly}`)
  }
  if (model.admission.kind === 'unknown')
    cautions.push(`admission is not known: ${model.admission.needs.join(', ') || model.admission.detail}`)
  return cautions
}

function lostText(proof: Proof): string {
  return [...proof.lost]
    .sort((a, b) => b[1] - a[1] || byText(a[0], b[0]))
    .map(([owner, pods]) => `${owner.replace(/^DaemonSet\//, '')} ${pods}`)
    .join(', ')
}

function costlyClass(top: Proof, before: Proof): string {
  const gained = top.covered - before.covered
  const lost = lostCount(top)
  return `a class would put it on ${gained} more ${gained === 1 ? 'node' : 'nodes'} and take the place of ${lost} other daemon ${lost === 1 ? 'pod' : 'pods'} for good: ${lostText(top)}`
}

function noRemedyText(
  world: World,
  model: DaemonModel,
  verdicts: GroupedVerdicts,
  best: Proved,
  top: Proof | undefined,
): string {
  if (world.dump.priorityClasses === undefined) return 'which class would help cannot be told without priorityClasses'
  if (top !== undefined && top.covered > best.proof.covered) {
    return costlyClass(top, best.proof)
  }
  const reasons = new Set(
    verdicts.groups.flatMap(({ verdict }) =>
      verdict.kind === 'blocked' ? (verdict.whyNoPreemption ?? verdict.reasons.join(', ')) : [],
    ),
  )
  const others = new Set(verdicts.groups.flatMap(({ verdict }) => (verdict.kind === 'waits' ? [verdict.detail] : [])))
  const platforms = knownPlatforms(world, model)
  const foreign = best.proof.uncovered.some(position => !platforms.has(world.facts[position]!))
  const why = [...reasons, ...others, ...(foreign ? ['nodes of another operating system or architecture'] : [])]
  return `no toleration and no class that a user may make helps${why.length === 0 ? '' : `: ${why.join('; ')}`}`
}
