import type { DaemonSet, NodePool, PodSpec, PriorityClass } from '@everynode/engine'

// The same objects as the files of examples/qovery/, which say where each fact comes from; a test keeps them equal.

export const QOVERY_STANDARD_PRIORITY: PriorityClass = {
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name: 'qovery-standard-priority' },
  value: 1000,
  globalDefault: false,
  preemptionPolicy: 'PreemptLowerPriority',
  description: 'Standard priority for user services',
}

export const QOVERY_HIGH_PRIORITY: PriorityClass = {
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name: 'qovery-high-priority' },
  value: 1000000,
  globalDefault: false,
  preemptionPolicy: 'PreemptLowerPriority',
  description: 'High priority for services of the platform',
}

const NODE_CLASS = { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'default' }
const LINUX = { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] }
const AMD64 = { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] }
const ON_DEMAND = { key: 'karpenter.sh/capacity-type', operator: 'In', values: ['on-demand'] }

export const DEFAULT_POOL: NodePool = {
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodePool',
  metadata: { name: 'default' },
  spec: {
    weight: 50,
    disruption: {
      consolidationPolicy: 'WhenEmptyOrUnderutilized',
      consolidateAfter: '1m',
      budgets: [{ nodes: '10%' }],
    },
    template: {
      spec: {
        nodeClassRef: NODE_CLASS,
        expireAfter: '720h',
        requirements: [
          LINUX,
          AMD64,
          ON_DEMAND,
          { key: 'node.kubernetes.io/instance-type', operator: 'In', values: ['m5.large', 'm5.xlarge'] },
        ],
      },
    },
  },
}

export const STABLE_POOL: NodePool = {
  apiVersion: 'karpenter.sh/v1',
  kind: 'NodePool',
  metadata: { name: 'stable' },
  spec: {
    weight: 10,
    disruption: { consolidationPolicy: 'WhenEmpty', consolidateAfter: '1m', budgets: [{ nodes: '10%' }] },
    template: {
      spec: {
        nodeClassRef: NODE_CLASS,
        expireAfter: '720h',
        taints: [{ key: 'nodepool/stable', effect: 'NoSchedule' }],
        requirements: [
          LINUX,
          AMD64,
          ON_DEMAND,
          { key: 'node.kubernetes.io/instance-type', operator: 'In', values: ['m5.large'] },
        ],
      },
    },
  },
}

const ARM64 = { key: 'kubernetes.io/arch', operator: 'In', values: ['arm64'] }
const NOT_FARGATE = { key: 'eks.amazonaws.com/compute-type', operator: 'NotIn', values: ['fargate'] }
const LOG_AGENT_LABELS = { 'app.kubernetes.io/name': 'log-agent' }
const CONTAINERS = [
  {
    name: 'agent',
    image: 'registry.example/log-agent:1.4.0',
    resources: { requests: { cpu: '200m', memory: '256Mi' }, limits: { memory: '512Mi' } },
  },
]

function logAgent(spec: PodSpec): DaemonSet {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'log-agent', namespace: 'logging', labels: LOG_AGENT_LABELS },
    spec: {
      selector: { matchLabels: LOG_AGENT_LABELS },
      template: { metadata: { labels: LOG_AGENT_LABELS }, spec },
    },
  }
}

const EITHER_ARCH = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [AMD64] }, { matchExpressions: [ARM64] }],
    },
  },
}

/** The agent as people deploy it first: no class, no tolerations. */
export const LOG_AGENT: DaemonSet = logAgent({ affinity: EITHER_ARCH, containers: CONTAINERS })

/** The agent with the class that the guide recommends. */
export const LOG_AGENT_STANDARD: DaemonSet = logAgent({
  priorityClassName: 'qovery-standard-priority',
  affinity: EITHER_ARCH,
  containers: CONTAINERS,
})

/** The agent that lands on every node: a class above the workloads, the pool's taint tolerated, Fargate left out in both terms. */
export const LOG_AGENT_REMEDY: DaemonSet = logAgent({
  priorityClassName: 'qovery-high-priority',
  tolerations: [{ key: 'nodepool/stable', operator: 'Exists', effect: 'NoSchedule' }],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [AMD64, NOT_FARGATE] }, { matchExpressions: [ARM64, NOT_FARGATE] }],
      },
    },
  },
  containers: CONTAINERS,
})
