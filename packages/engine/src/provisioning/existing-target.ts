import type { CSINode } from '../api/apps.ts'
import type { Pod } from '../api/core.ts'
import type { Requirements } from '../requirements/requirements.ts'
import type { AmountRow, AmountTable } from './amount-table.ts'
import type { ExistingNode } from './existing-nodes.ts'
import { hostPortsOf, type PortHolder, portClash } from './host-ports.ts'
import type { PodShape } from './pod-shape.ts'
import { type AttachedVolumes, isError } from './pod-volumes.ts'
import { toleratesAll } from './taints.ts'

/** What is known of a node before any round: ports and volumes of its pods, and how many volumes it takes. */
export interface NodeUsage {
  readonly ports: readonly PortHolder[]
  readonly volumes: AttachedVolumes
  /** By driver. */
  readonly volumeLimits: ReadonlyMap<string, number>
}

/** Reads what the pods of a node use; pods whose volumes cannot be read use none. */
export function nodeUsage(
  { state }: ExistingNode,
  csiNode: CSINode | undefined,
  volumesOf: (pod: Pod) => AttachedVolumes,
): NodeUsage {
  const ports = state.pods.flatMap(pod => {
    const taken = hostPortsOf(pod)
    return taken.length === 0 ? [] : [{ pod: podName(pod), ports: taken }]
  })
  let volumes: AttachedVolumes = new Map()
  for (const pod of state.pods) volumes = union(volumes, volumesOf(pod))
  const volumeLimits = new Map<string, number>()
  for (const { name, allocatable } of csiNode?.spec?.drivers ?? []) {
    if (allocatable !== undefined && allocatable !== null) volumeLimits.set(name, allocatable.count ?? 0)
  }
  return { ports, volumes, volumeLimits }
}

/** `namespace/name`. */
export function podName({ metadata }: Pod): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name ?? ''}`
}

/** A node in a round, with the pods that the round put there (`ExistingNode`, karpenter `pkg/controllers/provisioning/scheduling/existingnode.go`, v1.14.1). */
export class ExistingTarget {
  readonly node: ExistingNode
  readonly pods: Pod[] = []
  remaining: AmountRow
  /** The host name included. */
  requirements: Requirements
  private ports: readonly PortHolder[]
  private volumes: AttachedVolumes
  private readonly limits: ReadonlyMap<string, number>

  constructor(node: ExistingNode, remaining: AmountRow, { ports, volumes, volumeLimits }: NodeUsage) {
    this.node = node
    this.remaining = remaining
    this.requirements = node.requirements
    this.ports = ports
    this.volumes = volumes
    this.limits = volumeLimits
  }

  /** Whether the pod never fits again: taints stay, and what is used only grows. */
  refusesForGood(shape: PodShape, row: AmountRow, pod: string, table: AmountTable): boolean {
    if (!table.fits(row, this.remaining)) return true
    if (!toleratesAll(this.node.state.taints, shape.terms.tolerations)) return true
    if (shape.hostPorts.length > 0 && portClash({ pod, ports: shape.hostPorts }, this.ports)) return true
    return this.exceedsVolumeLimits(shape)
  }

  private exceedsVolumeLimits({ attachedVolumes }: PodShape): boolean {
    if (this.limits.size === 0 || isError(attachedVolumes)) return false
    for (const [driver, volumes] of union(this.volumes, attachedVolumes)) {
      const limit = this.limits.get(driver)
      if (limit !== undefined && volumes.size > limit) return true
    }
    return false
  }

  add(pod: Pod, name: string, shape: PodShape, row: AmountRow, requirements: Requirements, table: AmountTable): void {
    this.pods.push(pod)
    this.remaining = table.difference(this.remaining, row)
    this.requirements = requirements
    if (shape.hostPorts.length > 0) this.ports = [...this.ports, { pod: name, ports: shape.hostPorts }]
    if (!isError(shape.attachedVolumes)) this.volumes = union(this.volumes, shape.attachedVolumes)
  }
}

function union(a: AttachedVolumes, b: AttachedVolumes): AttachedVolumes {
  if (b.size === 0) return a
  if (a.size === 0) return b
  const both = new Map(a)
  for (const [driver, volumes] of b) both.set(driver, new Set([...(a.get(driver) ?? []), ...volumes]))
  return both
}
