import { admissionOp } from './admission.ts'
import { admissionPluginsOp } from './admission-plugins.ts'
import { awsAllocatableOp } from './aws-allocatable.ts'
import { awsNodeClassOp } from './aws-node-class.ts'
import { daemonSetOp } from './daemon-set.ts'
import { daemonSetSyncOp } from './daemon-set-sync.ts'
import { disruptOp } from './karpenter-disrupt.ts'
import { existingOp } from './karpenter-existing.ts'
import { overheadOp } from './karpenter-overhead.ts'
import { provisionOp } from './karpenter-provision.ts'
import { requirementsOp } from './karpenter-requirements.ts'
import { sortOp } from './karpenter-sort.ts'
import { labelSelectorOp } from './label-selector.ts'
import { nodeAffinityOp } from './node-affinity.ts'
import type { Op } from './op.ts'
import { podRequestsOp } from './pod-requests.ts'
import { quantityOp } from './quantity.ts'
import { scheduleOneOp } from './schedule-one.ts'
import { settleOp } from './settle.ts'
import { taintsOp } from './taints.ts'
import { yamlOp } from './yaml.ts'

/** Every op that the engine answers, by name; each adapter is a file of this folder. */
export const OPS: readonly Op[] = [
  quantityOp,
  labelSelectorOp,
  nodeAffinityOp,
  taintsOp,
  podRequestsOp,
  scheduleOneOp,
  settleOp,
  daemonSetOp,
  daemonSetSyncOp,
  yamlOp,
  admissionOp,
  admissionPluginsOp,
  requirementsOp,
  sortOp,
  overheadOp,
  existingOp,
  disruptOp,
  provisionOp,
  awsAllocatableOp,
  awsNodeClassOp,
]
