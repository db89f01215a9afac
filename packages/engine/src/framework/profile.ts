import { dynamicResources } from '../plugins/dynamic-resources.ts'
import { interPodAffinity } from '../plugins/inter-pod-affinity.ts'
import { nodeAffinity } from '../plugins/node-affinity.ts'
import { nodeDeclaredFeatures } from '../plugins/node-declared-features.ts'
import { nodeName } from '../plugins/node-name.ts'
import { nodePorts } from '../plugins/node-ports.ts'
import { nodeResourcesFit } from '../plugins/node-resources-fit.ts'
import { nodeUnschedulable } from '../plugins/node-unschedulable.ts'
import { nodeVolumeLimits } from '../plugins/node-volume-limits.ts'
import { podTopologySpread } from '../plugins/pod-topology-spread.ts'
import { schedulingGates } from '../plugins/scheduling-gates.ts'
import { taintToleration } from '../plugins/taint-toleration.ts'
import { volumeBinding } from '../plugins/volume-binding.ts'
import { volumeRestrictions } from '../plugins/volume-restrictions.ts'
import { volumeZone } from '../plugins/volume-zone.ts'
import type { FilterPlugin } from './filter-plugin.ts'

/**
 * Filters of the default profile in the order in which they run; the first that rejects ends the node
 * (kubernetes pkg/scheduler/apis/config/v1/default_plugins.go, v1.36.2). One that can't tell is named in `PreparedPod.notModelled`.
 */
export const FILTERS: readonly FilterPlugin[] = [
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  volumeRestrictions,
  nodeVolumeLimits,
  volumeBinding,
  volumeZone,
  podTopologySpread,
  interPodAffinity,
  dynamicResources,
  nodeDeclaredFeatures,
  schedulingGates,
]
