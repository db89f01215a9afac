import type { Node, Pod, Taint } from '../api/core.ts'
import type { DaemonModel } from './daemon-model.ts'
import { notReadyReason, POD_FINISHED, POD_NONE, POD_PENDING, POD_READY, POD_TERMINATING } from './daemon-pods.ts'
import { type Finding, joiningFinding, pendingSince, unknownFinding } from './finding.ts'
import { isOutsidePools } from './intent.ts'
import { formatAge, type NodeFacts, secondsBetween, taintRole } from './node-facts.ts'
import { formatTaint } from './node-shapes.ts'
import { placed } from './placed.ts'
import { placeOn } from './placement.ts'
import type { Verdict } from './types.ts'
import { AFFINITY_MISMATCH, OTHER_NODE_NAME, SELECTOR_MISMATCH, UNTOLERATED_TAINT, WANTED } from './wanted.ts'
import type { World } from './world.ts'

/** A Failed node's pod that stays longer after its deletion time than this is stuck: its kubelet does not answer. */
const STUCK_SECONDS = 300

/** What becomes of the DaemonSet on a node where its pod has not landed. Landed pods are told apart by the caller, without an object each. */
export function findingOn(world: World, model: DaemonModel, position: number): Finding {
  const node = world.nodes[position]!
  const code = model.wanted.code(node, position)
  const outside = isOutsidePools(world.facts[position]!.pool, world.options)
  const finding =
    code === WANTED ? wantedFinding(world, model, position, node) : unwantedFinding(world, model, position, node, code)
  return outside && finding.counted ? { ...finding, counted: false } : finding
}

/** Whether `should` counts a node where the pod has landed: the controller wants it there, and the node stays. */
export function countsLanded(world: World, model: DaemonModel, position: number): boolean {
  return world.countable[position] === 1 && model.wanted.code(world.nodes[position]!, position) === WANTED
}

/** The verdict of a landed pod. */
export function landedVerdict(
  world: World,
  model: DaemonModel,
  position: number,
): Verdict & { readonly kind: 'landed' } {
  const ready = model.pods.state[position] === POD_READY
  const pod = world.pods[model.pods.pod[position]!]!
  const outdated = isOutdated(model, pod)
  const facts = world.facts[position]!
  return {
    kind: 'landed',
    ready,
    ...(ready ? {} : { notReadyReason: facts.ready ? notReadyReason(pod) : nodeReason(facts) }),
    ...(outdated ? { outdated } : {}),
  }
}

/** No pod is ready on a node that is not; on one that is being born that passes. */
function nodeReason({ state }: NodeFacts): string {
  return state === 'joining' ? 'the node is joining' : 'the node is not ready'
}

/** True if the pod is of an older revision than the DaemonSet's. */
export function isOutdated(model: DaemonModel, pod: Pod): boolean {
  const hash = model.revision?.hash
  const own = pod.metadata.labels?.['controller-revision-hash']
  return hash !== undefined && own !== undefined && own !== hash
}

function unwantedFinding(world: World, model: DaemonModel, position: number, node: Node, code: number): Finding {
  if (code !== UNTOLERATED_TAINT) return mismatch(code)
  const facts = world.facts[position]!
  const untolerated = model.wanted.untolerated(position)
  const roles = untolerated.map(taint => ({ taint, role: taintRole(taint, facts) }))
  const permanent = roles.find(({ role }) => role === 'permanent')?.taint
  if (permanent) return taintGap(world, model, position, permanent)
  if (facts.state === 'leaving') return leaving(world, model, position)
  const startup = roles.find(({ role }) => role === 'startup')?.taint
  if (startup) return startupTaint(world, startup, facts, node)
  if (facts.state === 'joining') return joiningFinding(facts)
  const [first] = untolerated
  const text = formatTaint(first!)
  return {
    key: `condition\0${text}`,
    counted: false,
    waitingHelps: true,
    waitingWhy: 'the taint falls with the condition that set it',
    make: () => ({
      kind: 'skipped',
      by: 'untolerated taint',
      intent: 'irrelevant',
      detail: `taint ${text}: the controller makes no pod while the condition lasts, and its status does not count the node`,
      taint: first!,
    }),
  }
}

