import type { Reason } from '../framework/status.ts'
import { type ClusterSnapshot, podPriority } from '../snapshot/cluster-snapshot.ts'
import type { NodeIndex } from '../snapshot/indices.ts'
import { formatAmount } from './amounts.ts'
import type { DaemonModel } from './daemon-model.ts'
import type { Finding } from './finding.ts'
import type { World } from './world.ts'

const VIRTUAL = 'a virtual node '
const IN_ALL = ' in all, '

/** Tells from `whyNoPreemption` that the node is virtual, and which label says so. */
export function virtualLabel(why: string | undefined): string | undefined {
  return why?.startsWith(VIRTUAL) === true ? /^a virtual node \((.+?)\)/.exec(why)?.[1] : undefined
}

/** Tells from `whyNoPreemption` that the request is above what the node has in all. */
export function isTooBig(why: string | undefined): boolean {
  return why?.includes(IN_ALL) === true
}

/** Why no eviction makes room, in one clause; undefined where evictions have nothing to do with it. The same words for nodes of one cause. */
export function whyNoPreemption(
  world: World,
  model: DaemonModel,
  node: NodeIndex,
  asked: NonNullable<Finding['asked']>,
): string | undefined {
  const { placement, pod } = asked
  if (placement.kind !== 'blocked') return undefined
  const { virtual } = world.facts[node]!
  if (virtual) return `${VIRTUAL}(${virtual.key}=${virtual.value}) runs no DaemonSet, whatever goes`
  const { snapshot } = world
  const priority = podPriority(pod)
  const className = pod.spec.priorityClassName
  const named =
    className === undefined || className === '' ? `its priority is ${priority}` : `${className} is ${priority}`
  switch (placement.untried) {
    case 'rejected':
      return undefined
    case 'policy Never':
      return `preemptionPolicy Never${className === undefined || className === '' ? '' : ` of ${className}`} forbids evictions; value and policy of a class are immutable`
    case 'unresolvable': {
      const tooBig = placement.reasons.find(reason => reason.unresolvable && reason.amounts !== undefined)?.amounts
      return tooBig === undefined
        ? 'no eviction changes that'
        : `the node has ${formatAmount(tooBig.resource, tooBig.allocatable)} ${tooBig.resource}${IN_ALL}${formatAmount(tooBig.resource, tooBig.asked)} is asked`
    }
    default:
  }
  const old = `${portHolders(world, node, placement.reasons)}${oldPriority(model, priority)}`
  if (placement.dryRun?.kind === 'does not fit') {
    const texts = placement.dryRun.texts.join(', ')
    return `even without every pod below ${priority}: ${texts}${old}`
  }
  return `${noneBelow(snapshot, node, priority, named)}${old}`
}

function noneBelow(snapshot: ClusterSnapshot, node: number, priority: number, named: string): string {
  const priorities = snapshot.podsOn(node).map(index => snapshot.podPriorities.cells[index]!)
  const equal = priorities.some(other => other === priority)
  return equal && priority !== 0
    ? `${named}, and so are the pods it would have to evict`
    : `no pod on these nodes has a priority below ${priority}`
}

/** Who holds the port, where a port is what is missing. */
function portHolders(world: World, node: NodeIndex, reasons: readonly Reason[]): string {
  const { snapshot, owners } = world
  const port = reasons.find(reason => reason.port !== undefined)?.port
  if (port === undefined) return ''
  const wanted = port.hostPort ?? port.containerPort
  const holders = snapshot
    .podsOn(node)
    .filter(index =>
      snapshot.hostPortsOf(index).some(one => one.port === wanted && one.protocol === (port.protocol ?? 'TCP')),
    )
  const texts = holders.map(
    index => `${owners.topOf(snapshot.pod(index)).text} (priority ${podPriority(snapshot.pod(index))})`,
  )
  return texts.length === 0 ? '' : `; the port is held by ${[...new Set(texts)].join(', ')}`
}

/** A pod keeps the number that its class had when it was made. */
function oldPriority(model: DaemonModel, priority: number): string {
  if (model.admission.kind !== 'admitted') return ''
  const now = podPriority(model.admission.pod)
  return now === priority
    ? ''
    : `; its Pending pod was made with ${priority}, a new one gets ${now}: delete the Pending pod`
}
