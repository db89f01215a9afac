import type { Condition, Node, NodeClaim, NodePool, Taint } from '@everynode/engine'
import type { InstanceType } from './instance-types.ts'
import { hash, suffix, uid } from './names.ts'

const REGION = 'eu-west-3'
const KUBELET = 'v1.36.2-eks-3f1c9d2'

export interface KarpenterNode {
  readonly node: Node
  readonly claim: NodeClaim
}

export interface KarpenterNodeSpec {
  readonly pool: NodePool
  readonly type: InstanceType
  /** Position in the cluster; address, zone and names follow from it. */
  readonly index: number
  /** RFC 3339. */
  readonly created: string
  /** The kubelet has registered but the pod network is not up: birth taints are there, the node is not ready. */
  readonly joining?: boolean
}

const BIRTH_TAINTS: readonly Taint[] = [
  { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' },
  { key: 'karpenter.sh/unregistered', effect: 'NoExecute' },
]

function zoneOf(index: number): string {
  return `${REGION}${'abc'[index % 3]}`
}

function address(index: number): string {
  const drawn = hash(`address ${index}`)
  return `ip-10-0-${64 + (drawn % 128)}-${10 + ((drawn >>> 8) % 240)}`
}

function condition(type: string, status: string, reason: string, message: string, since: string): Condition {
  return { type, status, reason, message, lastTransitionTime: since }
}

function nodeConditions(ready: boolean, since: string): readonly Condition[] {
  return [
    condition(
      'MemoryPressure',
      'False',
      'KubeletHasSufficientMemory',
      'kubelet has sufficient memory available',
      since,
    ),
    condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure', since),
    condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available', since),
    ready
      ? condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status', since)
      : condition(
          'Ready',
          'False',
          'KubeletNotReady',
          'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
          since,
        ),
  ]
}

function nodeInfo() {
  return { kubeletVersion: KUBELET, operatingSystem: 'linux', architecture: 'amd64' }
}

/** A node that Karpenter launched, and the NodeClaim it was launched for. */
export function karpenterNode(spec: KarpenterNodeSpec): KarpenterNode {
  const pool = spec.pool.metadata.name ?? ''
  const host = address(spec.index)
  const name = `${host}.${REGION}.compute.internal`
  const claimName = `${pool}-${suffix(`${pool} ${spec.index}`)}`
  const providerID = `aws:///${zoneOf(spec.index)}/i-0${uid(name).replaceAll('-', '').slice(0, 16)}`
  const joining = spec.joining === true
  const [family = '', size = ''] = spec.type.name.split('.')
  const labels = {
    'karpenter.k8s.aws/instance-category': 'm',
    'karpenter.k8s.aws/instance-cpu': spec.type.cpus,
    'karpenter.k8s.aws/instance-family': family,
    'karpenter.k8s.aws/instance-memory': spec.type.memoryMiB,
    'karpenter.k8s.aws/instance-size': size,
    'karpenter.sh/capacity-type': 'on-demand',
    'karpenter.sh/nodepool': pool,
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/os': 'linux',
    'node.kubernetes.io/instance-type': spec.type.name,
    'topology.kubernetes.io/region': REGION,
    'topology.kubernetes.io/zone': zoneOf(spec.index),
  }
  const poolTaints = spec.pool.spec?.template?.spec?.taints ?? []
  const taints = joining ? [...poolTaints, ...BIRTH_TAINTS] : poolTaints
  const node: Node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: uid(`node ${name}`),
      creationTimestamp: spec.created,
      labels: {
        ...labels,
        'kubernetes.io/hostname': name,
        ...(joining ? {} : { 'karpenter.sh/registered': 'true', 'karpenter.sh/initialized': 'true' }),
      },
      finalizers: ['karpenter.sh/termination'],
      ownerReferences: [{ apiVersion: 'karpenter.sh/v1', kind: 'NodeClaim', name: claimName, uid: uid(claimName) }],
    },
    spec: { providerID, ...(taints.length > 0 ? { taints } : {}) },
    status: {
      capacity: spec.type.capacity,
      allocatable: spec.type.allocatable,
      conditions: nodeConditions(!joining, spec.created),
      nodeInfo: nodeInfo(),
    },
  }
  return { node, claim: claimOf(spec, claimName, providerID, name, labels) }
}

function claimOf(
  spec: KarpenterNodeSpec,
  name: string,
  providerID: string,
  nodeName: string,
  labels: Readonly<Record<string, string>>,
): NodeClaim {
  const template = spec.pool.spec?.template?.spec
  const steps = spec.joining === true ? ['Launched'] : ['Launched', 'Registered', 'Initialized', 'Ready']
  const pool = spec.pool.metadata.name ?? ''
  return {
    apiVersion: 'karpenter.sh/v1',
    kind: 'NodeClaim',
    metadata: {
      name,
      uid: uid(name),
      creationTimestamp: spec.created,
      labels,
      finalizers: ['karpenter.sh/termination'],
      ownerReferences: [{ apiVersion: 'karpenter.sh/v1', kind: 'NodePool', name: pool, uid: uid(`pool ${pool}`) }],
    },
    spec: {
      ...(template?.nodeClassRef ? { nodeClassRef: template.nodeClassRef } : {}),
      ...(template?.requirements ? { requirements: template.requirements } : {}),
      ...(template?.taints ? { taints: template.taints } : {}),
      ...(template?.expireAfter ? { expireAfter: template.expireAfter } : {}),
    },
    status: {
      providerID,
      ...(spec.joining === true ? {} : { nodeName }),
      capacity: spec.type.capacity,
      allocatable: spec.type.allocatable,
      conditions: steps.map(step => condition(step, 'True', step, '', spec.created)),
    },
  }
}

/** A virtual node of EKS Fargate: it holds the one pod it was made for. */
export function fargateNode(index: number, created: string): Node {
  const name = `fargate-${address(index)}.${REGION}.compute.internal`
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: uid(`node ${name}`),
      creationTimestamp: created,
      labels: {
        'eks.amazonaws.com/compute-type': 'fargate',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/region': REGION,
        'topology.kubernetes.io/zone': zoneOf(index),
      },
    },
    spec: { taints: [{ key: 'eks.amazonaws.com/compute-type', value: 'fargate', effect: 'NoSchedule' }] },
    status: {
      capacity: { cpu: '2', memory: '4Gi', pods: '1' },
      allocatable: { cpu: '2', memory: '3900Mi', pods: '1' },
      conditions: nodeConditions(true, created),
      nodeInfo: nodeInfo(),
    },
  }
}
