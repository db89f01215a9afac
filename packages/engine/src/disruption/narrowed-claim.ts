import type { Pod } from '../api/core.ts'
import type { NodePool } from '../api/karpenter.ts'
import type { Quantities } from '../pod-requests/quantities.ts'
import type { InstanceType } from '../provisioning/instance-type.ts'
import type { ClaimDaemonGroup, PlannedNodeClaim } from '../provisioning/types.ts'
import type { Requirements } from '../requirements/requirements.ts'

/** A planned NodeClaim of which only some instance types are left. Its requests are still those of the whole plan, as upstream's. */
export class NarrowedClaim implements PlannedNodeClaim {
  readonly nodePool: NodePool
  readonly nodePoolName: string
  readonly instanceTypes: readonly InstanceType[]
  readonly pods: readonly Pod[]
  readonly requirements: Requirements
  readonly daemonGroups: readonly ClaimDaemonGroup[]
  private readonly whole: PlannedNodeClaim

  constructor(whole: PlannedNodeClaim, instanceTypes: readonly InstanceType[], requirements = whole.requirements) {
    this.whole = whole
    this.nodePool = whole.nodePool
    this.nodePoolName = whole.nodePoolName
    this.instanceTypes = instanceTypes
    this.pods = whole.pods
    this.requirements = requirements
    this.daemonGroups = whole.daemonGroups
  }

  get podRequests(): Quantities {
    return this.whole.podRequests
  }

  get requests(): Quantities {
    return this.whole.requests
  }
}
