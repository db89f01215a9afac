import type { ClusterDump, DaemonSet, Node, Pod, PodSpec, Workload } from '@everynode/engine'

const POOLS = 22
const EVERYWHERE = 6
const DEPLOYMENTS = 400
const TIME = '2026-11-01T08:00:00Z'
const TYPES = [
  { name: 'm5.large', cpu: 1930, memory: 6903, pods: 29 },
  { name: 'm5.xlarge', cpu: 3920, memory: 14162, pods: 58 },
  { name: 'm5.4xlarge', cpu: 15890, memory: 57691, pods: 234 },
] as const

/**
 * A cluster of `nodes` nodes, `podsPerNode` pods each and 30 DaemonSets: six that are everywhere, 22 of one pool each, and two newcomers
 * without a class whose pods are Pending where the node is full. Pods of one owner share their spec, as the loader makes them.
 */
export function largeCluster(nodes: number, podsPerNode: number, seed: number): ClusterDump {
  const random = generator(seed)
  const daemonSets = daemonSetsOf()
  const templates = daemonSets.map(({ spec }) => spec.template.spec)
  const deployments = Array.from({ length: DEPLOYMENTS }, (_, index) => deploymentOf(index))
  const shapes = TYPES.flatMap(type =>
    [90, 97, 100].map(share => workloadSpecs(type, share, Math.max(1, podsPerNode - EVERYWHERE - 1))),
  )
  const nodeList: Node[] = []
  const pods: Pod[] = []
  for (let index = 0; index < nodes; index++) {
    const type = random(TYPES.length)
    const pool = random(POOLS)
    const node = nodeOf(index, type, pool)
    const name = node.metadata.name ?? ''
    nodeList.push(node)
    for (let ds = 0; ds < EVERYWHERE; ds++) pods.push(daemonPodOf(daemonSets[ds]!, templates[ds]!, name, ds, true))
    pods.push(daemonPodOf(daemonSets[EVERYWHERE + pool]!, templates[EVERYWHERE + pool]!, name, EVERYWHERE + pool, true))
    const specs = shapes[type * 3 + random(3)]!
    for (const [position, spec] of specs.entries()) {
      pods.push(workloadPod(deployments[random(DEPLOYMENTS)]!, spec, name, `${index.toString(36)}-${position}`))
    }
    const last = daemonSets.length - 1 - random(2)
    if (random(10) === 0) pods.push(daemonPodOf(daemonSets[last]!, templates[last]!, name, last, false))
  }
  return {
    nodes: nodeList,
    pods,
    daemonSets,
    deployments: deployments.map(({ deployment }) => deployment),
    replicaSets: deployments.map(({ replicaSet }) => replicaSet),
    statefulSets: [],
    jobs: [],
    controllerRevisions: [],
    priorityClasses: [{ metadata: { name: 'system-node-critical' }, value: 2_000_001_000 }],
    podDisruptionBudgets: [],
    limitRanges: [],
    resourceQuotas: [],
    runtimeClasses: [],
    namespaces: [{ metadata: { name: 'agents' } }, { metadata: { name: 'apps' } }],
    nodePools: Array.from({ length: POOLS }, (_, pool) => ({
      metadata: { name: `pool-${pool}` },
      spec: { template: { spec: {} } },
    })),
    nodeClaims: [],
    events: [],
    kubernetesVersion: 'v1.36.2',
    takenAt: '2026-11-01T09:00:00Z',
  }
}

/** A whole number below `limit`; the same sequence for the same seed. */
function generator(seed: number): (limit: number) => number {
  let state = seed >>> 0 || 1
  return limit => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state % limit
  }
}

function daemonSetsOf(): DaemonSet[] {
  const everywhere = Array.from({ length: EVERYWHERE }, (_, index) =>
    daemonSetOf(`agent-${index}`, 20 + 10 * index, index < 2, undefined),
  )
  const ofPools = Array.from({ length: POOLS }, (_, pool) =>
    daemonSetOf(`pool-agent-${pool}`, 10, false, `pool-${pool}`),
  )
  return [
    ...everywhere,
    ...ofPools,
    daemonSetOf('newcomer-0', 150, false, undefined),
    daemonSetOf('newcomer-1', 400, false, undefined),
  ]
}