function mismatch(code: number): Finding {
  const by = code === SELECTOR_MISMATCH ? 'selector' : code === AFFINITY_MISMATCH ? 'affinity' : 'nodeName'
  const detail =
    code === OTHER_NODE_NAME
      ? 'the template names another node'
      : code === SELECTOR_MISMATCH
        ? 'the nodeSelector of the template leaves the node out'
        : 'the required node affinity of the template leaves the node out'
  return {
    key: by,
    counted: false,
    waitingHelps: false,
    waitingWhy: 'meant so by the template',
    make: () => ({ kind: 'skipped', by, intent: 'meant', detail }),
  }
}

function taintGap(world: World, model: DaemonModel, position: number, taint: Taint): Finding {
  const facts = world.facts[position]!
  const { intent, detail } = world.intents.judge(model, position, taint)
  const steady = facts.state === 'steady'
  return {
    key: `taint\0${formatTaint(taint)}\0${intent}\0${detail}\0${steady}`,
    counted: intent === 'likely-gap' && steady,
    waitingHelps: false,
    waitingWhy:
      intent === 'likely-gap' || intent === 'unknown'
        ? 'no pod is made while the taint is there, and no event tells'
        : 'left out on purpose',
    since: later(model.revision?.since, world.nodes[position]!.metadata.creationTimestamp),
    make: () => ({ kind: 'skipped', by: 'untolerated taint', intent, detail, taint }),
  }
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a
}

function leaving(world: World, model: DaemonModel, position: number): Finding {
  const { stateDetail } = world.facts[position]!
  const pending = model.pods.state[position] === POD_PENDING
  const tail = pending ? 'its Pending pod goes with it' : 'no pod is made there'
  return {
    key: `leaving\0${pending}`,
    counted: false,
    waitingHelps: true,
    waitingWhy: 'the node goes',
    since: pending ? pendingSince(world.pods[model.pods.pod[position]!]!) : undefined,
    make: () => ({ kind: 'waits', for: 'node leaving', detail: `${stateDetail}: ${tail}` }),
  }
}

function startupTaint(world: World, taint: Taint, facts: NodeFacts, node: Node): Finding {
  const young = facts.state === 'joining'
  const seconds = secondsBetween(taint.timeAdded ?? node.metadata.creationTimestamp, world.now)
  const lasts = seconds === undefined ? '' : ` for ${formatAge(seconds)}`
  const { timeAdded: _, ...plain } = taint
  return {
    key: `startup\0${formatTaint(taint)}\0${young}`,
    counted: !young && facts.ageSeconds !== undefined,
    waitingHelps: young,
    waitingWhy: young ? 'an agent lifts the taint when it is ready' : `whoever should lift the taint has not${lasts}`,
    since: taint.timeAdded ?? node.metadata.creationTimestamp,
    make: () => ({
      kind: 'waits',
      for: 'startup taint',
      detail: `startup taint ${formatTaint(taint)} is there${lasts} and not tolerated`,
      taint: plain,
    }),
  }
}

function wantedFinding(world: World, model: DaemonModel, position: number, node: Node): Finding {
  const facts = world.facts[position]!
  const state = model.pods.state[position]!
  if (facts.state === 'leaving') return leaving(world, model, position)
  if (world.dump.pods === undefined)
    return unknownFinding(['pods'], 'without pods nobody knows where it runs or what is free')
  if (state === POD_TERMINATING || state === POD_FINISHED) return oldPod(world, model, position, state)
  if (state === POD_NONE) {
    const refused = refusal(model)
    if (refused) return refused
  }
  const pod = state === POD_PENDING ? world.pods[model.pods.pod[position]!]! : model.podFor(node.metadata.name ?? '')
  const special = unschedulableBy(pod)
  if (special) return special
  const assumed = state === POD_NONE && model.admission.kind === 'admitted' ? model.admission.assumed : []
  const prepared = state === POD_PENDING ? model.prepared.of(pod) : model.preparedFor(node.metadata.name ?? '')
  const placement = placeOn(prepared, world.snapshot, world.budgets, position)
  const since = state === POD_PENDING ? pendingSince(pod) : undefined
  if (assumed.length > 0 && placement.kind !== 'blocked') {
    return unknownFinding(
      assumed,
      `${placement.kind === 'fits' ? 'there is room and no pod' : 'evictions would make room, and there is no pod'}: what refuses it, if anything, stands in lists that are not known`,
    )
  }
  return placed(world, model, position, { prepared, pod, placement }, since)
}

