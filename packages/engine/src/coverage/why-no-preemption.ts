import type { Reason } from '../framework/status.ts'
import { type ClusterSnapshot, podPriority } from '../snapshot/cluster-snapshot.ts'
import type { NodeIndex } from '../snapshot/indices.ts'
import { formatAmount } from './amounts.ts'
import type { DaemonModel } from './daemon-model.ts'
import type { Finding } from './finding.ts'
import { amountHeld } from './holders.ts'
import type { Placement } from './placement.ts'
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

/** Why no eviction makes room: `text` in one clause about this node, `key` equal for nodes of one cause. */
export interface WhyNoPreemption {
  readonly text: string
  readonly key: string
}

/** Why no eviction makes room; undefined where evictions have nothing to do with it. */
export function whyNoPreemption(
  world: World,
  model: DaemonModel,
  node: NodeIndex,
  asked: NonNullable<Finding['asked']>,
): WhyNoPreemption | undefined {
  const { placement, pod } = asked
  if (placement.kind !== 'blocked') return undefined
  const old = oldPriority(model, podPriority(pod))
  const still =
    placement.dryRun?.kind === 'does not fit'
      ? stillShort(world.snapshot, node, podPriority(pod), placement)
      : undefined
  if (still !== undefined) return { text: `${still.text}${old}`, key: `${still.key}${old}` }
  const text = sameWords(world, model, node, asked)
  return text === undefined ? undefined : { text, key: text }
}

/** Clauses that are the same words for nodes of one cause. */
function sameWords(
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
    return `what is in the way stays even without every pod below ${priority}: ${texts}${old}`
  }
  return `${noneBelow(snapshot, node, priority, named)}${old}`
}

/** What would be free if every pod of lower priority went, of the first resource that would still be short. */
function stillShort(
  snapshot: ClusterSnapshot,
  node: number,
  priority: number,
  { reasons }: Extract<Placement, { kind: 'blocked' }>,
): WhyNoPreemption | undefined {
  const lower = snapshot.podsOn(node).filter(index => snapshot.podPriorities.cells[index]! < priority)
  for (const { amounts } of reasons) {
    if (amounts === undefined) continue
    const { resource, asked } = amounts
    const free = lower.reduce((sum, pod) => sum + amountHeld(snapshot, pod, resource), amounts.free)
    if (free < asked)
      return {
        text: `without every pod below ${priority} only ${formatAmount(resource, free)} ${resource} would be free, ${formatAmount(resource, asked)} is asked`,
        key: `short ${priority} ${resource}`,
      }
  }
  return undefined
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
  if (now === priority) return ''
  return `; its Pending pod was made with ${priority}, a new one gets ${now}${now > priority ? ': delete the Pending pod' : ''}`
}
