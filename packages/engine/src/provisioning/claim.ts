import type { Pod } from '../api/core.ts'
import type { KarpenterDifferences } from '../karpenter-versions.ts'
import type { Requirements } from '../requirements/requirements.ts'
import { HOSTNAME_LABEL } from '../requirements/well-known-labels.ts'
import type { AmountRow } from './amount-table.ts'
import { type PortHolder, portClash } from './host-ports.ts'
import type { InstanceType } from './instance-type.ts'
import { satisfiesMinValues } from './min-values.ts'
import type { PodShape } from './pod-shape.ts'
import type { RequirementState } from './requirement-state.ts'
import { NO_RESERVATIONS, type Reservations } from './reservations.ts'
import type { AskedNode } from './topology-group.ts'
import { forEachType, intersectTypes, isEmptySet, type TypeSet } from './type-set.ts'
import type { Amounts, LaunchPool } from './world.ts'

/** A NodeClaim of this round (`NodeClaim`, karpenter `pkg/controllers/provisioning/scheduling/nodeclaim.go`, v1.14.1). */
export class Claim {
  readonly pool: LaunchPool
  readonly hostname: string
  readonly pods: Pod[] = []
  readonly shapes: PodShape[] = []
  /** What it may become. */
  types: TypeSet
  state: RequirementState
  /** The pods' requests; daemons come on top. */
  requests: AmountRow
  ports: readonly PortHolder[] = NO_PORTS
  reserved: readonly string[] = NO_RESERVATIONS
  /** Grows with every pod; what was refused before may be taken after. */
  version = 0
  /** How many of the groups of the host name know it. */
  knownToGroups = 0

  constructor(pool: LaunchPool, hostname: string, types: TypeSet, requests: AmountRow) {
    this.pool = pool
    this.hostname = hostname
    this.types = types
    this.state = pool.root
    this.requests = requests
  }

  /** As topology asks about it, once it has come to a state. */
  asked(state: RequirementState): AskedNode {
    return { requirements: state.requirements, hostname: this.hostname, taints: this.pool.template.taints }
  }

  /** The state with what a pod requires; undefined where that is not compatible. */
  take(requirements: Requirements): RequirementState | undefined {
    return this.takeInto(this.state, requirements)
  }

  /** A state with something required of it; the host name stands apart from the state. */
  takeInto(state: RequirementState, requirements: Requirements): RequirementState | undefined {
    const host = requirements.find(HOSTNAME_LABEL)
    if (host === undefined) return state.take(requirements)
    return host.has(this.hostname) ? state.take(requirements.without(HOSTNAME_LABEL)) : undefined
  }

  add(
    pod: Pod,
    name: string,
    shape: PodShape,
    requests: AmountRow,
    { state, types, reserved }: ClaimPlacement,
    reservations: Reservations,
  ): void {
    this.pods.push(pod)
    this.shapes.push(shape)
    this.types = types
    this.state = state
    this.requests = requests
    this.version++
    if (shape.hostPorts.length > 0) this.ports = [...this.ports, { pod: name, ports: shape.hostPorts }]
    if (reserved.length + this.reserved.length > 0) {
      reservations.exchange(this.reserved, reserved)
      this.reserved = reserved
    }
  }

  /** The types of each daemon group, ports apart, that are large enough for the pods and one more; undefined where none is. */
  largeEnough(shape: PodShape, row: AmountRow, pod: string, amounts: Amounts): TypeSet | undefined {
    const { table } = amounts
    const total = table.sum(this.requests, row)
    const { groups, fit } = this.pool
    let enough: TypeSet | undefined
    for (const { overhead, types, ports } of groups) {
      if (shape.hostPorts.length > 0 && this.portsClash(shape, pod, ports)) continue
      const left = this.types.slice()
      if (groups.length > 1) intersectTypes(left, types)
      fit.narrow(left, overhead === undefined ? total : table.sum(total, overhead))
      if (enough === undefined) enough = left
      else for (let at = 0; at < left.length; at++) enough[at]! |= left[at]!
    }
    return enough === undefined || isEmptySet(enough) ? undefined : enough
  }

  portsClash(shape: PodShape, pod: string, daemonPorts: readonly PortHolder[]): boolean {
    const wanted = { pod, ports: shape.hostPorts }
    return portClash(wanted, daemonPorts) !== undefined || portClash(wanted, this.ports) !== undefined
  }
}

const NO_PORTS: readonly PortHolder[] = []

/** What a NodeClaim becomes with one more pod. */
export interface ClaimPlacement {
  readonly state: RequirementState
  readonly types: TypeSet
  readonly reserved: readonly string[]
}

/** The labels of which the types have fewer different values than asked, with their number; undefined where there are enough. */
export function unmetMinValues(
  instanceTypes: readonly InstanceType[],
  types: TypeSet,
  { requirements }: RequirementState,
  differences: KarpenterDifferences,
): ReadonlyMap<string, number> | undefined {
  if (!requirements.hasMinValues) return undefined
  const { unmet } = satisfiesMinValues(listTypes(instanceTypes, types), requirements, differences)
  return unmet.size === 0 ? undefined : unmet
}

export function listTypes(instanceTypes: readonly InstanceType[], types: TypeSet): readonly InstanceType[] {
  const list: InstanceType[] = []
  forEachType(types, index => list.push(instanceTypes[index]!))
  return list
}