/** A pod that kube-scheduler does not look at. */
function unschedulableBy(pod: Pod): Finding | undefined {
  const { schedulerName, schedulingGates } = pod.spec
  if (schedulerName !== undefined && schedulerName !== '' && schedulerName !== 'default-scheduler') {
    return unknownFinding([`the scheduler ${schedulerName}`], 'schedulerName of the template names another scheduler')
  }
  if (schedulingGates === undefined || schedulingGates.length === 0) return undefined
  const reason = `waiting for scheduling gates: [${schedulingGates.map(gate => gate.name).join(' ')}]`
  return {
    key: `gates\0${reason}`,
    counted: true,
    waitingHelps: true,
    waitingWhy: 'whoever set the gates lifts them',
    since: pendingSince(pod),
    make: () => ({ kind: 'blocked', reasons: [reason], plugins: ['SchedulingGates'], amounts: [] }),
  }
}

function oldPod(world: World, model: DaemonModel, position: number, state: number): Finding {
  const pod = world.pods[model.pods.pod[position]!]!
  if (state === POD_FINISHED) {
    const why = pod.status?.reason ?? pod.status?.phase ?? 'finished'
    return {
      key: `finished\0${why}`,
      counted: true,
      waitingHelps: true,
      waitingWhy: 'the controller deletes the pod and makes a new one, after a longer while each time',
      since: pod.status?.startTime,
      make: () => ({
        kind: 'waits',
        for: 'old pod',
        detail: `its pod is over (${why}): the controller makes a new one`,
      }),
    }
  }
  const over = secondsBetween(pod.metadata.deletionTimestamp, world.now)
  const stuck = over !== undefined && over > STUCK_SECONDS
  const graceSeconds = pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30
  return {
    key: `terminating\0${stuck}`,
    counted: true,
    waitingHelps: !stuck,
    waitingWhy: stuck
      ? `its old pod should have been gone ${formatAge(over)} ago: the kubelet does not answer`
      : `the next pod is made when the old one is gone, ${graceSeconds} s at most`,
    since: pod.metadata.deletionTimestamp,
    make: () => ({
      kind: 'waits',
      for: 'old pod',
      detail: 'its pod is being deleted: the next one is made when it is gone',
      graceSeconds,
    }),
  }
}

function refusal(model: DaemonModel): Finding | undefined {
  const { admission, refusal: event } = model
  if (admission.kind === 'refused') {
    // The server's own words, where it said the same, name the pod.
    const told = event !== undefined && event.by === admission.by ? event.message : admission.message
    return refused(admission.by, told, event?.first ?? model.revision?.since)
  }
  if (event !== undefined && tellsOfNow(model, event.last)) return refused(event.by, event.message, event.first)
  return admission.kind === 'unknown' ? unknownFinding(admission.needs, admission.detail) : undefined
}

/** An event that is older than the current revision tells of another template. */
function tellsOfNow(model: DaemonModel, last: string | undefined): boolean {
  const since = model.revision?.since
  return last === undefined || since === undefined || last >= since
}

function refused(by: string, message: string, since: string | undefined): Finding {
  return {
    key: `refused\0${by}`,
    counted: true,
    waitingHelps: false,
    waitingWhy: 'the controller tries again, and the API server refuses again',
    since,
    make: () => ({ kind: 'refused', by, message }),
  }
}
