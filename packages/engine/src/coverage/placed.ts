import type { PreparedPod } from '../framework/prepared-pod.ts'
import type { Reason } from '../framework/status.ts'
import type { ClusterSnapshot } from '../snapshot/cluster-snapshot.ts'
import type { NodeIndex, PodIndex } from '../snapshot/indices.ts'
import { resourceAmounts } from './amounts.ts'
import type { DaemonModel } from './daemon-model.ts'
import { type Finding, joiningFinding, unknownFinding } from './finding.ts'
import { graceOf, podRefs } from './holders.ts'
import { type Placement, placeOn } from './placement.ts'
import { whyNoPreemption } from './why-no-preemption.ts'
import type { World } from './world.ts'

type Asked = NonNullable<Finding['asked']>

/** The finding of a pod that was held against its node. */
export function placed(
  world: World,
  model: DaemonModel,
  position: number,
  asked: Asked,
  since: string | undefined,
): Finding {
  const { placement, prepared, pod } = asked
  const { snapshot } = world
  if (placement.kind === 'fits') {
    if (prepared.notModelled.length > 0) {
      return unknownFinding(
        [`the filters ${prepared.notModelled.join(', ')}`],
        'they look at its volumes or claims, and this engine does not have them',
      )
    }
    return {
      key: 'fits',
      counted: true,
      waitingHelps: true,
      waitingWhy:
        since === undefined
          ? 'the controller makes the pod and the scheduler binds it'
          : 'the scheduler binds it at its next try',
      since,
      asked,
      make: () => ({ kind: 'fits' }),
    }
  }
  const leavingPods = goingOn(world, position)
  const nominatedHere = pod.status?.nominatedNodeName === world.nodes[position]!.metadata.name
  if (leavingPods.length > 0 && (nominatedHere || fitsWithout(world, prepared, position, leavingPods))) {
    return waitsForPods(world, leavingPods, since, nominatedHere, asked)
  }
  if (placement.kind === 'victims') return preempting(world, position, placement, since, asked)
  const facts = world.facts[position]!
  if (facts.state === 'joining' && placement.reasons.every(reason => reason.amounts?.allocatable === 0n))
    return joiningFinding(facts)
  return blocked(world, model, position, placement.reasons, since, asked, snapshot)
}

/** Pods of the node that are being deleted: their room comes free by itself. */
function goingOn(world: World, position: number): readonly PodIndex[] {
  return world.terminating.get(position) ?? []
}

function fitsWithout(world: World, prepared: PreparedPod, position: number, going: readonly PodIndex[]): boolean {
  if (prepared.counts.length > 0) return false
  const { snapshot } = world
  snapshot.fork()
  for (const pod of going) snapshot.removePod(pod)
  const { kind } = placeOn(prepared, snapshot, world.budgets, position)
  snapshot.revert()
  return kind === 'fits'
}

function waitsForPods(
  world: World,
  going: readonly PodIndex[],
  since: string | undefined,
  nominated: boolean,
  asked: Asked,
): Finding {
  const graceSeconds = Math.max(...going.map(pod => graceOf(world.snapshot, pod)))
  return {
    key: `victims\0${nominated}`,
    counted: true,
    waitingHelps: true,
    waitingWhy: `${going.length === 1 ? 'a pod' : `${going.length} pods`} of the node must end first, ${graceSeconds} s at most`,
    since,
    asked,
    make: () => ({
      kind: 'waits',
      for: 'victims',
      detail: nominated
        ? 'pods were evicted for it and are ending'
        : 'pods of the node are being deleted; then there is room',
      graceSeconds,
    }),
  }
}

function preempting(
  world: World,
  position: number,
  placement: Extract<Placement, { kind: 'victims' }>,
  since: string | undefined,
  asked: Asked,
): Finding {
  const { snapshot, owners, budgets } = world
  const { victims, pdbViolations } = placement.run
  const texts = placement.reasons.map(({ text }) => text)
  const daemons = victims.some(victim => owners.topOf(snapshot.pod(victim)).daemon)
  const graceSeconds = Math.max(0, ...victims.map(victim => graceOf(snapshot, victim)))
  return {
    key: `preempts\0${texts.join()}\0${pdbViolations}\0${daemons}`,
    counted: true,
    waitingHelps: true,
    waitingWhy: `the scheduler evicts ${victims.length === 1 ? 'a pod' : 'pods'} of lower priority and binds it when ${victims.length === 1 ? 'it is' : 'they are'} gone`,
    since,
    asked,
    make: () => ({
      kind: 'preempts',
      victims: podRefs(snapshot, owners, budgets, victims),
      ...(world.dump.podDisruptionBudgets === undefined ? {} : { pdbViolations }),
      graceSeconds,
      amounts: resourceAmounts(snapshot, position, snapshot.incoming(asked.pod), placement.reasons),
      reasons: texts,
    }),
  }
}

/** A node that is too small, or whose reasons no pod's end changes, stays so; on a full one nothing ends by itself. */
function whyWaitingIsVain(world: World, position: number, { placement }: Asked): string {
  if (world.facts[position]!.virtual) return 'a virtual node never runs it'
  if (placement.kind === 'blocked' && placement.untried === 'unresolvable')
    return placement.reasons.some(reason => reason.unresolvable && reason.amounts !== undefined)
      ? 'these nodes are too small, also when they are empty'
      : 'what keeps it out does not end by itself'
  if (placement.kind !== 'fits' && placement.reasons.some(({ port }) => port !== undefined))
    return 'who holds the port does not leave by itself'
  return world.karpenter
    ? 'nothing on these nodes ends by itself, and Karpenter neither adds a node for a daemon pod nor replaces a full one (karpenter#731)'
    : 'nothing on these nodes ends by itself, and no autoscaler adds a node for a pod that is pinned to one'
}

function blocked(
  world: World,
  model: DaemonModel,
  position: number,
  reasons: readonly Reason[],
  since: string | undefined,
  asked: Asked,
  snapshot: ClusterSnapshot,
): Finding {
  const texts = reasons.map(({ text }) => text)
  const why = whyNoPreemption(world, model, position as NodeIndex, asked)
  const taint = reasons.find(reason => reason.taint !== undefined)?.taint
  const port = reasons.find(reason => reason.port !== undefined)?.port
  return {
    key: `blocked\0${texts.join()}\0${why?.key ?? ''}`,
    counted: true,
    waitingHelps: false,
    waitingWhy: whyWaitingIsVain(world, position, asked),
    since,
    asked,
    make: () => ({
      kind: 'blocked',
      reasons: texts,
      plugins: [...new Set(reasons.map(({ plugin }) => plugin))],
      amounts: resourceAmounts(snapshot, position, snapshot.incoming(asked.pod), reasons),
      ...(why === undefined ? {} : { whyNoPreemption: why.text }),
      ...(taint === undefined ? {} : { taint }),
      ...(port === undefined ? {} : { port: `${port.hostPort ?? port.containerPort}/${port.protocol ?? 'TCP'}` }),
    }),
  }
}