function daemonSetOf(name: string, millis: number, critical: boolean, pool: string | undefined): DaemonSet {
  const labels = { app: name }
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: 'agents', uid: `uid-${name}`, generation: 1, creationTimestamp: TIME },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [{ name: 'main', resources: { requests: { cpu: `${millis}m`, memory: '64Mi' } } }],
          ...(pool !== undefined && { nodeSelector: { 'karpenter.sh/nodepool': pool } }),
          ...(critical && { priorityClassName: 'system-node-critical', priority: 2_000_001_000 }),
        },
      },
    },
  }
}

function nodeOf(index: number, type: number, pool: number): Node {
  const { name: instanceType, cpu, memory, pods } = TYPES[type]!
  const name = `ip-10-${(index >> 16) & 255}-${(index >> 8) & 255}-${index & 255}`
  return {
    metadata: {
      name,
      creationTimestamp: TIME,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'karpenter.sh/nodepool': `pool-${pool}`,
        'node.kubernetes.io/instance-type': instanceType,
        'topology.kubernetes.io/zone': `eu-west-3${'abc'[index % 3]}`,
      },
    },
    spec: {},
    status: {
      allocatable: { cpu: `${cpu}m`, memory: `${memory}Mi`, pods: String(pods) },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  }
}

const TOLERATIONS = [
  ...['not-ready', 'unreachable'].map(name => ({
    key: `node.kubernetes.io/${name}`,
    operator: 'Exists',
    effect: 'NoExecute',
  })),
  ...['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map(name => ({
    key: `node.kubernetes.io/${name}`,
    operator: 'Exists',
    effect: 'NoSchedule',
  })),
]
const RUNNING = { phase: 'Running', startTime: TIME, conditions: [{ type: 'Ready', status: 'True' }] }

function daemonPodOf(
  { metadata, spec }: DaemonSet,
  template: PodSpec,
  node: string,
  index: number,
  bound: boolean,
): Pod {
  const pin = { key: 'metadata.name', operator: 'In', values: [node] }
  return {
    metadata: {
      name: `${metadata.name}-${node}`,
      namespace: 'agents',
      creationTimestamp: TIME,
      ...(spec.template.metadata?.labels && { labels: spec.template.metadata.labels }),
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'DaemonSet',
          name: metadata.name ?? '',
          uid: metadata.uid ?? '',
          controller: true,
        },
      ],
    },
    spec: {
      ...template,
      tolerations: TOLERATIONS,
      priority: index < 2 ? 2_000_001_000 : 0,
      preemptionPolicy: 'PreemptLowerPriority',
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [pin] }] },
        },
      },
      ...(bound && { nodeName: node }),
    },
    status: bound ? RUNNING : { phase: 'Pending' },
  }
}

interface Owner {
  readonly deployment: Workload
  readonly replicaSet: Workload
}

function deploymentOf(index: number): Owner {
  const name = `app-${index}`
  const uid = `uid-${name}`
  return {
    deployment: { kind: 'Deployment', metadata: { name, namespace: 'apps', uid } },
    replicaSet: {
      kind: 'ReplicaSet',
      metadata: {
        name: `${name}-5d4f8c7b9`,
        namespace: 'apps',
        uid: `rs-${uid}`,
        ownerReferences: [{ kind: 'Deployment', name, uid, controller: true }],
      },
    },
  }
}

/** Specs of workload pods that fill `share` percent of what the daemons leave on a node of this type. */
function workloadSpecs({ cpu, memory }: (typeof TYPES)[number], share: number, count: number): PodSpec[] {
  const left = Math.trunc(((cpu - 300) * share) / 100)
  const mebibytes = Math.trunc(((memory - 512) * 60) / 100)
  return Array.from({ length: count }, (_, index) => ({
    containers: [
      {
        name: 'main',
        resources: {
          requests: {
            cpu: `${Math.trunc(left / count) + (index === 0 ? left % count : 0)}m`,
            memory: `${Math.trunc(mebibytes / count)}Mi`,
          },
        },
      },
    ],
    priority: index % 3 === 0 ? 1000 : 0,
  }))
}

function workloadPod({ replicaSet }: Owner, spec: PodSpec, node: string, suffix: string): Pod {
  const { name = '', uid = '' } = replicaSet.metadata
  return {
    metadata: {
      name: `${name}-${suffix}`,
      namespace: 'apps',
      creationTimestamp: TIME,
      labels: { app: name },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid, controller: true }],
    },
    spec: { ...spec, nodeName: node },
    status: RUNNING,
  }
}
