import { interPodAffinity } from '../plugins/inter-pod-affinity.ts'
import { nodeAffinity } from '../plugins/node-affinity.ts'
import { nodeName } from '../plugins/node-name.ts'
import { nodePorts } from '../plugins/node-ports.ts'
import { nodeResourcesFit } from '../plugins/node-resources-fit.ts'
import { nodeUnschedulable } from '../plugins/node-unschedulable.ts'
import { podTopologySpread } from '../plugins/pod-topology-spread.ts'
import { taintToleration } from '../plugins/taint-toleration.ts'
import type { FilterPlugin } from './filter-plugin.ts'

/**
 * Filters of the default profile in the order in which they run; the first that rejects ends the node
 * (kubernetes pkg/scheduler/apis/config/v1/default_plugins.go, v1.36.2). The volume filters are not among them: a pod that
 * they would judge is flagged in `PreparedPod.notModelled`.
 */
export const FILTERS: readonly FilterPlugin[] = [
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  podTopologySpread,
  interPodAffinity,
]
